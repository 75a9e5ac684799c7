package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import java.util.List;
import org.apache.spark.sql.Column;

/**
 * Logistic recalibration of probabilities: {@code logit(p') = intercept + slope logit(p)} (Platt
 * 1999), fitted on the out-of-time predictions of earlier folds.
 *
 * @param intercept added to the log-odds
 * @param slope factor of the log-odds, positive so that the ranking of customers is kept
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
   * The maximum likelihood recalibration; {@link #IDENTITY} without predictions, with one outcome
   * only, and where the fitted slope would reverse the ranking.
   *
   * @param groups predicted log-odds with their outcomes, of one or several origins
   */
  static Recalibration fit(List<CalibrationLine.Group> groups) {
    return CalibrationLine.fit(groups)
        .filter(line -> line.slope() > 0)
        .map(line -> new Recalibration(line.intercept(), line.slope()))
        .orElse(IDENTITY);
  }

  /** The recalibrated probability. */
  double apply(double probability) {
    return 1 / (1 + Math.exp(-applyToLogOdds(LogOdds.of(probability))));
  }

  /** {@link #apply(double)} of a column. */
  Column apply(Column probability) {
    Column logOdds = applyToLogOdds(LogOdds.of(probability));
    return lit(1.0).divide(exp(logOdds.unary_$minus()).plus(1.0));
  }

  /** The recalibrated log-odds. */
  double applyToLogOdds(double logOdds) {
    return intercept + slope * logOdds;
  }

  /** {@link #applyToLogOdds(double)} of a column. */
  Column applyToLogOdds(Column logOdds) {
    return logOdds.multiply(slope).plus(intercept);
  }
}
