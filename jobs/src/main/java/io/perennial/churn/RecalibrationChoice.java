package io.perennial.churn;

import java.util.List;

/**
 * Decides whether to recalibrate. Miscalibration of an earlier fold may be seasonal, and correcting
 * it would then do harm. The recalibration is applied only if, fitted on the folds before each of
 * the two newest known folds, it lowers the log loss of both.
 */
final class RecalibrationChoice {

  private static final int VALIDATION_FOLDS = 2;

  private RecalibrationChoice() {}

  /**
   * @param folds predicted log-odds and outcomes of earlier folds, newest first
   * @return the recalibration fitted on all of them, or {@link Recalibration#IDENTITY}
   */
  static Recalibration of(List<List<CalibrationLine.Group>> folds) {
    if (folds.size() <= VALIDATION_FOLDS) {
      return Recalibration.IDENTITY;
    }
    for (int fold = 0; fold < VALIDATION_FOLDS; fold++) {
      Recalibration before = fit(folds.subList(fold + 1, folds.size()));
      List<CalibrationLine.Group> groups = folds.get(fold);
      if (logLoss(before, groups) >= logLoss(Recalibration.IDENTITY, groups)) {
        return Recalibration.IDENTITY;
      }
    }
    return fit(folds);
  }

  private static Recalibration fit(List<List<CalibrationLine.Group>> folds) {
    return Recalibration.fit(folds.stream().flatMap(List::stream).toList());
  }

  private static double logLoss(Recalibration line, List<CalibrationLine.Group> groups) {
    double sum = 0;
    for (CalibrationLine.Group group : groups) {
      double logOdds = line.applyToLogOdds(group.x());
      double logOnePlusExp = Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds)));
      sum += group.customers() * logOnePlusExp - group.positives() * logOdds;
    }
    return sum;
  }
}
