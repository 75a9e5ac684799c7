package io.perennial.spark;

import io.perennial.table.TableWriteFailure;
import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkThrowable;

/**
 * Messages for failures of storage: full, read-only, a file missing or damaged, a table of a newer
 * version of Delta. In Spark's and Delta's exceptions they are many causes deep; these messages say
 * what failed, where, why and what to do.
 */
final class StorageErrors {

  /** A file as messages name it: a URI, or a path from the root. */
  private static final Pattern PATH =
      Pattern.compile("(?<![\\w/])(?:[a-z][a-z0-9+.-]*:)?/[^\\s'\"`,;()]+");

  private static final Pattern PROTOCOL =
      Pattern.compile(
          "reader version (\\d+) and writer version (\\d+).*?supports? (.*?)\\. ", Pattern.DOTALL);

  private StorageErrors() {}

  /** Empty where the failure is not one of storage. */
  static Optional<String> message(Throwable failure) {
    List<Throwable> causes = causes(failure);
    for (Throwable cause : causes) {
      Optional<String> known =
          condition(cause).flatMap(condition -> messageOf(condition, cause, causes));
      if (known.isPresent()) {
        return known;
      }
    }
    Throwable innermost = causes.get(causes.size() - 1);
    if (isFull(innermost)) {
      return Optional.of(
          "Cannot write %s: the disk is full (%s). Make room there and run again."
              .formatted(
                  where(
                      causes, "on a disk that Spark uses (a path of the run, or spark.local.dir)"),
                  firstLine(innermost)));
    }
    if (isDenied(innermost)) {
      return Optional.of(
          ("Cannot write or read %s: %s. Let who runs Perennial write there, or choose another"
                  + " warehouse.path, state.path or export.path.")
              .formatted(where(causes, "a path of the run"), firstLine(innermost)));
    }
    return Optional.empty();
  }

  private static Optional<String> messageOf(
      String condition, Throwable cause, List<Throwable> causes) {
    if (condition.startsWith("FAILED_READ_FILE")) {
      return Optional.of(
          ("Cannot read file %s: it is %s (%s). Bring it back from a copy; tables of the warehouse"
                  + " can be made anew from the lake by `run --rebuild`.")
              .formatted(
                  where(List.of(cause), "of a table"),
                  isMissing(condition, causes) ? "gone" : "damaged",
                  firstLine(causes.get(causes.size() - 1))));
    }
    if (condition.startsWith("DELTA_INVALID_PROTOCOL_VERSION")
        || condition.startsWith("DELTA_UNSUPPORTED_FEATURES")) {
      return Optional.of(
          ("Cannot use table %s: a newer version of Delta wrote it (%s). Run a version of Perennial"
                  + " that knows it, or choose another warehouse.path.")
              .formatted(where(List.of(cause), "of the warehouse"), protocol(firstLine(cause))));
    }
    return Optional.empty();
  }

  private static String protocol(String message) {
    Matcher matcher = PROTOCOL.matcher(message + " ");
    return matcher.find()
        ? "it asks for reader version %s and writer version %s; this one knows %s"
            .formatted(matcher.group(1), matcher.group(2), matcher.group(3))
        : message;
  }

  private static boolean isMissing(String condition, List<Throwable> causes) {
    return condition.contains("FILE_NOT_EXIST")
        || causes.stream().anyMatch(FileNotFoundException.class::isInstance);
  }

  private static boolean isFull(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("No space left on device")
        || message.contains("Disk quota exceeded")
        || message.contains("not enough space on the disk")
        || cause.getClass().getSimpleName().contains("QuotaExceeded");
  }

  private static boolean isDenied(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof AccessDeniedException
        || cause instanceof AccessControlException
        || cause instanceof ParentNotDirectoryException
        || message.contains("Permission denied")
        || message.contains("Read-only file system")
        || message.contains("Mkdirs failed")
        || message.contains("Not a directory")
        || message.contains("is not a directory");
  }

  /** The innermost file that a message names. */
  private static String where(List<Throwable> causes, String unknown) {
    for (int i = causes.size() - 1; i >= 0; i--) {
      Optional<String> path = parameter(causes.get(i), "path");
      if (path.isPresent()) {
        return "'" + path.get() + "'";
      }
      Matcher matcher = PATH.matcher(firstLine(causes.get(i)));
      if (matcher.find()) {
        return "'" + matcher.group().replaceAll("[.:]+$", "") + "'";
      }
    }
    return causes.stream()
        .flatMap(cause -> Arrays.stream(cause.getSuppressed()))
        .filter(TableWriteFailure.class::isInstance)
        .map(failed -> "table '" + ((TableWriteFailure) failed).path() + "'")
        .findFirst()
        .orElse(unknown);
  }

  private static Optional<String> condition(Throwable cause) {
    return cause instanceof SparkThrowable known
        ? Optional.ofNullable(known.getCondition())
        : Optional.empty();
  }

  private static Optional<String> parameter(Throwable cause, String name) {
    Map<String, String> parameters =
        cause instanceof SparkThrowable known ? known.getMessageParameters() : null;
    return parameters == null ? Optional.empty() : Optional.ofNullable(parameters.get(name));
  }

  /** The failure and its causes, outermost first. */
  static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure;
        cause != null && !causes.contains(cause);
        cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }

  static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).strip().split("\\R", 2)[0];
  }
}
