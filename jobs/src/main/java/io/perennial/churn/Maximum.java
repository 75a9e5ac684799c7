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
 * The maximum of a smooth function of a few positive parameters, searched over their logarithms by
 * commons-math's BOBYQA (Powell 2009). Breeze's optimisers, which MLlib uses, cannot be given a
 * function written in Java.
 *
 * @param point the parameters
 * @param value the function there
 * @param limits parameters at an edge of their range, in words
 */
record Maximum(double[] point, double value, List<String> limits) {

  private static final int MOST_EVALUATIONS = 5_000;
  private static final double FIRST_RADIUS = 0.5;
  private static final double LAST_RADIUS = 1e-8;
  private static final double EDGE = 1e-3;

  /**
   * @param name name of the parameter
   * @param least lower edge of the range
   * @param most upper edge of the range
   */
  record Parameter(String name, double least, double most) {}

  /**
   * The best of the maxima found from the starts.
   *
   * @throws MathIllegalStateException where the search ends at none of the starts
   */
  static Maximum of(
      ToDoubleFunction<double[]> function, List<Parameter> parameters, List<double[]> starts) {
    int n = parameters.size();
    SimpleBounds box =
        new SimpleBounds(
            parameters.stream().mapToDouble(p -> Math.log(p.least())).toArray(),
            parameters.stream().mapToDouble(p -> Math.log(p.most())).toArray());
    List<MathIllegalStateException> failures = new ArrayList<>();
    PointValuePair best = null;
    for (double[] start : starts) {
      try {
        PointValuePair found =
            new BOBYQAOptimizer((n + 1) * (n + 2) / 2, FIRST_RADIUS, LAST_RADIUS)
                .optimize(
                    new ObjectiveFunction(logs -> function.applyAsDouble(exp(logs))),
                    GoalType.MAXIMIZE,
                    box,
                    new InitialGuess(Arrays.stream(start).map(Math::log).toArray()),
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
    double[] point = exp(best.getPoint());
    return new Maximum(point, best.getValue(), limits(point, parameters));
  }

  private static double[] exp(double[] logs) {
    return Arrays.stream(logs).map(Math::exp).toArray();
  }

  private static List<String> limits(double[] point, List<Parameter> parameters) {
    List<String> limits = new ArrayList<>();
    for (int i = 0; i < point.length; i++) {
      Parameter parameter = parameters.get(i);
      if (point[i] < parameter.least() * (1 + EDGE)) {
        limits.add(parameter.name() + " at its lower limit " + parameter.least());
      } else if (point[i] > parameter.most() * (1 - EDGE)) {
        limits.add(parameter.name() + " at its upper limit " + parameter.most());
      }
    }
    return limits;
  }
}
