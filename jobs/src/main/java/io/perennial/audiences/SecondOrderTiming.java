package io.perennial.audiences;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * When customers place their second order: the days since the first one that a nudge should target.
 *
 * @param fromDay first day of the shortest run of days that holds half of the second orders
 * @param toDay last day of that run
 * @param medianDay day by which half of the second orders were placed
 */
public record SecondOrderTiming(int fromDay, int toDay, int medianDay) {

  /** Stands for a shop in which no customer has ordered again on a later day. */
  public static final SecondOrderTiming UNKNOWN = new SecondOrderTiming(0, 0, 0);

  /** Later second orders are unrelated to the first and are left out. */
  private static final int HORIZON_DAYS = 365;

  /**
   * A point of the Kaplan-Meier curve.
   *
   * @param day whole days since the first order
   * @param probability probability of a second order by the end of this day
   */
  public record CurvePoint(int day, double probability) {}

  /**
   * Finds the shortest run of days with half of the probability reached within a year; of equally
   * short runs the earliest. Second orders on the day of the first do not count.
   *
   * @param curve rows of repurchase_curve for order 2, in any order
   * @return empty where no customer has ordered again on a later day
   */
  public static Optional<SecondOrderTiming> of(List<CurvePoint> curve) {
    List<CurvePoint> days =
        curve.stream()
            .filter(point -> point.day() <= HORIZON_DAYS)
            .sorted(Comparator.comparingInt(CurvePoint::day))
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
    double enough = half * (1 - 1e-12); // Sums that differ by rounding count as equal.
    int median = 1;
    while (by[median] - by[0] < enough) {
      median++;
    }
    int from = 1;
    int to = median;
    for (int start = 2, end = median; start <= HORIZON_DAYS; start++) {
      while (end <= HORIZON_DAYS && by[end] - by[start - 1] < enough) {
        end++;
      }
      if (end <= HORIZON_DAYS && end - start < to - from) {
        from = start;
        to = end;
      }
    }
    return Optional.of(new SecondOrderTiming(from, to, median));
  }
}
