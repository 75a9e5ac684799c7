package io.perennial.audiences;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * When customers place their second order: the days since the first one that a nudge should aim at.
 *
 * @param fromDay first day of the shortest run of days in which half of the second orders fall
 * @param toDay last day of it
 * @param medianDay day by which half of the second orders have come
 */
public record SecondOrderTiming(int fromDay, int toDay, int medianDay) {

  /** Second orders that come later are of another kind: no nudge waits for them. */
  private static final int HORIZON_DAYS = 365;

  /**
   * A day of the Kaplan-Meier curve.
   *
   * @param day whole days since the first order
   * @param probability probability of a second order by the end of this day
   */
  public record CurveDay(int day, double probability) {}

  /**
   * Looks for the shortest run of days with half of the probability that comes within a year. A
   * second order on the day of the first cannot be nudged for and does not count. At a tie the
   * earliest run.
   *
   * @param curve rows of repurchase_curve for order 2, in any order
   * @return empty where nobody has ordered again on a later day
   */
  public static Optional<SecondOrderTiming> of(List<CurveDay> curve) {
    List<CurveDay> days =
        curve.stream()
            .filter(point -> point.day() <= HORIZON_DAYS)
            .sorted(Comparator.comparingInt(CurveDay::day))
            .toList();
    double[] by = new double[HORIZON_DAYS + 1];
    int next = 0;
    double reached = 0;
    for (int day = 0; day <= HORIZON_DAYS; day++) {
      while (next < days.size() && days.get(next).day() == day) {
        reached = days.get(next++).probability();
      }
      by[day] = reached;
    }
    double half = (by[HORIZON_DAYS] - by[0]) / 2;
    if (!(half > 0)) {
      return Optional.empty();
    }
    double enough = half * (1 - 1e-12); // The same day for sums that differ by rounding only.
    int median = 1;
    while (by[median] - by[0] < enough) {
      median++;
    }
    int from = 1;
    int to = median;
    int end = median;
    for (int start = 2; start <= HORIZON_DAYS; start++) {
      while (end < HORIZON_DAYS && by[end] - by[start - 1] < enough) {
        end++;
      }
      if (by[end] - by[start - 1] < enough) {
        break;
      }
      if (end - start < to - from) {
        from = start;
        to = end;
      }
    }
    return Optional.of(new SecondOrderTiming(from, to, median));
  }
}
