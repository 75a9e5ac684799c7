package io.perennial.churn;

import io.perennial.churn.BoundedMaximizer.Range;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.exception.MathIllegalStateException;

/**
 * Calibration intercept and slope: the unpenalised logistic regression of an outcome on one
 * variable x, {@code logit(P(outcome = 1)) = intercept + slope x}.
 *
 * @param intercept log-odds at x = 0
 * @param slope change of the log-odds per unit of x
 */
record CalibrationLine(double intercept, double slope) {

  /** Slope per standard deviation of x above which the outcomes count as separated. */
  private static final double MAX_SLOPE = 49;

  /** Of the log-odds at the mean of x, and of the slope per standard deviation of x. */
  private static final List<Range> RANGES = List.of(new Range(-50, 50), new Range(-50, 50));

  /**
   * Customers with equal or nearly equal x.
   *
   * @param x their mean x, for calibration the predicted log-odds
   * @param customers number of customers, positive
   * @param positives customers with outcome 1
   */
  record Group(double x, long customers, long positives) {}

  /**
   * The maximum likelihood line; empty where x or the outcome is constant, or x separates the
   * outcomes.
   *
   * @param groups in a fixed order, so that sums over them are reproducible
   */
  static Optional<CalibrationLine> fit(List<Group> groups) {
    double customers = groups.stream().mapToLong(Group::customers).sum();
    double positives = groups.stream().mapToLong(Group::positives).sum();
    if (isSeparated(groups)) {
      return Optional.empty();
    }
    double mean = groups.stream().mapToDouble(g -> g.x() * (g.customers() / customers)).sum();
    double variance =
        groups.stream()
            .mapToDouble(g -> (g.x() - mean) * (g.x() - mean) * (g.customers() / customers))
            .sum();
    double spread = Math.sqrt(variance);
    double[] x = groups.stream().mapToDouble(g -> (g.x() - mean) / spread).toArray();
    double[] share = groups.stream().mapToDouble(g -> g.customers() / customers).toArray();
    double[] positive = groups.stream().mapToDouble(g -> g.positives() / customers).toArray();
    double middle = Math.log(positives / (customers - positives));
    try {
      double[] best =
          BoundedMaximizer.of(
              p -> logLikelihood(p[0], p[1], x, share, positive),
              RANGES,
              List.of(new double[] {middle, 0}));
      double slope = best[1] / spread;
      return Math.abs(best[1]) > MAX_SLOPE
          ? Optional.empty()
          : Optional.of(new CalibrationLine(best[0] - slope * mean, slope));
    } catch (MathIllegalStateException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether a threshold of x separates positives from negatives, or one of them is missing: the
   * likelihood then has no maximum.
   */
  private static boolean isSeparated(List<Group> groups) {
    DoubleSummaryStatistics positive =
        groups.stream()
            .filter(group -> group.positives() > 0)
            .mapToDouble(Group::x)
            .summaryStatistics();
    DoubleSummaryStatistics negative =
        groups.stream()
            .filter(group -> group.positives() < group.customers())
            .mapToDouble(Group::x)
            .summaryStatistics();
    return positive.getMax() <= negative.getMin() || negative.getMax() <= positive.getMin();
  }

  /** The intercept at slope 1 for a single group; null with one outcome only. */
  static Double offset(Group group) {
    long negatives = group.customers() - group.positives();
    return group.positives() == 0 || negatives == 0
        ? null
        : Math.log((double) group.positives() / negatives) - group.x();
  }

  private static double logLikelihood(
      double middle, double slope, double[] x, double[] share, double[] positive) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double logOdds = middle + slope * x[i];
      sum += positive[i] * logOdds - share[i] * LogOdds.logOnePlusExp(logOdds);
    }
    return sum;
  }
}
