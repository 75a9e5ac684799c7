package io.perennial.config;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * The as_of of a run: the day at whose local midnight knowledge ends. Only what happened before it
 * is known. It never comes from the wall clock.
 */
public final class AsOf {

  private AsOf() {}

  /**
   * The as_of of a first run that was not given one: the day after the newest valid order.
   *
   * @param newestOrder local day of the newest valid order
   */
  public static LocalDate next(LocalDate newestOrder) {
    return newestOrder.plusDays(1);
  }

  /**
   * As {@link #next(LocalDate)}, after another run; never before its as_of.
   *
   * @param current as_of of the current run
   * @param maxGapDays how far as_of may move without {@code --as-of}, in days
   * @throws IllegalStateException if as_of would move further: one order with a wrong date would
   *     otherwise age every customer at once
   */
  public static LocalDate next(LocalDate newestOrder, LocalDate current, int maxGapDays) {
    LocalDate next = next(newestOrder);
    long gap = ChronoUnit.DAYS.between(current, next);
    if (gap > maxGapDays) {
      throw new IllegalStateException(
          "Cannot choose as_of: the newest order is of "
              + newestOrder
              + ", "
              + gap
              + " days after the current as_of "
              + current
              + " ("
              + LakeKeys.MAX_GAP_DAYS.path()
              + " = "
              + maxGapDays
              + "). If the date is right, say --as-of "
              + next
              + ".");
    }
    return next.isBefore(current) ? current : next;
  }
}
