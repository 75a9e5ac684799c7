package io.perennial.churn;

import java.util.List;
import java.util.Optional;

/**
 * The logistic regression of an outcome on one number: log-odds = intercept + slope x number.
 *
 * @param intercept log-odds at zero
 * @param slope change of the log-odds by one
 */
record LogOddsLine(double intercept, double slope) {

  /** Beyond it the two outcomes are as good as separated, and no line is the best one. */
  private static final double MOST_SLOPE = 1e3;

  /**
   * @param number what the outcome is regressed on
   * @param customers how many have it
   * @param positives how many of them have outcome 1
   */
  record Group(double number, long customers, long positives) {}

  /**
   * The line of greatest likelihood; empty where the number or the outcome is constant, or the
   * number separates the outcomes.
   *
   * @param groups in a fixed order: sums over it are reproducible
   */
  static Optional<LogOddsLine> fit(List<Group> groups) {
    throw new UnsupportedOperationException();
  }
}
