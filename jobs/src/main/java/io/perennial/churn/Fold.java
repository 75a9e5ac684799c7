package io.perennial.churn;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * A test window and what is learnt from before it.
 *
 * @param origin of the test window
 * @param trainedOn origins before it, newest first, whose outcome windows end by it
 */
record Fold(LocalDate origin, List<LocalDate> trainedOn) {

  /**
   * Folds from the newest test window back, as far as there is something to learn from.
   *
   * @param usable origins with enough customers and both outcomes, newest first
   * @param most folds at most
   * @param trainingOrigins origins that each learns from at most
   */
  static List<Fold> of(RollingOrigins grid, List<LocalDate> usable, int most, int trainingOrigins) {
    List<Fold> folds = new ArrayList<>();
    for (int i = 0; i + 1 < usable.size() && i < most; i++) {
      LocalDate test = usable.get(i);
      List<LocalDate> training =
          usable.subList(i + 1, Math.min(usable.size(), i + 1 + trainingOrigins));
      training.forEach(origin -> grid.requireTrainable(origin, test));
      folds.add(new Fold(test, List.copyOf(training)));
    }
    return folds;
  }
}
