package io.perennial.spark;

import java.net.URI;
import org.apache.hadoop.fs.LocalFileSystem;

/** Checksummed local files that fail as {@link Faults} says. */
public final class FaultyFileSystem extends LocalFileSystem {

  public FaultyFileSystem() {
    super(new FaultyRawFileSystem());
  }

  @Override
  public String getScheme() {
    return Faults.SCHEME;
  }

  @Override
  public URI getUri() {
    return FaultyRawFileSystem.ROOT;
  }
}
