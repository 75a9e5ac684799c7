package io.perennial.churn;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Whether a model's scores may be published: on the newest test window its log loss is no worse
 * than that of recency alone, and its expected calibration error is within the limit.
 *
 * @param isPassed whether the scores may be published
 * @param reason the figures in words
 */
public record Verdict(boolean isPassed, String reason) {

  /** churn_models.verdict of a model that may score. */
  public static final String PUBLISHED = "published";

  /** churn_models.verdict of a model that may not score. */
  public static final String REFUSED = "refused";

  /**
   * @param origin of the newest test window
   * @param byKind its rows of churn_backtest by model_kind
   * @param maxCalibrationError limit of the expected calibration error, 0 to 1
   */
  static Verdict of(LocalDate origin, Map<String, Row> byKind, double maxCalibrationError) {
    double logLoss = logLoss(byKind.get(ChurnBacktest.LOGISTIC));
    double recencyOnly = logLoss(byKind.get(ChurnBacktest.RECENCY_ONLY));
    double error = byKind.get(ChurnBacktest.LOGISTIC).getAs(ChurnBacktestTable.ECE.name());
    String figures =
        String.format(
            Locale.ROOT,
            "test window from %s: log loss %.4f, recency only %.4f; calibration error %.4f, limit"
                + " %s",
            origin,
            logLoss,
            recencyOnly,
            error,
            maxCalibrationError);
    // Negated comparisons: a NaN is refused.
    if (!(logLoss <= recencyOnly)) {
      return new Verdict(false, "worse than recency alone; " + figures);
    }
    if (!(error <= maxCalibrationError)) {
      return new Verdict(false, "calibration error above churn.max-calibration-error; " + figures);
    }
    return new Verdict(true, figures);
  }

  private static double logLoss(Row row) {
    return row.getAs(ChurnBacktestTable.LOG_LOSS.name());
  }

  String label() {
    return isPassed ? PUBLISHED : REFUSED;
  }
}
