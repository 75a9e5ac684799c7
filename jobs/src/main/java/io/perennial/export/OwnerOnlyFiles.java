package io.perennial.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;

/** Files that only their owner may read, on any Hadoop filesystem that has permissions. */
final class OwnerOnlyFiles {

  private static final FsPermission DIRECTORY = new FsPermission("700");
  private static final FsPermission FILE = new FsPermission("600");

  private final FileSystem files;

  private OwnerOnlyFiles(FileSystem files) {
    this.files = files;
  }

  /**
   * The filesystem of a path; a local one without checksum files, which would be uploaded by
   * mistake.
   */
  static OwnerOnlyFiles at(Path path, Configuration configuration) throws IOException {
    FileSystem found = path.getFileSystem(configuration);
    return new OwnerOnlyFiles(
        found instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : found);
  }

  FileSystem files() {
    return files;
  }

  /** Creates a directory with its parents; existing ones keep their permissions. */
  void makeDirectory(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path path = directory; path != null && !files.exists(path); path = path.getParent()) {
      missing.push(path);
    }
    for (Path path : missing) {
      if (!files.mkdirs(path, DIRECTORY)) {
        throw new IOException("directory " + path + " cannot be made");
      }
      files.setPermission(path, DIRECTORY); // The umask may have removed bits.
    }
  }

  /** Creates a file, restricted to its owner before the first byte is written. */
  OutputStream create(Path file) throws IOException {
    OutputStream out = FileSystem.create(files, file, FILE);
    files.setPermission(file, FILE);
    return out;
  }

  /** Restricts an existing file to its owner. */
  void restrict(Path file) throws IOException {
    files.setPermission(file, FILE);
  }

  /** Renames a file, replacing an existing target. */
  void replace(Path from, Path to) throws IOException {
    files.delete(to, true);
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }
}
