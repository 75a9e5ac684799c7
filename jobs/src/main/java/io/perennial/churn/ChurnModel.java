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
 * A logistic regression on centred terms: log-odds = {@code intercept + sum of coefficient_j (x_j -
 * mean_j)}. x_j is clamped to its range in training, so nothing is extrapolated.
 *
 * @param intercept log-odds of a customer at the mean of every term
 * @param weights one per term
 */
record ChurnModel(double intercept, List<Weight> weights) {

  /**
   * The coefficient of a term, with the term's statistics in training.
   *
   * @param term name of the term
   * @param feature name of its feature
   * @param coefficient log-odds per unit of the term
   * @param mean mean over the training origins, equally weighted
   * @param scale standard deviation; 1 for a constant
   * @param low minimum
   * @param high maximum
   */
  record Weight(
      String term,
      String feature,
      double coefficient,
      double mean,
      double scale,
      double low,
      double high) {

    Weight withCoefficient(double newCoefficient) {
      return new Weight(term, feature, newCoefficient, mean, scale, low, high);
    }
  }

  ChurnModel {
    weights = List.copyOf(weights);
  }

  /** The same model with its log-odds recalibrated: intercept and coefficients change. */
  ChurnModel recalibrated(Recalibration line) {
    return new ChurnModel(
        line.applyToLogOdds(intercept),
        weights.stream()
            .map(weight -> weight.withCoefficient(line.slope() * weight.coefficient()))
            .toList());
  }

  /** The contribution of each feature to the log-odds, its terms summed, in feature order. */
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

  /**
   * Log-odds of churn from {@link TermVectors}, as a user-defined function: with built-in functions
   * Spark would generate and compile other code for every model of a backtest, which takes longer
   * than the evaluation.
   *
   * @param indices positions of the terms in the vectors
   */
  Column logOdds(Column vector, int[] indices) {
    double centre = intercept;
    double[] coefficients = weights.stream().mapToDouble(Weight::coefficient).toArray();
    double[] means = weights.stream().mapToDouble(Weight::mean).toArray();
    double[] lows = weights.stream().mapToDouble(Weight::low).toArray();
    double[] highs = weights.stream().mapToDouble(Weight::high).toArray();
    UDF1<Vector, Double> function =
        terms -> {
          double sum = centre;
          for (int j = 0; j < coefficients.length; j++) {
            double value = Math.min(Math.max(terms.apply(indices[j]), lows[j]), highs[j]);
            sum += coefficients[j] * (value - means[j]);
          }
          return sum;
        };
    return udf(function, DataTypes.DoubleType).asNonNullable().apply(vector);
  }

  /** The logistic function of log-odds. */
  static Column probability(Column logOdds) {
    return lit(1.0).divide(exp(logOdds.unary_$minus()).plus(1.0));
  }
}
