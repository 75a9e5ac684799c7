package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;

/** Log-odds of probabilities, clipped to {@link #CLIP} from 0 and 1. */
final class LogOdds {

  static final double CLIP = 1e-15;

  private LogOdds() {}

  static double of(double probability) {
    double p = Math.min(Math.max(probability, CLIP), 1 - CLIP);
    return Math.log(p / (1 - p));
  }

  static Column of(Column probability) {
    Column p = clip(probability);
    return log(p.divide(lit(1.0).minus(p)));
  }

  static Column clip(Column probability) {
    return least(greatest(probability, lit(CLIP)), lit(1 - CLIP));
  }
}
