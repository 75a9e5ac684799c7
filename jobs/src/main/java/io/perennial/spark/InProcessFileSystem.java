package io.perennial.spark;

import org.apache.hadoop.fs.LocalFileSystem;

/** What {@code fs.file.impl} is set to: checksummed local files, without child processes. */
public final class InProcessFileSystem extends LocalFileSystem {

  public InProcessFileSystem() {
    super(new InProcessRawFileSystem());
  }
}
