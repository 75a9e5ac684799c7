package io.perennial.churn;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;

/**
 * Whether a model's scores may be published: on the newest test window it must be no worse than
 * recency alone by log loss, and its calibration error within the limit.
 *
 * @param isPassed whether they may
 * @param reason the figures in words
 */
public record Verdict(boolean isPassed, String reason) {

  /** Value of churn_models.verdict of a model that may score. */
  public static final String PUBLISHED = "published";

  /** Value of churn_models.verdict of one that may not. */
  public static final String REFUSED = "refused";

  /**
   * @param byKind rows of churn_backtest of the newest test window
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
