package io.perennial.churn;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.perennial.config.Settings;
import io.perennial.testing.SharedSpark;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A model trained on made-up lives, its record, its scores and its reasons. */
class ChurnTest {

  private static final LocalDate FIRST = LocalDate.of(2023, 1, 1);
  private static final LocalDate AS_OF = FIRST.plusDays(500);
  private static final List<CustomerDayRows.Day> LIVES =
      CustomerDayRows.lives(11, 1_500, FIRST, 500);
  private static final Settings.Churn SETTINGS = settings(60, Optional.of(365), 100);

  private static Churn.Trained trained;
  private static List<Row> scores;

  @BeforeAll
  static void train() {
    try (Churn churn =
        Churn.at(AS_OF, CustomerDayRows.of(LIVES), 1_500, SETTINGS, CustomerDayRows.MINOR_DIGITS)) {
      trained = churn.train("run");
      scores = churn.scores(model().scorer()).collectAsList();
    }
  }

  static Settings.Churn settings(int horizon, Optional<Integer> lookback, int minCustomers) {
    return new Settings.Churn(
        horizon,
        lookback,
        2,
        2,
        0.05,
        minCustomers,
        300_000,
        List.of(
            new Settings.RiskBand("low", 0),
            new Settings.RiskBand("medium", 0.5),
            new Settings.RiskBand("high", 0.8)),
        Optional.empty());
  }

  private static StoredModel model() {
    return trained.model().orElseThrow();
  }

  @Test
  void everyKindOfModelIsTestedOnTheSameRowsOfEveryFold() {
    Map<Object, List<Row>> byOrigin = new HashMap<>();
    trained
        .backtest()
        .forEach(
            row ->
                byOrigin
                    .computeIfAbsent(row.<Object>getAs("origin"), o -> new ArrayList<>())
                    .add(row));
    assertThat(byOrigin.keySet())
        .containsExactlyInAnyOrder(
            java.sql.Date.valueOf(AS_OF.minusDays(60)),
            java.sql.Date.valueOf(AS_OF.minusDays(120)));
    byOrigin
        .values()
        .forEach(
            rows -> {
              assertThat(rows)
                  .extracting(row -> row.<String>getAs("model_kind"))
                  .containsExactlyInAnyOrder("logistic", "recency_only", "bg_nbd", "base_rate");
              assertThat(rows)
                  .extracting(row -> row.<Long>getAs("customers"))
                  .containsOnly(rows.get(0).<Long>getAs("customers"));
              assertThat(figure(rows, "logistic", "log_loss"))
                  .isLessThan(figure(rows, "base_rate", "log_loss"));
              assertThat(figure(rows, "logistic", "auc")).isGreaterThan(0.7);
            });
  }

  private static double figure(List<Row> rows, String kind, String name) {
    return rows.stream()
        .filter(row -> row.getAs("model_kind").equals(kind))
        .findFirst()
        .orElseThrow()
        .getAs(name);
  }

  @Test
  void contributionsAndInterceptAddUpToTheScore() {
    assertThat(scores).hasSizeGreaterThan(500);
    for (Row row : scores) {
      double logOdds = row.getAs("log_odds");
      double sum =
          model().model().intercept()
              + row.<Double>getAs("contribution_1")
              + row.<Double>getAs("contribution_2")
              + row.<Double>getAs("contribution_3")
              + row.<Double>getAs("contribution_others");
      assertThat(sum).isCloseTo(logOdds, within(1e-9));
      assertThat(row.<Double>getAs("churn_probability"))
          .isCloseTo(1 / (1 + Math.exp(-logOdds)), within(1e-12));
    }
  }

  @Test
  void reasonsAreTheThreeThatMoveTheScoreMost() {
    for (Row row : scores) {
      double first = Math.abs(row.<Double>getAs("contribution_1"));
      double second = Math.abs(row.<Double>getAs("contribution_2"));
      double third = Math.abs(row.<Double>getAs("contribution_3"));
      assertThat(first).isGreaterThanOrEqualTo(second);
      assertThat(second).isGreaterThanOrEqualTo(third);
      String reason = row.getAs("reason_1");
      assertThat(reason).matches(".+ [(][+-]\\d+[.]\\d\\d[)]");
      String added = reason.substring(reason.lastIndexOf('(') + 1, reason.length() - 1);
      assertThat(Double.parseDouble(added))
          .isCloseTo(row.<Double>getAs("contribution_1"), within(0.005001));
    }
    assertThat(scores)
        .extracting(row -> row.<String>getAs("reason_1") + row.getAs("reason_2"))
        .anyMatch(
            reason ->
                reason.matches(
                    ".*last order \\d+ days ago, usually every \\d+: of such \\d+ % order.*"))
        .anyMatch(reason -> reason.contains("ordered once"));
  }

  @Test
  void bandsAndMoneyFollowTheProbability() {
    for (Row row : scores) {
      double p = row.getAs("churn_probability");
      assertThat(row.<String>getAs("risk_band"))
          .isEqualTo(p >= 0.8 ? "high" : p >= 0.5 ? "medium" : "low");
      assertThat(row.<Double>getAs("expected_orders")).isPositive();
      assertThat(row.getDecimal(row.fieldIndex("value_at_risk")).signum()).isNotNegative();
    }
  }

  @Test
  void aModelScoresAlikeFromItsRow() {
    Row row =
        SharedSpark.session()
            .createDataFrame(
                List.of(model().toRow()),
                ChurnModelsTable.TABLE.schema(CustomerDayRows.MINOR_DIGITS))
            .first();
    try (Churn churn =
        Churn.at(AS_OF, CustomerDayRows.of(LIVES), 1_500, named(), CustomerDayRows.MINOR_DIGITS)) {
      assertThat(churn.scores(StoredModel.scorer(row)).collectAsList())
          .containsExactlyInAnyOrderElementsOf(scores);
    }
  }

  private static Settings.Churn named() {
    return new Settings.Churn(
        SETTINGS.horizonDays(),
        SETTINGS.lookbackDays(),
        SETTINGS.folds(),
        SETTINGS.trainingOrigins(),
        SETTINGS.maxCalibrationError(),
        SETTINGS.minCustomers(),
        SETTINGS.maxTrainingCustomers(),
        SETTINGS.riskBands(),
        Optional.of(model().modelId()));
  }

  @Test
  void aModelForAnotherHorizonDoesNotScore() {
    try (Churn churn =
        Churn.at(
            AS_OF,
            CustomerDayRows.of(LIVES),
            1_500,
            settings(30, Optional.empty(), 100),
            CustomerDayRows.MINOR_DIGITS)) {
      assertThatThrownBy(() -> churn.scores(model().scorer()))
          .hasMessage(
              "Cannot score with model %s: it is of churn.horizon 60 and churn.lookback 365, the"
                      .formatted(model().modelId())
                  + " settings are 30 and all.");
    }
  }

  @Test
  void scoresAreTheSameForAnyPartitioningAndOrder() {
    List<CustomerDayRows.Day> shuffled = new ArrayList<>(LIVES);
    Collections.shuffle(shuffled, new Random(3));
    Dataset<Row> days = CustomerDayRows.of(shuffled).repartition(7, col("day"));
    SharedSpark.session().conf().set("spark.sql.shuffle.partitions", 3);
    Map<String, Row> before = byCustomer(scores);
    try (Churn churn = Churn.at(AS_OF, days, 1_500, SETTINGS, CustomerDayRows.MINOR_DIGITS)) {
      StoredModel again = churn.train("another run").model().orElseThrow();
      List<Row> rows = churn.scores(again.scorer()).collectAsList();
      assertThat(again.modelId()).isEqualTo(model().modelId());
      assertThat(rows).hasSameSizeAs(scores);
      for (Row row : rows) {
        Row other = before.get(row.<String>getAs("customer_id"));
        assertThat(row.<Double>getAs("churn_probability"))
            .isCloseTo(other.<Double>getAs("churn_probability"), within(1e-6));
        assertThat(row.<Double>getAs("expected_orders"))
            .isCloseTo(other.<Double>getAs("expected_orders"), within(1e-6));
      }
    } finally {
      SharedSpark.session()
          .conf()
          .set("spark.sql.shuffle.partitions", SharedSpark.SHUFFLE_PARTITIONS);
    }
  }

  private static Map<String, Row> byCustomer(List<Row> rows) {
    Map<String, Row> result = new HashMap<>();
    rows.forEach(row -> result.put(row.getAs("customer_id"), row));
    return result;
  }

  @Test
  void recalibrationIsPartOfTheContributions() {
    ChurnModel plain = model().model();
    ChurnModel corrected = plain.recalibrated(new Recalibration(0.3, 0.8));
    assertThat(corrected.intercept()).isCloseTo(0.3 + 0.8 * plain.intercept(), within(1e-12));
    for (int j = 0; j < plain.weights().size(); j++) {
      assertThat(corrected.weights().get(j).coefficient())
          .isCloseTo(0.8 * plain.weights().get(j).coefficient(), within(1e-12));
    }
  }
}
