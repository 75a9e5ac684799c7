package io.perennial.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/** Hadoop's raw local filesystem, with permissions and links looked up in the JVM. */
class InProcessRawFileSystem extends RawLocalFileSystem {

  private static final boolean IS_POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /** The order of the nine bits of a mode, from the owner's read on. */
  private static final PosixFilePermission[] BITS = PosixFilePermission.values();

  /** The bits beyond the nine that the JVM can set. */
  private static final int SPECIAL_BITS = ~0777;

  @Override
  @SuppressWarnings("deprecation") // The short form alone carries the bits beyond the nine.
  public void setPermission(Path path, FsPermission permission) throws IOException {
    if (!IS_POSIX || (permission.toExtendedShort() & SPECIAL_BITS) != 0) {
      super.setPermission(path, permission);
      return;
    }
    Files.setPosixFilePermissions(
        pathToFile(path).toPath(),
        PosixFilePermissions.fromString(
            FsPermission.createImmutable(permission.toShort()).toString()));
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    FileStatus status = super.getFileStatus(path);
    if (!IS_POSIX) {
      return status;
    }
    PosixFileAttributes attributes = attributes(path);
    return new FileStatus(
        status.getLen(),
        status.isDirectory(),
        status.getReplication(),
        status.getBlockSize(),
        status.getModificationTime(),
        status.getAccessTime(),
        new FsPermission(mode(attributes.permissions())),
        attributes.owner().getName(),
        attributes.group().getName(),
        status.getPath());
  }

  /**
   * @throws FileNotFoundException if the file was deleted since it was listed: Hadoop then omits it
   *     from the listing
   */
  private PosixFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(pathToFile(path).toPath(), PosixFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw (FileNotFoundException)
          new FileNotFoundException("File " + path + " does not exist").initCause(e);
    }
  }

  @Override
  public FileStatus getFileLinkStatus(Path path) throws IOException {
    return Files.isSymbolicLink(pathToFile(path).toPath())
        ? super.getFileLinkStatus(path)
        : getFileStatus(path);
  }

  private static short mode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission bit : BITS) {
      mode = mode << 1 | (permissions.contains(bit) ? 1 : 0);
    }
    return (short) mode;
  }
}
