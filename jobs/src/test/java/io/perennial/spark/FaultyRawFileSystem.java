package io.perennial.spark;

import io.perennial.spark.Faults.Kind;
import io.perennial.spark.Faults.When;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/** Local files that ask {@link Faults} before and after each change. */
final class FaultyRawFileSystem extends InProcessRawFileSystem {

  static final URI ROOT = URI.create(Faults.SCHEME + ":///");

  @Override
  public String getScheme() {
    return Faults.SCHEME;
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  protected OutputStream createOutputStreamWithMode(
      Path file, boolean append, FsPermission permission) throws IOException {
    Faults.meet(When.BEFORE, Kind.CREATE, file);
    OutputStream out = super.createOutputStreamWithMode(file, append, permission);
    try {
      Faults.meet(When.AFTER, Kind.CREATE, file);
    } catch (IOException e) {
      out.close();
      throw e;
    }
    return new Watched(out, file);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return met(Kind.RENAME, to, () -> super.rename(from, to));
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return met(Kind.DELETE, path, () -> super.delete(path, recursive));
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    return met(Kind.MKDIRS, path, () -> super.mkdirs(path));
  }

  /** A change that faults may strike before and after. */
  private interface Change {
    boolean make() throws IOException;
  }

  private static boolean met(Kind kind, Path path, Change change) throws IOException {
    Faults.meet(When.BEFORE, kind, path);
    boolean isDone = change.make();
    Faults.meet(When.AFTER, kind, path);
    return isDone;
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    Faults.meet(When.BEFORE, Kind.OPEN, file);
    return super.open(file, bufferSize);
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    Faults.meet(When.BEFORE, Kind.LOOK, path);
    return super.listStatus(path);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    Faults.meet(When.BEFORE, Kind.LOOK, path);
    return super.getFileStatus(path);
  }

  private static final class Watched extends FilterOutputStream {

    private final Path file;
    private boolean isClosed;

    Watched(OutputStream out, Path file) {
      super(out);
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      Faults.meet(When.BEFORE, Kind.WRITE, file);
      out.write(bytes, from, length);
    }

    @Override
    public void write(int one) throws IOException {
      Faults.meet(When.BEFORE, Kind.WRITE, file);
      out.write(one);
    }

    @Override
    public void close() throws IOException {
      if (isClosed) {
        return;
      }
      isClosed = true;
      try {
        Faults.meet(When.BEFORE, Kind.CLOSE, file);
      } finally {
        out.close();
      }
      Faults.meet(When.AFTER, Kind.CLOSE, file);
    }
  }
}
