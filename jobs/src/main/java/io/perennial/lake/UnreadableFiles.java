package io.perennial.lake;

import java.util.Collection;
import org.apache.hadoop.fs.Path;

/** Finds the file of the lake that a failed Spark job could not read. */
public final class UnreadableFiles {

  private UnreadableFiles() {}

  /**
   * @return the failure as a {@link LakeException} that names the file, or null if the failure has
   *     another cause
   */
  public static LakeException blame(Throwable failure, Collection<LakeFile> files) {
    LakeFile blamed = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LakeException lake) {
        return lake;
      }
      String message = String.valueOf(cause.getMessage());
      for (LakeFile file : files) {
        if (blamed == null && names(message, file)) {
          blamed = file;
        }
      }
    }
    return blamed == null
        ? null
        : LakeException.unreadable(blamed.path(), LakeException.innermost(failure), failure);
  }

  private static boolean names(String message, LakeFile file) {
    boolean isReadFailure =
        message.contains("FAILED_READ_FILE")
            || message.contains("CANNOT_READ_FILE_FOOTER")
            || message.contains("is not a Parquet file")
            || message.contains("Could not read footer")
            || message.contains("Malformed ORC file");
    return isReadFailure
        && (message.contains(file.uri())
            || message.contains(file.location())
            || message.contains(new Path(file.location()).toUri().getPath()));
  }
}
