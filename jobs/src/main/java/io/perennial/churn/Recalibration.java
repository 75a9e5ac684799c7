package io.perennial.churn;

import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;

import java.util.List;
import org.apache.spark.sql.Column;

/**
 * Corrects probabilities by a line in log-odds: logit(p') = intercept + slope x logit(p) (Platt
 * scaling). Fitted on earlier folds' predictions for windows that they had not seen.
 *
 * @param intercept log-odds of the corrected probability of 1/2
 * @param slope positive: order is kept
 */
record Recalibration(double intercept, double slope) {

  static final Recalibration IDENTITY = new Recalibration(0, 1);

  /** Probabilities are kept this far from 0 and 1 before taking log-odds. */
  static final double CLIP = 1e-15;

  /**
   * The recalibration of greatest likelihood; {@link #IDENTITY} where the predictions determine
   * none that keeps their order.
   *
   * @param groups log-odds predicted and outcomes, see {@link Evaluation#logOdds}
   */
  static Recalibration fit(List<LogOddsLine.Group> groups) {
    return LogOddsLine.fit(groups)
        .filter(line -> line.slope() > 0)
        .map(line -> new Recalibration(line.intercept(), line.slope()))
        .orElse(IDENTITY);
  }

  /** The corrected probability. */
  double apply(double probability) {
    return 1 / (1 + Math.exp(-applyToLogOdds(logit(probability))));
  }

  /** The corrected probability of a column. */
  Column apply(Column probability) {
    return lit(1.0).divide(exp(applyToLogOdds(logit(probability)).unary_$minus()).plus(1.0));
  }

  double applyToLogOdds(double logOdds) {
    return intercept + slope * logOdds;
  }

  Column applyToLogOdds(Column logOdds) {
    return logOdds.multiply(slope).plus(intercept);
  }

  static double logit(double probability) {
    double p = Math.min(Math.max(probability, CLIP), 1 - CLIP);
    return Math.log(p / (1 - p));
  }

  static Column logit(Column probability) {
    Column p = least(greatest(probability, lit(CLIP)), lit(1 - CLIP));
    return log(p.divide(lit(1.0).minus(p)));
  }
}
