package io.perennial.churn;

import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How good predicted probabilities were, per kind of model and origin. */
final class Evaluation {

  private Evaluation() {}

  /**
   * One row per model_kind, origin and distinct score, from rows of model_kind STRING, origin DATE,
   * predicted DOUBLE, observed INT or BOOLEAN. Keep it between {@link #metrics}, {@link
   * #calibration} and {@link #logOdds} where several are wanted.
   */
  static Dataset<Row> histogram(Dataset<Row> scored) {
    throw new UnsupportedOperationException();
  }

  /**
   * One row per model_kind and origin: model_kind, origin, customers BIGINT, churn_rate, auc,
   * pr_auc, log_loss, brier, ece, calibration_slope, calibration_intercept DOUBLE, decile_lift
   * ARRAY of 10 DOUBLE.
   */
  static Dataset<Row> metrics(Dataset<Row> histogram) {
    throw new UnsupportedOperationException();
  }

  /**
   * One row per model_kind, origin and bin that has customers: model_kind, origin, bin INT 1 to 10,
   * predicted, observed DOUBLE, customers BIGINT.
   */
  static Dataset<Row> calibration(Dataset<Row> histogram) {
    throw new UnsupportedOperationException();
  }

  /** Log-odds and outcomes of one kind of model by origin, for {@link Recalibration#fit}. */
  static SortedMap<LocalDate, List<LogOddsLine.Group>> logOdds(
      Dataset<Row> histogram, String modelKind) {
    throw new UnsupportedOperationException();
  }
}
