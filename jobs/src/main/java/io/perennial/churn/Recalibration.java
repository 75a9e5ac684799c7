package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import java.util.List;
import org.apache.spark.sql.Column;

/**
 * Corrects probabilities by a line in log-odds: {@code logit(p') = intercept + slope logit(p)}
 * (Platt 1999). Fitted on earlier folds' predictions for windows that they had not seen.
 *
 * @param intercept what is added to the log-odds
 * @param slope what the log-odds are multiplied by before, positive: the order of customers is kept
 */
record Recalibration(double intercept, double slope) {

  /** Leaves probabilities as they are. */
  static final Recalibration IDENTITY = new Recalibration(0, 1);

  Recalibration {
    if (!(slope > 0) || !Double.isFinite(slope) || !Double.isFinite(intercept)) {
      throw new IllegalArgumentException(
          "Cannot recalibrate with intercept %s and slope %s: the slope must be positive"
              .formatted(intercept, slope));
    }
  }

  /**
   * The recalibration of greatest likelihood; {@link #IDENTITY} where there are no predictions, or
   * one outcome only, or no line that keeps their order.
   *
   * @param groups log-odds that were predicted and what came of them, see {@link
   *     Evaluation#logOdds}; those of several origins are put together
   */
  static Recalibration fit(List<CalibrationLine.Group> groups) {
    return CalibrationLine.fit(groups)
        .filter(line -> line.slope() > 0)
        .map(line -> new Recalibration(line.intercept(), line.slope()))
        .orElse(IDENTITY);
  }

  /** The corrected probability. */
  double apply(double probability) {
    return 1 / (1 + Math.exp(-applyToLogOdds(LogOdds.of(probability))));
  }

  /** The corrected probability of a column. */
  Column apply(Column probability) {
    Column logOdds = applyToLogOdds(LogOdds.of(probability));
    return lit(1.0).divide(exp(logOdds.unary_$minus()).plus(1.0));
  }

  /** The corrected log-odds. */
  double applyToLogOdds(double logOdds) {
    return intercept + slope * logOdds;
  }

  /** The corrected log-odds of a column. */
  Column applyToLogOdds(Column logOdds) {
    return logOdds.multiply(slope).plus(intercept);
  }
}
