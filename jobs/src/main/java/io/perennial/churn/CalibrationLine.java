package io.perennial.churn;

import io.perennial.churn.BoundedMaximizer.Range;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.exception.MathIllegalStateException;

/**
 * The logistic regression of an outcome on one number, without regularisation: log-odds of outcome
 * 1 = intercept + slope x number.
 *
 * @param intercept log-odds at zero
 * @param slope what one more of the number adds to the log-odds
 */
record CalibrationLine(double intercept, double slope) {

  /** A slope by standard deviation that as good as separates the outcomes. */
  private static final double STEEPEST = 49;

  /** Log-odds at the mean of the number, and slope by its standard deviation. */
  private static final List<Range> RANGES = List.of(new Range(-50, 50), new Range(-50, 50));

  /**
   * Customers who share the number, or nearly so.
   *
   * @param number their mean of it
   * @param customers how many they are, positive
   * @param positives how many of them have outcome 1
   */
  record Group(double number, long customers, long positives) {}

  /**
   * The line of greatest likelihood; empty where the number or the outcome is constant, or the
   * number separates the outcomes.
   *
   * @param groups in a fixed order, so that sums over them are reproducible
   */
  static Optional<CalibrationLine> fit(List<Group> groups) {
    double customers = groups.stream().mapToLong(Group::customers).sum();
    double positives = groups.stream().mapToLong(Group::positives).sum();
    if (isSeparated(groups)) {
      return Optional.empty();
    }
    double mean = groups.stream().mapToDouble(g -> g.number() * (g.customers() / customers)).sum();
    double variance =
        groups.stream()
            .mapToDouble(
                g -> (g.number() - mean) * (g.number() - mean) * (g.customers() / customers))
            .sum();
    double spread = Math.sqrt(variance);
    double[] number = groups.stream().mapToDouble(g -> (g.number() - mean) / spread).toArray();
    double[] share = groups.stream().mapToDouble(g -> g.customers() / customers).toArray();
    double[] positive = groups.stream().mapToDouble(g -> g.positives() / customers).toArray();
    double middle = Math.log(positives / (customers - positives));
    try {
      BoundedMaximizer maximum =
          BoundedMaximizer.of(
              p -> logLikelihood(p[0], p[1], number, share, positive),
              RANGES,
              List.of(new double[] {middle, 0}));
      if (Math.abs(maximum.point()[1]) > STEEPEST) {
        return Optional.empty();
      }
      double slope = maximum.point()[1] / spread;
      return Optional.of(new CalibrationLine(maximum.point()[0] - slope * mean, slope));
    } catch (MathIllegalStateException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether some number has all positives on one side of it and all negatives on the other, or
   * there are none of the ones or the others: then no line is the best one.
   */
  private static boolean isSeparated(List<Group> groups) {
    DoubleSummaryStatistics positive =
        groups.stream()
            .filter(group -> group.positives() > 0)
            .mapToDouble(Group::number)
            .summaryStatistics();
    DoubleSummaryStatistics negative =
        groups.stream()
            .filter(group -> group.positives() < group.customers())
            .mapToDouble(Group::number)
            .summaryStatistics();
    return positive.getMax() <= negative.getMin() || negative.getMax() <= positive.getMin();
  }

  /** What the log-odds of a group lack, taking its number for log-odds; null for one outcome. */
  static Double offset(Group group) {
    long negatives = group.customers() - group.positives();
    return group.positives() == 0 || negatives == 0
        ? null
        : Math.log((double) group.positives() / negatives) - group.number();
  }

  private static double logLikelihood(
      double middle, double slope, double[] number, double[] share, double[] positive) {
    double sum = 0;
    for (int i = 0; i < number.length; i++) {
      double logOdds = middle + slope * number[i];
      double logOnePlusExp = Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds)));
      sum += positive[i] * logOdds - share[i] * logOnePlusExp;
    }
    return sum;
  }
}
