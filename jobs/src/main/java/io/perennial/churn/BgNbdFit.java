package io.perennial.churn;

import io.perennial.churn.BgNbdStatistics.Group;
import io.perennial.churn.Maximum.Parameter;
import java.util.List;
import org.apache.commons.math3.exception.MathIllegalStateException;

/** Fits {@link BgNbd} by maximum likelihood, over the logarithms of its parameters. */
final class BgNbdFit {

  /** Ranges whose edges stand for no dropout, no difference between customers, and the like. */
  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("r", 1e-5, 1e4),
          new Parameter("alpha", 1e-4, 1e7),
          new Parameter("a", 1e-5, 1e5),
          new Parameter("b", 1e-5, 1e5));

  private static final List<double[]> STARTS =
      List.of(new double[] {0.5, 5, 0.5, 2.5}, new double[] {2, 20, 0.05, 5});

  private BgNbdFit() {}

  static Fit<BgNbd> fit(BgNbdStatistics statistics) {
    long customers = statistics.customers();
    String degenerate = degenerate(statistics);
    if (!degenerate.isEmpty()) {
      return Fit.none("Cannot fit BG/NBD: " + degenerate, customers);
    }
    BgNbdLikelihood likelihood = new BgNbdLikelihood(statistics);
    try {
      Maximum maximum =
          Maximum.ofPositive(
              p -> likelihood.at(p[0], p[1], p[2], p[3]) / customers, PARAMETERS, STARTS);
      double[] p = maximum.point();
      return Fit.of(
          new BgNbd(p[0], p[1], p[2], p[3]),
          maximum.value() * customers,
          customers,
          maximum.limits());
    } catch (MathIllegalStateException e) {
      return Fit.none(
          "Cannot fit BG/NBD: the search for the maximum did not end: " + e.getMessage(),
          customers);
    }
  }

  private static String degenerate(BgNbdStatistics statistics) {
    List<Group> groups = statistics.groups();
    if (statistics.customers() < 2) {
      return "it takes two customers, there are " + statistics.customers();
    }
    if (groups.stream().allMatch(group -> group.ageDays() == 0)) {
      return "all customers first ordered on the last observed day";
    }
    if (groups.stream().allMatch(group -> group.x() == 0)) {
      return "none of " + statistics.customers() + " customers ordered on a second day";
    }
    if (groups.size() == 1) {
      return "all " + statistics.customers() + " customers have the same history";
    }
    return "";
  }
}
