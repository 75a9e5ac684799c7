package io.perennial.churn;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.Settings;
import io.perennial.oracle.CdnowFile;
import io.perennial.oracle.OnlineRetailFile;
import io.perennial.oracle.Oracle;
import io.perennial.oracle.OracleSettings;
import io.perennial.oracle.RawRecord;
import io.perennial.oracle.RealData;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How good churn is on public data, with the shipped settings and the newest 90 days unseen. The
 * bounds are what a plain regression on ten figures reached.
 */
@Tag("slow")
class RealDataChurnTest {

  @Test
  void cdnow() throws IOException {
    Map<String, Row> test =
        newestFold(CdnowFile.readMaster(RealData.file("CDNOW_master.txt")), CdnowFile.settings());

    assertThat(figure(test, "logistic", "auc")).isGreaterThanOrEqualTo(0.840);
    assertThat(figure(test, "logistic", "log_loss")).isLessThanOrEqualTo(0.298);
    assertThat(figure(test, "logistic", "brier")).isLessThanOrEqualTo(0.0885);
    assertThat(figure(test, "logistic", "ece")).isLessThanOrEqualTo(0.02);
    assertBeatsTheOthers(test);
  }

  @Test
  void onlineRetail() throws IOException {
    Map<String, Row> test =
        newestFold(
            OnlineRetailFile.read(RealData.file("online_retail.csv.gz")),
            OnlineRetailFile.settings());

    assertThat(figure(test, "logistic", "auc")).isGreaterThanOrEqualTo(0.735);
    assertThat(figure(test, "logistic", "log_loss")).isLessThanOrEqualTo(0.606);
    assertThat(figure(test, "logistic", "brier")).isLessThanOrEqualTo(0.211);
    assertThat(figure(test, "logistic", "ece")).isLessThanOrEqualTo(0.05);
    assertBeatsTheOthers(test);
  }

  private static void assertBeatsTheOthers(Map<String, Row> test) {
    for (String other : List.of("recency_only", "bg_nbd", "base_rate")) {
      assertThat(figure(test, "logistic", "log_loss"))
          .as("log loss beside " + other)
          .isLessThan(figure(test, other, "log_loss"));
    }
  }

  private static Map<String, Row> newestFold(List<RawRecord> raw, OracleSettings settings) {
    Oracle oracle = Oracle.of(raw, settings);
    Dataset<Row> days = CustomerDayRows.dataset(oracle.customerDays());
    LocalDate asOf = oracle.asOf();
    try (Churn churn = Churn.at(asOf, days, 0, shipped(), CustomerDayRows.MINOR_DIGITS)) {
      Map<String, Row> byKind = new HashMap<>();
      Churn.Trained trained = churn.train("run");
      for (Row row : trained.backtest()) {
        System.out.printf(
            Locale.ROOT,
            "%-13s %s n %d auc %s log loss %.4f brier %.4f ece %.4f%n",
            row.getAs("model_kind"),
            row.getAs("origin"),
            row.<Long>getAs("customers"),
            row.getAs("auc"),
            row.<Double>getAs("log_loss"),
            row.<Double>getAs("brier"),
            row.<Double>getAs("ece"));
        if (row.getDate(row.fieldIndex("origin")).toLocalDate().equals(asOf.minusDays(90))) {
          byKind.put(row.getAs("model_kind"), row);
        }
      }
      assertThat(trained.model().orElseThrow().verdict().isPassed()).isTrue();
      return byKind;
    }
  }

  private static Settings.Churn shipped() {
    return new Settings.Churn(
        90,
        Optional.empty(),
        3,
        3,
        0.05,
        200,
        300_000,
        List.of(new Settings.RiskBand("low", 0)),
        Optional.empty());
  }

  private static double figure(Map<String, Row> test, String kind, String name) {
    return test.get(kind).getAs(name);
  }
}
