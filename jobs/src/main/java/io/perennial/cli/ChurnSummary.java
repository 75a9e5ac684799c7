package io.perennial.cli;

import static org.apache.spark.sql.functions.*;

import io.perennial.churn.ChurnBacktestTable;
import io.perennial.churn.ChurnScoresTable;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The first look at churn: how good the model was on the newest unseen window, and who is at risk.
 */
final class ChurnSummary {

  private ChurnSummary() {}

  /**
   * @param backtest rows of churn_backtest of one as_of
   * @param scores rows of churn_scores of it
   */
  static void print(
      Dataset<Row> backtest, Dataset<Row> scores, Currency currency, PrintWriter out) {
    backtest(backtest, out);
    bands(scores, currency, out);
  }

  private static void backtest(Dataset<Row> backtest, PrintWriter out) {
    List<Row> kinds =
        backtest
            .orderBy(ChurnBacktestTable.ORIGIN.col().desc(), ChurnBacktestTable.LOG_LOSS.col())
            .limit(4)
            .collectAsList();
    if (kinds.isEmpty()) {
      return;
    }
    Object newest = kinds.get(0).getAs(ChurnBacktestTable.ORIGIN.name());
    out.println();
    out.println("Churn predicted for the unseen window from " + newest + " (churn_backtest)");
    out.printf(
        "%-13s %9s %9s %9s %17s%n", "model", "customers", "AUC", "log loss", "calibration error");
    for (Row kind : kinds) {
      if (kind.getAs(ChurnBacktestTable.ORIGIN.name()).equals(newest)) {
        Double auc = kind.getAs(ChurnBacktestTable.AUC.name());
        out.printf(
            Locale.ROOT,
            "%-13s %,9d %9s %9.4f %17.4f%n",
            kind.<String>getAs(ChurnBacktestTable.MODEL_KIND.name()),
            kind.<Long>getAs(ChurnBacktestTable.CUSTOMERS.name()),
            auc == null ? "-" : String.format(Locale.ROOT, "%.4f", auc),
            kind.<Double>getAs(ChurnBacktestTable.LOG_LOSS.name()),
            kind.<Double>getAs(ChurnBacktestTable.ECE.name()));
      }
    }
  }

  private static void bands(Dataset<Row> scores, Currency currency, PrintWriter out) {
    List<Row> bands =
        scores
            .groupBy(ChurnScoresTable.RISK_BAND.col())
            .agg(
                count(lit(1)),
                avg(ChurnScoresTable.CHURN_PROBABILITY.col()).as("probability"),
                sum(ChurnScoresTable.VALUE_AT_RISK.col()))
            .orderBy(col("probability").desc())
            .collectAsList();
    if (bands.isEmpty()) {
      return;
    }
    out.println();
    out.println("Risk of churn (churn_scores)");
    out.printf(
        "%-13s %9s %11s %17s%n",
        "band", "customers", "probability", "at risk " + currency.getCurrencyCode());
    for (Row band : bands) {
      BigDecimal atRisk = band.getAs(3);
      out.printf(
          Locale.ROOT,
          "%-13s %,9d %9.1f %% %17s%n",
          band.getString(0),
          band.getLong(1),
          100 * band.getDouble(2),
          atRisk == null ? "-" : MoneyText.of(atRisk, currency));
    }
  }
}
