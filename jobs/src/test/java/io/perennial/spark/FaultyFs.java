package io.perennial.spark;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;

/** The same files by Hadoop's other interface, which Delta writes its log through. */
public final class FaultyFs extends ChecksumFs {

  /** The constructor that Hadoop looks for. */
  public FaultyFs(URI uri, Configuration conf) throws IOException, URISyntaxException {
    super(new InProcessFs.RawLocalFs(FaultyRawFileSystem.ROOT, new FaultyRawFileSystem(), conf));
  }
}
