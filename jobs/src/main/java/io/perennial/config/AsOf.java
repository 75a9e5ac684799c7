package io.perennial.config;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The day at whose local midnight knowledge ends: what happened before it is known, nothing else.
 * It is never taken from the wall clock.
 */
public final class AsOf {

  private AsOf() {}

  /**
   * The as_of of a run that was not given one: the day after the newest valid order, never before
   * the current run's.
   *
   * @param newestOrder local day of the newest valid order
   * @param current the current run's as_of, if there is one
   * @param maxGapDays how far a run may move as_of without being told to, in days
   * @throws IllegalStateException if it would move further: one order with a wrong date would
   *     otherwise age every customer at once
   */
  public static LocalDate next(LocalDate newestOrder, Optional<LocalDate> current, int maxGapDays) {
    LocalDate next = newestOrder.plusDays(1);
    if (current.isEmpty()) {
      return next;
    }
    long gap = ChronoUnit.DAYS.between(current.get(), next);
    if (gap > maxGapDays) {
      throw new IllegalStateException(
          "Cannot choose as_of: the newest order is of "
              + newestOrder
              + ", "
              + gap
              + " days after the current as_of "
              + current.get()
              + " (lake.max-gap-days = "
              + maxGapDays
              + "). If the date is right, say --as-of "
              + next
              + ".");
    }
    return next.isBefore(current.get()) ? current.get() : next;
  }
}
