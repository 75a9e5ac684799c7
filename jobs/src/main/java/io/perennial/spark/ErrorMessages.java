package io.perennial.spark;

import io.perennial.config.UserFacingError;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.util.StringUtils;

/** Turns any failure into one message for the user. */
public final class ErrorMessages {

  private ErrorMessages() {}

  /**
   * What could not be done and why; for failures of Spark the innermost cause that says so. E-mail
   * addresses are masked, since parsers quote the text that they fail on.
   */
  public static String message(Throwable failure) {
    return EmailMask.masked(unmasked(failure));
  }

  /** The stack trace of a failure, with e-mail addresses masked. */
  public static String stackTrace(Throwable failure) {
    return EmailMask.masked(StringUtils.stringifyException(failure));
  }

  private static String unmasked(Throwable failure) {
    if (failure instanceof UserFacingError || isOwn(failure)) {
      return String.valueOf(failure.getMessage());
    }
    Optional<String> ofStorage = StorageErrors.message(failure);
    if (ofStorage.isPresent()) {
      return ofStorage.get();
    }
    if (failure instanceof IllegalStateException || failure instanceof IllegalArgumentException) {
      return String.valueOf(failure.getMessage());
    }
    List<Throwable> causes = StorageErrors.causes(failure);
    String first = firstLine(failure);
    String last = firstLine(causes.get(causes.size() - 1));
    return "Cannot finish: " + (first.equals(last) ? first : first + " (" + last + ")");
  }

  /** Messages of Perennial itself begin with this word, and tell what to do. */
  private static boolean isOwn(Throwable failure) {
    return (failure instanceof IllegalStateException
            || failure instanceof IllegalArgumentException
            || failure instanceof UncheckedIOException)
        && String.valueOf(failure.getMessage()).startsWith("Cannot ");
  }

  private static String firstLine(Throwable failure) {
    return failure.getClass().getSimpleName() + ": " + StorageErrors.firstLine(failure);
  }
}
