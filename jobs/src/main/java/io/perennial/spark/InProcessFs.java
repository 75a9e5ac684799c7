package io.perennial.spark;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFs;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.FsServerDefaults;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.local.LocalConfigKeys;

/**
 * The value of {@code fs.AbstractFileSystem.file.impl}: the same files by Hadoop's other interface,
 * through which Delta writes its log.
 */
public final class InProcessFs extends ChecksumFs {

  /** The constructor that Hadoop looks for. */
  public InProcessFs(URI uri, Configuration conf) throws IOException, URISyntaxException {
    super(new RawLocalFs(FsConstants.LOCAL_FS_URI, new InProcessRawFileSystem(), conf));
  }

  /** A raw local filesystem by Hadoop's other interface. */
  static final class RawLocalFs extends DelegateToFileSystem {

    RawLocalFs(URI root, RawLocalFileSystem files, Configuration conf)
        throws IOException, URISyntaxException {
      super(root, files, conf, root.getScheme(), false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }

    @Override
    public FsServerDefaults getServerDefaults(Path path) throws IOException {
      return LocalConfigKeys.getServerDefaults();
    }

    @Override
    @Deprecated
    public FsServerDefaults getServerDefaults() throws IOException {
      return LocalConfigKeys.getServerDefaults();
    }

    @Override
    public boolean isValidName(String name) {
      return true;
    }
  }
}
