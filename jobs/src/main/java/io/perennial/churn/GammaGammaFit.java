package io.perennial.churn;

import io.perennial.churn.BoundedMaximizer.Range;
import io.perennial.churn.GammaGammaStatistics.Group;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.exception.MathIllegalStateException;

/** Fits {@link GammaGamma} by maximum likelihood, over the logarithms of its parameters. */
final class GammaGammaFit {

  private static final String CANNOT = "Cannot fit Gamma-Gamma: ";

  /** Of p, q, gamma, the last in average order values so that the currency does not matter. */
  private static final List<Range> RANGES =
      List.of(new Range(1e-3, 1e4), new Range(1e-2, 1e4), new Range(1e-6, 1e7));

  private static final List<double[]> STARTS =
      List.of(new double[] {2, 3, 1}, new double[] {6, 4, 0.5});

  private static final double SAME = 1e3;

  private GammaGammaFit() {}

  /**
   * @param minorDigits decimal places of the currency: gamma is in its major unit
   */
  static FitResult<GammaGamma> fit(GammaGammaStatistics statistics, int minorDigits) {
    List<Group> groups = statistics.groups();
    long customers = statistics.customers();
    if (customers < 2) {
      return FitResult.none(
          CANNOT + "it takes two customers with an order of positive value, there are " + customers,
          customers);
    }
    if (isConstant(groups)) {
      return FitResult.none(
          CANNOT + "the average order value of all " + customers + " customers is the same",
          customers);
    }
    double scale = meanOfMeans(groups, customers);
    GammaGammaLikelihood likelihood = new GammaGammaLikelihood(groups, scale);
    try {
      BoundedMaximizer maximum =
          BoundedMaximizer.ofPositive(
              p -> likelihood.at(p[0], p[1], p[2]) / customers, RANGES, STARTS);
      double[] p = maximum.point();
      if (p[1] <= 1) {
        return FitResult.none(
            CANNOT
                + "order values differ so much between customers that they have no mean (q %.3f)"
                    .formatted(p[1]),
            customers);
      }
      double unit = Math.pow(10, -minorDigits);
      // The density of a value in major units is that in units of the scale, divided by its size.
      double logLikelihood = (maximum.value() - Math.log(scale * unit)) * customers;
      return FitResult.of(
          new GammaGamma(p[0], p[1], p[2] * scale * unit), logLikelihood, customers, notes(p));
    } catch (MathIllegalStateException e) {
      return FitResult.none(
          CANNOT + "the search for the maximum did not end: " + e.getMessage(), customers);
    }
  }

  private static List<String> notes(double[] p) {
    List<String> notes = new ArrayList<>();
    if (p[0] > SAME) {
      notes.add("a customer's orders all have the same value");
    }
    if (p[1] > SAME) {
      notes.add("customers do not differ in what their orders are worth");
    }
    return notes;
  }

  private static boolean isConstant(List<Group> groups) {
    return groups.stream().mapToDouble(GammaGammaFit::mean).distinct().count() == 1;
  }

  private static double meanOfMeans(List<Group> groups, long customers) {
    return groups.stream().mapToDouble(group -> mean(group) * group.customers()).sum() / customers;
  }

  private static double mean(Group group) {
    return (double) group.totalMinor() / group.x();
  }
}
