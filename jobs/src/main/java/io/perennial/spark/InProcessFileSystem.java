package io.perennial.spark;

import org.apache.hadoop.fs.LocalFileSystem;

/** The value of {@code fs.file.impl}: checksummed local files, without child processes. */
public final class InProcessFileSystem extends LocalFileSystem {

  public InProcessFileSystem() {
    super(new InProcessRawFileSystem());
  }
}
