package io.perennial.churn;

import io.perennial.churn.GammaGammaStatistics.Group;
import io.perennial.churn.Maximum.Range;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.special.Beta;

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
  static Fit<GammaGamma> fit(GammaGammaStatistics statistics, int minorDigits) {
    List<Group> groups = statistics.groups();
    long customers = statistics.customers();
    if (customers < 2) {
      return Fit.none(
          CANNOT + "it takes two customers with an order of positive value, there are " + customers,
          customers);
    }
    if (isConstant(groups)) {
      return Fit.none(
          CANNOT + "the average order value of all " + customers + " customers is the same",
          customers);
    }
    double scale = meanOfMeans(groups, customers);
    try {
      Maximum maximum =
          Maximum.ofPositive(
              p -> logLikelihood(groups, scale, p[0], p[1], p[2]) / customers, RANGES, STARTS);
      double[] p = maximum.point();
      if (p[1] <= 1) {
        return Fit.none(
            CANNOT
                + "order values differ so much between customers that they have no mean (q %.3f)"
                    .formatted(p[1]),
            customers);
      }
      double unit = Math.pow(10, -minorDigits);
      // The density of a value in major units is that in units of the scale, divided by its size.
      double logLikelihood = (maximum.value() - Math.log(scale * unit)) * customers;
      return Fit.of(
          new GammaGamma(p[0], p[1], p[2] * scale * unit), logLikelihood, customers, notes(p));
    } catch (MathIllegalStateException e) {
      return Fit.none(
          CANNOT + "the search for the maximum did not end: " + e.getMessage(), customers);
    }
  }

  /**
   * Sum of {@code lnG(px+q) - lnG(px) - lnG(q) + q ln(g) + (px-1) ln(m) + px ln(x) - (px+q) ln(g +
   * x m)}, written so that large parameters lose no digits.
   *
   * @param scale minor units that are taken as one
   */
  static double logLikelihood(List<Group> groups, double scale, double p, double q, double gamma) {
    double sum = 0;
    int x = 0;
    double logBeta = 0;
    for (Group group : groups) {
      if (group.x() != x) {
        x = group.x();
        logBeta = Beta.logBeta(p * x, q);
      }
      double total = group.totalMinor() / scale;
      sum +=
          group.customers()
              * (-logBeta
                  - p * x * Math.log1p(gamma / total)
                  - q * Math.log1p(total / gamma)
                  - Math.log(total / x));
    }
    return sum;
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
    Group first = groups.get(0);
    return groups.stream()
        .allMatch(
            group ->
                Math.multiplyExact(group.totalMinor(), (long) first.x())
                    == Math.multiplyExact(first.totalMinor(), (long) group.x()));
  }

  private static double meanOfMeans(List<Group> groups, long customers) {
    return groups.stream()
            .mapToDouble(group -> (double) group.totalMinor() / group.x() * group.customers())
            .sum()
        / customers;
  }
}
