package io.perennial.spark;

import io.perennial.config.ConfigurationException;
import io.perennial.lake.LakeException;
import io.perennial.lake.Mapping;
import io.perennial.step.QualityGateException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Turns any failure into one message for the user. */
public final class ErrorMessages {

  private ErrorMessages() {}

  /**
   * What could not be done and why; for failures of Spark the innermost cause that says so. Parsers
   * quote what they choke on: e-mail addresses are masked.
   */
  public static String message(Throwable failure) {
    return Mapping.masked(words(failure));
  }

  /** Where a failure came from, with the same care. */
  public static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return Mapping.masked(text.toString());
  }

  private static String words(Throwable failure) {
    if (failure instanceof ConfigurationException
        || failure instanceof LakeException
        || failure instanceof QualityGateException
        || isOurs(failure)) {
      return String.valueOf(failure.getMessage());
    }
    Optional<String> ofStorage = StorageErrors.message(failure);
    if (ofStorage.isPresent()) {
      return ofStorage.get();
    }
    if (failure instanceof IllegalStateException || failure instanceof IllegalArgumentException) {
      return String.valueOf(failure.getMessage());
    }
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String first = firstLine(failure);
    String last = firstLine(cause);
    return "Cannot finish: " + (first.equals(last) ? first : first + " (" + last + ")");
  }

  /** What Perennial says itself begins so, and tells what to do. */
  private static boolean isOurs(Throwable failure) {
    return (failure instanceof IllegalStateException
            || failure instanceof IllegalArgumentException
            || failure instanceof UncheckedIOException)
        && String.valueOf(failure.getMessage()).startsWith("Cannot ");
  }

  private static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).strip().split("\\R", 2)[0];
    return failure.getClass().getSimpleName() + ": " + message;
  }
}
