package io.perennial.spark;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.FsConstants;

/**
 * The value of {@code fs.AbstractFileSystem.file.impl}: the same files by Hadoop's other interface,
 * through which Delta writes its log.
 */
public final class InProcessFs extends ChecksumFs {

  /** The constructor that Hadoop looks for. */
  public InProcessFs(URI uri, Configuration conf) throws IOException, URISyntaxException {
    super(new RawLocalFs(FsConstants.LOCAL_FS_URI, new InProcessRawFileSystem(), conf));
  }
}
