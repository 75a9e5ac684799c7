package io.perennial.lake;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** The lake or one of its files cannot be used. The message names it, the reason and the remedy. */
public final class LakeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String file;
  private final String problem;
  private final List<LakeException> others;

  private LakeException(String file, String problem, String whatToDo, Throwable cause) {
    this(file, problem, problem + ". " + whatToDo, cause, List.of());
  }

  private LakeException(
      String file, String problem, String message, Throwable cause, List<LakeException> others) {
    super(message, cause);
    this.file = file;
    this.problem = problem;
    this.others = others;
  }

  /** Combines the failures of several files; the message is that of the first. */
  static LakeException first(List<LakeException> several) {
    LakeException first = several.get(0);
    return new LakeException(
        first.file(),
        first.problem,
        first.getMessage(),
        first.getCause(),
        List.copyOf(several.subList(1, several.size())));
  }

  static LakeException missing(String path) {
    return new LakeException(
        path,
        "Cannot find the lake: nothing is at '" + path + "'",
        "Set lake.path to a file, a directory or a glob.",
        null);
  }

  static LakeException noPath(String path, IllegalArgumentException cause) {
    return new LakeException(
        path,
        "Cannot find the lake: '" + path + "' is not a path (" + cause.getMessage() + ")",
        "Set lake.path to a file, a directory or a glob.",
        cause);
  }

  static LakeException notListed(String path, IOException cause) {
    return new LakeException(
        path,
        "Cannot list the lake at '"
            + path
            + "': "
            + cause.getClass().getSimpleName()
            + ": "
            + String.valueOf(cause.getMessage()).split("\\R", 2)[0],
        "Check lake.path, and that its filesystem's library and credentials are there.",
        cause);
  }

  public static LakeException noRecords(String path) {
    return new LakeException(
        path,
        "Cannot read the lake: '" + path + "' holds no files with records",
        "Files whose names begin with _ or . do not count. Check lake.path.",
        null);
  }

  static LakeException unreadable(String file, String reason, Throwable cause) {
    return new LakeException(
        file,
        ofFile(file, reason),
        "Repair or remove the file, or set lake.on-unreadable-file = skip.",
        cause);
  }

  static LakeException unmapped(String file, String reason) {
    return new LakeException(
        file,
        ofFile(file, reason),
        "Correct the mapping, repair or remove the file, or set lake.on-unreadable-file = skip.",
        null);
  }

  /** Class and first message line of the innermost cause. */
  static String innermost(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = String.valueOf(innermost.getMessage()).split("\\R", 2)[0];
    return innermost.getClass().getSimpleName() + ": " + message;
  }

  private static String ofFile(String file, String reason) {
    return "Cannot read file '" + file + "' of the lake: " + reason;
  }

  /** The same failure, of a file that was read before and whose records are needed again. */
  public LakeException ofFileNeededAgain() {
    return new LakeException(
        file,
        problem,
        "It cannot be skipped: it was read before, and its records are needed again, as where a file"
            + " that shares orders with it changed or a customer in it is erased. Repair or remove"
            + " the file.",
        getCause());
  }

  /** This failure and those of other files found at the same time. */
  public List<LakeException> all() {
    return Stream.concat(Stream.of(this), others.stream()).toList();
  }

  /** The file that cannot be used, relative to the lake's root. */
  public String file() {
    return file;
  }
}
