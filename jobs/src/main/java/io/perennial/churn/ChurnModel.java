package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.churn.Feature.Term;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * A regression of log-odds on centred terms: {@code intercept + sum of coefficient_j (x_j -
 * mean_j)}, where x_j is kept within what training has seen, so that nothing is extrapolated.
 *
 * @param intercept log-odds of a customer at the mean of every term
 * @param weights one per term
 */
record ChurnModel(double intercept, List<Weight> weights) {

  /**
   * What a term adds.
   *
   * @param term its name
   * @param feature the feature that it is a part of
   * @param coefficient log-odds per unit of the term
   * @param mean of the term in training, every origin weighing the same
   * @param scale its standard deviation in training; 1 for a constant
   * @param low its least value in training
   * @param high its greatest value in training
   */
  record Weight(
      String term,
      String feature,
      double coefficient,
      double mean,
      double scale,
      double low,
      double high) {}

  ChurnModel {
    weights = List.copyOf(weights);
  }

  /** The same model with its log-odds recalibrated: the correction becomes part of every weight. */
  ChurnModel recalibrated(Recalibration line) {
    return new ChurnModel(
        line.applyToLogOdds(intercept),
        weights.stream()
            .map(
                w ->
                    new Weight(
                        w.term(),
                        w.feature(),
                        line.slope() * w.coefficient(),
                        w.mean(),
                        w.scale(),
                        w.low(),
                        w.high()))
            .toList());
  }

  /** What each feature adds to the log-odds, its terms summed; in the order of the features. */
  Map<String, Column> contributions(List<Feature> features) {
    Map<String, Weight> byTerm =
        weights.stream().collect(Collectors.toMap(Weight::term, weight -> weight));
    Map<String, Column> result = new LinkedHashMap<>();
    for (Feature feature : features) {
      Column sum = null;
      for (Term term : feature.terms()) {
        Column contribution = contribution(byTerm.get(term.name()), term.value());
        sum = sum == null ? contribution : sum.plus(contribution);
      }
      result.put(feature.name(), sum);
    }
    return result;
  }

  private static Column contribution(Weight weight, Column value) {
    return least(greatest(value, lit(weight.low())), lit(weight.high()))
        .minus(weight.mean())
        .multiply(weight.coefficient());
  }

  /** Log-odds of churn. */
  Column logOdds(List<Feature> features) {
    Column sum = lit(intercept);
    for (Column contribution : contributions(features).values()) {
      sum = sum.plus(contribution);
    }
    return sum;
  }

  /**
   * Log-odds of churn from {@link TermVectors}. A function of its own: in built-in ones, every
   * model of a backtest would be other code, whose compilation takes longer than the work.
   *
   * @param places where the terms stand in the vectors
   */
  Column logOdds(Column vector, int[] places) {
    double centre = intercept;
    double[] coefficients = weights.stream().mapToDouble(Weight::coefficient).toArray();
    double[] means = weights.stream().mapToDouble(Weight::mean).toArray();
    double[] lows = weights.stream().mapToDouble(Weight::low).toArray();
    double[] highs = weights.stream().mapToDouble(Weight::high).toArray();
    UDF1<Vector, Double> function =
        terms -> {
          double sum = centre;
          for (int j = 0; j < coefficients.length; j++) {
            double value = Math.min(Math.max(terms.apply(places[j]), lows[j]), highs[j]);
            sum += coefficients[j] * (value - means[j]);
          }
          return sum;
        };
    return udf(function, DataTypes.DoubleType).asNonNullable().apply(vector);
  }

  static Column probability(Column logOdds) {
    return lit(1.0).divide(exp(logOdds.unary_$minus()).plus(1.0));
  }
}
