package io.perennial.churn;

import io.perennial.churn.BgNbdStatistics.Group;
import io.perennial.churn.BoundedMaximizer.Range;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.exception.MathIllegalStateException;

/** Fits {@link BgNbd} by maximum likelihood, over the logarithms of its parameters. */
final class BgNbdFit {

  /** Of r, alpha, a, b: so wide that the edges are as good as infinity. */
  private static final List<Range> RANGES =
      List.of(
          new Range(1e-5, 1e4), new Range(1e-4, 1e7), new Range(1e-5, 1e5), new Range(1e-5, 1e5));

  private static final List<double[]> STARTS =
      List.of(new double[] {0.5, 5, 0.5, 2.5}, new double[] {2, 20, 0.05, 5});

  private static final double SAME = 1e3;
  private static final double NEVER = 1e-4;

  private BgNbdFit() {}

  static FitResult<BgNbd> fit(BgNbdStatistics statistics) {
    long customers = statistics.customers();
    String degenerate = degenerate(statistics);
    if (!degenerate.isEmpty()) {
      return FitResult.none("Cannot fit BG/NBD: " + degenerate, customers);
    }
    BgNbdLikelihood likelihood = new BgNbdLikelihood(statistics);
    try {
      BoundedMaximizer maximum =
          BoundedMaximizer.ofPositive(
              p -> likelihood.at(p[0], p[1], p[2], p[3]) / customers, RANGES, STARTS);
      double[] p = maximum.point();
      BgNbd model = new BgNbd(p[0], p[1], p[2], p[3]);
      return FitResult.of(model, maximum.value() * customers, customers, notes(model));
    } catch (MathIllegalStateException e) {
      return FitResult.none(
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

  private static List<String> notes(BgNbd model) {
    List<String> notes = new ArrayList<>();
    if (model.r() > SAME) {
      notes.add("all customers order at the same rate");
    }
    if (model.a() / (model.a() + model.b()) < NEVER) {
      notes.add("nobody leaves for good");
    } else if (model.a() + model.b() > SAME) {
      notes.add("all customers leave with the same probability");
    }
    return notes;
  }
}
