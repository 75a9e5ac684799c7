package io.perennial.churn;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * A temporal fold: one test origin and the training origins before it.
 *
 * @param origin first day of the test window
 * @param trainingOrigins newest first; their outcome windows end by {@code origin}
 */
record Fold(LocalDate origin, List<LocalDate> trainingOrigins) {

  /**
   * Folds from the newest test window back, as far as there is an origin to train on.
   *
   * @param usable origins with enough customers and both outcomes, newest first
   * @param maxFolds folds at most
   * @param maxTrainingOrigins training origins of each at most
   */
  static List<Fold> of(
      RollingOrigins origins, List<LocalDate> usable, int maxFolds, int maxTrainingOrigins) {
    List<Fold> folds = new ArrayList<>();
    for (int i = 0; i + 1 < usable.size() && i < maxFolds; i++) {
      LocalDate test = usable.get(i);
      List<LocalDate> training =
          usable.subList(i + 1, Math.min(usable.size(), i + 1 + maxTrainingOrigins));
      training.forEach(origin -> origins.requireTrainable(origin, test));
      folds.add(new Fold(test, List.copyOf(training)));
    }
    return folds;
  }
}
