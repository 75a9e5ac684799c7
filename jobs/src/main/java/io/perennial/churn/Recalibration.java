package io.perennial.churn;

import java.util.List;

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

  private static final int VALIDATION_FOLDS = 2;

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

  /**
   * The recalibration fitted on all folds, or {@link #IDENTITY}. Miscalibration of an earlier fold
   * may be seasonal, and correcting it would then do harm: the recalibration is applied only if,
   * fitted on the folds before each of the two newest known folds, it lowers the log loss of both.
   *
   * @param folds predicted log-odds and outcomes of earlier folds, newest first
   */
  static Recalibration choose(List<List<CalibrationLine.Group>> folds) {
    if (folds.size() <= VALIDATION_FOLDS) {
      return IDENTITY;
    }
    for (int fold = 0; fold < VALIDATION_FOLDS; fold++) {
      Recalibration before = fitAll(folds.subList(fold + 1, folds.size()));
      if (before.logLoss(folds.get(fold)) >= IDENTITY.logLoss(folds.get(fold))) {
        return IDENTITY;
      }
    }
    return fitAll(folds);
  }

  private static Recalibration fitAll(List<List<CalibrationLine.Group>> folds) {
    return fit(folds.stream().flatMap(List::stream).toList());
  }

  private double logLoss(List<CalibrationLine.Group> groups) {
    double sum = 0;
    for (CalibrationLine.Group group : groups) {
      double logOdds = applyToLogOdds(group.x());
      sum += group.customers() * LogOdds.logOnePlusExp(logOdds) - group.positives() * logOdds;
    }
    return sum;
  }

  /** The recalibrated log-odds. */
  double applyToLogOdds(double logOdds) {
    return intercept + slope * logOdds;
  }
}
