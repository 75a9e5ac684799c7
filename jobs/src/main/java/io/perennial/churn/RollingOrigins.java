package io.perennial.churn;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * The days that churn is looked at from: as_of, at which customers are scored, and those one
 * horizon apart before it. The outcome window of an origin ends where that of the next one begins,
 * so that a purchase day is in one window only.
 *
 * @param asOf origin number 0, whose outcome nobody knows yet
 * @param horizonDays H: days of an outcome window
 */
record RollingOrigins(LocalDate asOf, int horizonDays) {

  /** The origin so many horizons before as_of. */
  LocalDate number(int k) {
    return asOf.minusDays((long) k * horizonDays);
  }

  /** The first day after the outcome window of an origin. */
  LocalDate endOfWindow(LocalDate origin) {
    return origin.plusDays(horizonDays);
  }

  /** Whether the outcome of an origin is known. */
  boolean isOver(LocalDate origin) {
    return !endOfWindow(origin).isAfter(asOf);
  }

  /** Origins from number {@code from} to number {@code to}, newest first. */
  List<LocalDate> between(int from, int to) {
    List<LocalDate> origins = new ArrayList<>();
    for (int k = from; k <= to; k++) {
      origins.add(number(k));
    }
    return origins;
  }

  /**
   * @throws IllegalArgumentException if the outcome window of a training origin reaches into what a
   *     model is tested on, or is not over by as_of
   */
  void requireTrainable(LocalDate trainingOrigin, LocalDate testOrigin) {
    requireOver(trainingOrigin);
    if (endOfWindow(trainingOrigin).isAfter(testOrigin)) {
      throw new IllegalArgumentException(
          "Cannot train on origin %s for origin %s: its outcome window of %d days ends on %s, after it"
              .formatted(trainingOrigin, testOrigin, horizonDays, endOfWindow(trainingOrigin)));
    }
  }

  /**
   * @throws IllegalArgumentException if the outcome of the origin is not known at as_of
   */
  void requireOver(LocalDate origin) {
    if (!isOver(origin)) {
      throw new IllegalArgumentException(
          "Cannot label origin %s: its outcome window of %d days ends on %s, after as_of %s"
              .formatted(origin, horizonDays, endOfWindow(origin), asOf));
    }
  }
}
