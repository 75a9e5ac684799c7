package io.perennial.lake;

/** The lake, or a file of it, cannot be used. The message says which, why and what to do. */
public final class LakeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String file;

  LakeException(String file, String message, Throwable cause) {
    super(message, cause);
    this.file = file;
  }

  static LakeException missing(String path) {
    return new LakeException(
        path,
        "Cannot find the lake: nothing is at '"
            + path
            + "'. Set lake.path to a file, a directory"
            + " or a glob.",
        null);
  }

  static LakeException noPath(String path, IllegalArgumentException cause) {
    return new LakeException(
        path,
        "Cannot find the lake: '"
            + path
            + "' is not a path ("
            + cause.getMessage()
            + "). Set lake.path to a file, a directory or a glob.",
        cause);
  }

  static LakeException empty(String path) {
    return new LakeException(
        path,
        "Cannot read the lake: '"
            + path
            + "' holds no files with records. Files whose names begin with"
            + " _ or . do not count. Check lake.path.",
        null);
  }

  public static LakeException noRecords(String path) {
    return empty(path);
  }

  static LakeException unreadable(String file, String reason, Throwable cause) {
    return new LakeException(
        file,
        "Cannot read file '"
            + file
            + "' of the lake: "
            + reason
            + ". Repair or remove the file, or set lake.on-unreadable-file = skip.",
        cause);
  }

  static LakeException unmapped(String file, String reason) {
    return new LakeException(
        file,
        "Cannot read file '"
            + file
            + "' of the lake: "
            + reason
            + ". Correct the mapping, repair or remove the file, or set"
            + " lake.on-unreadable-file = skip.",
        null);
  }

  /** The file that is to blame, relative to the lake's root. */
  public String file() {
    return file;
  }
}
