package io.perennial.churn;

import io.perennial.churn.BoundedMaximizer.Range;
import io.perennial.churn.GammaGammaStatistics.Group;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.exception.MathIllegalStateException;

/** Fits {@link GammaGamma} by maximum likelihood, over the logarithms of its parameters. */
final class GammaGammaFit {

  /** Of p, q, gamma; gamma in mean order values, so that the currency does not matter. */
  private static final List<Range> RANGES =
      List.of(new Range(1e-3, 1e4), new Range(1e-2, 1e4), new Range(1e-6, 1e7));

  private static final List<double[]> STARTS =
      List.of(new double[] {2, 3, 1}, new double[] {6, 4, 0.5});

  private GammaGammaFit() {}

  /**
   * Empty where the data determine no model, order values differ so much that they have no mean, or
   * the search does not converge.
   *
   * @param minorDigits decimal places of the currency; gamma is in its major unit
   */
  static Optional<GammaGamma> fit(GammaGammaStatistics statistics, int minorDigits) {
    List<Group> groups = statistics.groups();
    long customers = statistics.customers();
    if (customers < 2 || isConstant(groups)) {
      return Optional.empty();
    }
    double scale = meanOfMeans(groups, customers);
    GammaGammaLikelihood likelihood = new GammaGammaLikelihood(groups, scale);
    try {
      double[] best =
          BoundedMaximizer.ofPositive(
              p -> likelihood.at(p[0], p[1], p[2]) / customers, RANGES, STARTS);
      double unit = Math.pow(10, -minorDigits);
      return best[1] <= 1
          ? Optional.empty()
          : Optional.of(new GammaGamma(best[0], best[1], best[2] * scale * unit));
    } catch (MathIllegalStateException e) {
      return Optional.empty();
    }
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
