package io.perennial.churn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.PointValuePair;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer;

/**
 * The maximum of a smooth function of a few numbers in a box, found by commons-math's BOBYQA
 * (Powell 2009). Breeze's optimisers, which MLlib uses, cannot be given a function written in Java.
 *
 * @param point where it is
 * @param value the function there
 */
record BoundedMaximizer(double[] point, double value) {

  private static final int MOST_EVALUATIONS = 5_000;
  private static final double FIRST_RADIUS = 0.5;
  private static final double LAST_RADIUS = 1e-7;

  /**
   * The range of one number.
   *
   * @param least lower edge
   * @param most upper edge, more than 1 above the lower one
   */
  record Range(double least, double most) {}

  /**
   * The best of the maxima found from the starts.
   *
   * @param starts points inside the box
   * @throws MathIllegalStateException where the search ends at none of the starts
   */
  static BoundedMaximizer of(
      ToDoubleFunction<double[]> function, List<Range> ranges, List<double[]> starts) {
    int n = ranges.size();
    SimpleBounds box =
        new SimpleBounds(
            ranges.stream().mapToDouble(Range::least).toArray(),
            ranges.stream().mapToDouble(Range::most).toArray());
    List<MathIllegalStateException> failures = new ArrayList<>();
    PointValuePair best = null;
    for (double[] start : starts) {
      try {
        PointValuePair found =
            new BOBYQAOptimizer((n + 1) * (n + 2) / 2, FIRST_RADIUS, LAST_RADIUS)
                .optimize(
                    new ObjectiveFunction(function::applyAsDouble),
                    GoalType.MAXIMIZE,
                    box,
                    new InitialGuess(start),
                    new MaxEval(MOST_EVALUATIONS));
        if (best == null || found.getValue() > best.getValue()) {
          best = found;
        }
      } catch (MathIllegalStateException e) {
        failures.add(e);
      }
    }
    if (best == null) {
      throw failures.get(0);
    }
    return new BoundedMaximizer(best.getPoint(), best.getValue());
  }

  /**
   * The same for positive numbers, searched over their logarithms: there, too, 1 apart at least.
   */
  static BoundedMaximizer ofPositive(
      ToDoubleFunction<double[]> function, List<Range> ranges, List<double[]> starts) {
    BoundedMaximizer inLogs =
        of(
            logs -> function.applyAsDouble(exp(logs)),
            ranges.stream().map(p -> new Range(Math.log(p.least()), Math.log(p.most()))).toList(),
            starts.stream().map(start -> Arrays.stream(start).map(Math::log).toArray()).toList());
    return new BoundedMaximizer(exp(inLogs.point()), inLogs.value());
  }

  private static double[] exp(double[] logs) {
    return Arrays.stream(logs).map(Math::exp).toArray();
  }
}
