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
 * The maximum of a smooth function of a few variables in a box, found by BOBYQA of commons-math
 * (Powell 2009). The Breeze optimisers that MLlib uses do not accept a function written in Java.
 */
final class BoundedMaximizer {

  private static final int MAX_EVALUATIONS = 5_000;
  private static final double FIRST_RADIUS = 0.5;
  private static final double LAST_RADIUS = 1e-7;

  private BoundedMaximizer() {}

  /**
   * The range of one variable.
   *
   * @param low lower bound
   * @param high upper bound, more than 1 above the lower one
   */
  record Range(double low, double high) {}

  /**
   * Where the function is greatest, of the maxima found from the starting points.
   *
   * @param starts points inside the box
   * @throws MathIllegalStateException if the search converges from none of them
   */
  static double[] of(
      ToDoubleFunction<double[]> function, List<Range> ranges, List<double[]> starts) {
    int n = ranges.size();
    SimpleBounds box =
        new SimpleBounds(
            ranges.stream().mapToDouble(Range::low).toArray(),
            ranges.stream().mapToDouble(Range::high).toArray());
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
                    new MaxEval(MAX_EVALUATIONS));
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
    return best.getPoint();
  }

  /** As {@link #of} for positive variables, searched over their logarithms. */
  static double[] ofPositive(
      ToDoubleFunction<double[]> function, List<Range> ranges, List<double[]> starts) {
    return exp(
        of(
            logs -> function.applyAsDouble(exp(logs)),
            ranges.stream().map(p -> new Range(Math.log(p.low()), Math.log(p.high()))).toList(),
            starts.stream().map(start -> Arrays.stream(start).map(Math::log).toArray()).toList()));
  }

  private static double[] exp(double[] logs) {
    return Arrays.stream(logs).map(Math::exp).toArray();
  }
}
