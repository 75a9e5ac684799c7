package io.perennial.churn;

import java.util.List;

/**
 * Whether to recalibrate. What was off in earlier folds may have been the season's doing, and then
 * a correction makes things worse; so it is only made where the same correction, fitted a fold
 * earlier, would have helped in the newest fold that is known.
 */
final class RecalibrationChoice {

  private RecalibrationChoice() {}

  /**
   * @param folds predicted log-odds and outcomes of earlier folds, newest first
   * @return the line fitted on all of them, or {@link Recalibration#IDENTITY}
   */
  static Recalibration of(List<List<LogOddsLine.Group>> folds) {
    if (folds.size() < 2) {
      return Recalibration.IDENTITY;
    }
    Recalibration before = fit(folds.subList(1, folds.size()));
    boolean hasHelped =
        logLoss(before, folds.get(0)) < logLoss(Recalibration.IDENTITY, folds.get(0));
    return hasHelped ? fit(folds) : Recalibration.IDENTITY;
  }

  private static Recalibration fit(List<List<LogOddsLine.Group>> folds) {
    return Recalibration.fit(folds.stream().flatMap(List::stream).toList());
  }

  private static double logLoss(Recalibration line, List<LogOddsLine.Group> groups) {
    double sum = 0;
    for (LogOddsLine.Group group : groups) {
      double logOdds = line.applyToLogOdds(group.number());
      double logOnePlusExp = Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds)));
      sum += group.customers() * logOnePlusExp - group.positives() * logOdds;
    }
    return sum;
  }
}
