package io.perennial.churn;

import io.perennial.churn.BgNbdStatistics.Group;
import io.perennial.churn.BoundedMaximizer.Range;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.exception.MathIllegalStateException;

/** Fits {@link BgNbd} by maximum likelihood, over the logarithms of its parameters. */
final class BgNbdFit {

  /** Of r, alpha, a, b: wide enough for the edges to stand for zero and infinity. */
  private static final List<Range> RANGES =
      List.of(
          new Range(1e-5, 1e4), new Range(1e-4, 1e7), new Range(1e-5, 1e5), new Range(1e-5, 1e5));

  private static final List<double[]> STARTS =
      List.of(new double[] {0.5, 5, 0.5, 2.5}, new double[] {2, 20, 0.05, 5});

  private BgNbdFit() {}

  /** Empty where the data determine no model, or the search for it does not converge. */
  static Optional<BgNbd> fit(BgNbdStatistics statistics) {
    long customers = statistics.customers();
    if (isDegenerate(statistics.groups(), customers)) {
      return Optional.empty();
    }
    BgNbdLikelihood likelihood = new BgNbdLikelihood(statistics);
    try {
      double[] best =
          BoundedMaximizer.ofPositive(
              p -> likelihood.at(p[0], p[1], p[2], p[3]) / customers, RANGES, STARTS);
      return Optional.of(new BgNbd(best[0], best[1], best[2], best[3]));
    } catch (MathIllegalStateException e) {
      return Optional.empty();
    }
  }

  /** Fewer than two customers, no time to order again, no repeat order, or equal histories. */
  private static boolean isDegenerate(List<Group> groups, long customers) {
    return customers < 2
        || groups.stream().allMatch(group -> group.ageDays() == 0)
        || groups.stream().allMatch(group -> group.x() == 0)
        || groups.size() == 1;
  }
}
