package io.perennial.churn;

import java.util.List;

/**
 * Whether to recalibrate. What was off in an earlier fold may have been the season's doing, and
 * then a correction makes things worse; so it is only made where the same correction, fitted before
 * each of the two newest folds that are known, would have helped in both.
 */
final class RecalibrationChoice {

  private static final int WITNESSES = 2;

  private RecalibrationChoice() {}

  /**
   * @param folds predicted log-odds and outcomes of earlier folds, newest first
   * @return the line fitted on all of them, or {@link Recalibration#IDENTITY}
   */
  static Recalibration of(List<List<CalibrationLine.Group>> folds) {
    if (folds.size() <= WITNESSES) {
      return Recalibration.IDENTITY;
    }
    for (int witness = 0; witness < WITNESSES; witness++) {
      Recalibration before = fit(folds.subList(witness + 1, folds.size()));
      List<CalibrationLine.Group> fold = folds.get(witness);
      if (logLoss(before, fold) >= logLoss(Recalibration.IDENTITY, fold)) {
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
      double logOdds = line.applyToLogOdds(group.number());
      double logOnePlusExp = Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds)));
      sum += group.customers() * logOnePlusExp - group.positives() * logOdds;
    }
    return sum;
  }
}
