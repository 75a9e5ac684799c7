package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;

/** Log-odds of probabilities, clipped to {@link #CLIP} from 0 and 1. */
final class LogOdds {

  static final double CLIP = 1e-15;

  private LogOdds() {}

  /** {@code ln(1 + exp(logOdds))} without overflow: the log loss of an outcome of 0. */
  static double logOnePlusExp(double logOdds) {
    return Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds)));
  }

  static Column of(Column probability) {
    Column p = clip(probability);
    return log(p.divide(lit(1.0).minus(p)));
  }

  static Column clip(Column probability) {
    return least(greatest(probability, lit(CLIP)), lit(1 - CLIP));
  }
}
