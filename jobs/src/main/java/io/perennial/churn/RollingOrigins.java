package io.perennial.churn;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The origins of a rolling-origin evaluation: as_of, at which customers are scored, and the days
 * one horizon apart before it. The outcome window of an origin ends where that of the next one
 * begins, so a purchase day lies in one window only.
 *
 * @param asOf origin number 0, whose outcome is not known yet
 * @param horizonDays H, days of an outcome window
 */
record RollingOrigins(LocalDate asOf, int horizonDays) {

  /** The origin {@code k} horizons before as_of. */
  LocalDate number(int k) {
    return asOf.minusDays((long) k * horizonDays);
  }

  /** The first day after the outcome window of an origin. */
  LocalDate windowEnd(LocalDate origin) {
    return origin.plusDays(horizonDays);
  }

  /** Origins number {@code from} to number {@code to}, newest first. */
  List<LocalDate> between(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(this::number).toList();
  }

  /**
   * @throws IllegalArgumentException if the outcome window of the training origin reaches beyond
   *     the test origin, or is not over by as_of
   */
  void requireTrainable(LocalDate trainingOrigin, LocalDate testOrigin) {
    requireOutcomeKnown(trainingOrigin);
    if (windowEnd(trainingOrigin).isAfter(testOrigin)) {
      throw new IllegalArgumentException(
          "Cannot train on origin %s for origin %s: its outcome window of %d days ends on %s, after it"
              .formatted(trainingOrigin, testOrigin, horizonDays, windowEnd(trainingOrigin)));
    }
  }

  /**
   * @throws IllegalArgumentException if the outcome window of the origin is not over by as_of
   */
  void requireOutcomeKnown(LocalDate origin) {
    if (windowEnd(origin).isAfter(asOf)) {
      throw new IllegalArgumentException(
          "Cannot label origin %s: its outcome window of %d days ends on %s, after as_of %s"
              .formatted(origin, horizonDays, windowEnd(origin), asOf));
    }
  }
}
