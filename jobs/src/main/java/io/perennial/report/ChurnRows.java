package io.perennial.report;

import static io.perennial.report.CohortRows.day;
import static io.perennial.report.CohortRows.get;
import static org.apache.spark.sql.functions.*;

import io.perennial.churn.ChurnBacktestTable;
import io.perennial.churn.ChurnCalibrationTable;
import io.perennial.churn.ChurnModelsTable;
import io.perennial.churn.ChurnScoresTable;
import io.perennial.churn.Verdict;
import io.perennial.report.ReportModel.Backtest;
import io.perennial.report.ReportModel.Band;
import io.perennial.report.ReportModel.Bin;
import io.perennial.report.ReportModel.Churn;
import io.perennial.report.ReportModel.Reason;
import io.perennial.spark.Money;
import io.perennial.table.PublishedTables;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reads churn: how good the model is, who is at risk, and why. */
final class ChurnRows {

  /** What stands for a customer's own number in a reason that is told of many. */
  static final String ANY_NUMBER = "…";

  /** Windows keep their length, since it is the same for everybody. */
  private static final String NUMBERS =
      "(?<![\\d.,])(?<!last )(?<!within )\\d+(?:[.,]\\d+)*(?! days in the coming)";

  private static final String REASON = "reason";
  private static final String PATTERN = "pattern";
  private static final String EXAMPLE = "example";
  private static final String CUSTOMERS = "customers";
  private static final String PROBABILITY = "probability";
  private static final String EXPECTED = "expected";
  private static final String AT_RISK = "at_risk";

  private ChurnRows() {}

  static Churn read(PublishedTables tables) {
    int digits = tables.store().minorDigits();
    List<Row> groups = tables.rowsAsOf(ChurnScoresTable.TABLE, ChurnRows::groups);
    List<Row> models = models(tables);
    List<Backtest> backtest = backtest(tables);
    return new Churn(
        horizon(models, groups),
        refused(models, tables.asOf()),
        backtest,
        calibration(tables, backtest),
        bands(groups, digits),
        reasons(groups, digits));
  }

  /** One row per band and reason: a few dozen, whatever the number of customers. */
  private static Dataset<Row> groups(Dataset<Row> scores) {
    Column atRisk = Money.minorUnits(ChurnScoresTable.VALUE_AT_RISK);
    return scores
        .select(
            ChurnScoresTable.RISK_BAND.col(),
            ChurnScoresTable.MODEL_ID.col(),
            ChurnScoresTable.CHURN_PROBABILITY.col(),
            ChurnScoresTable.CUSTOMER_ID.col(),
            Money.minorUnits(ChurnScoresTable.EXPECTED_NET).as(EXPECTED),
            atRisk.as(AT_RISK),
            regexp_replace(strongestThatRaises(), " \\(\\+[\\d.]+\\)$", "").as(REASON))
        .withColumn(PATTERN, pattern(col(REASON)))
        .groupBy(ChurnScoresTable.RISK_BAND.col(), ChurnScoresTable.MODEL_ID.col(), col(PATTERN))
        .agg(
            count(lit(1)).as(CUSTOMERS),
            sum(ChurnScoresTable.CHURN_PROBABILITY.col()).as(PROBABILITY),
            sum(col(EXPECTED)).as(EXPECTED),
            sum(col(AT_RISK)).as(AT_RISK),
            max(coalesce(col(AT_RISK), lit(0L))).as("most"),
            max_by(
                    col(REASON),
                    struct(coalesce(col(AT_RISK), lit(0L)), ChurnScoresTable.CUSTOMER_ID.col()))
                .as(EXAMPLE));
  }

  private static Column strongestThatRaises() {
    return when(ChurnScoresTable.CONTRIBUTION_1.col().gt(0), ChurnScoresTable.REASON_1.col())
        .when(ChurnScoresTable.CONTRIBUTION_2.col().gt(0), ChurnScoresTable.REASON_2.col())
        .when(ChurnScoresTable.CONTRIBUTION_3.col().gt(0), ChurnScoresTable.REASON_3.col());
  }

  private static Column pattern(Column reason) {
    return regexp_replace(regexp_replace(reason, "\\b1 day\\b", "1 days"), NUMBERS, ANY_NUMBER);
  }

  private static List<Row> models(PublishedTables tables) {
    return tables.rows(
        ChurnModelsTable.TABLE,
        models ->
            models.select(
                ChurnModelsTable.MODEL_ID.col(),
                ChurnModelsTable.TRAINED_AT_AS_OF.col(),
                ChurnModelsTable.RUN_ID.col(),
                ChurnModelsTable.HORIZON_DAYS.col(),
                ChurnModelsTable.VERDICT.col(),
                ChurnModelsTable.VERDICT_REASON.col()));
  }

  private static Optional<Integer> horizon(List<Row> models, List<Row> groups) {
    return groups.stream()
        .findFirst()
        .flatMap(
            scored ->
                models.stream()
                    .filter(
                        model ->
                            get(model, ChurnModelsTable.MODEL_ID)
                                .equals(get(scored, ChurnScoresTable.MODEL_ID)))
                    .findFirst())
        .map(model -> get(model, ChurnModelsTable.HORIZON_DAYS));
  }

  /** Why the newest model of this as_of may not score, where it may not. */
  private static Optional<String> refused(List<Row> models, LocalDate asOf) {
    return models.stream()
        .filter(model -> day(model, ChurnModelsTable.TRAINED_AT_AS_OF).equals(asOf))
        .max(Comparator.comparing(model -> get(model, ChurnModelsTable.RUN_ID)))
        .filter(model -> !get(model, ChurnModelsTable.VERDICT).equals(Verdict.PUBLISHED))
        .map(model -> get(model, ChurnModelsTable.VERDICT_REASON));
  }

  private static List<Backtest> backtest(PublishedTables tables) {
    return tables.rowsAsOf(ChurnBacktestTable.TABLE, rows -> rows).stream()
        .map(
            row ->
                new Backtest(
                    get(row, ChurnBacktestTable.MODEL_KIND),
                    day(row, ChurnBacktestTable.ORIGIN),
                    get(row, ChurnBacktestTable.CUSTOMERS),
                    get(row, ChurnBacktestTable.CHURN_RATE),
                    get(row, ChurnBacktestTable.AUC),
                    get(row, ChurnBacktestTable.LOG_LOSS),
                    get(row, ChurnBacktestTable.BRIER),
                    get(row, ChurnBacktestTable.ECE),
                    lift(row)))
        .sorted(
            Comparator.comparing(Backtest::origin)
                .reversed()
                .thenComparing(Backtest::logLoss)
                .thenComparing(Backtest::kind))
        .toList();
  }

  private static List<Double> lift(Row row) {
    int index = row.fieldIndex(ChurnBacktestTable.DECILE_LIFT.name());
    return row.isNullAt(index) ? List.of() : List.copyOf(row.getList(index));
  }

  private static List<Bin> calibration(PublishedTables tables, List<Backtest> backtest) {
    if (backtest.isEmpty()) {
      return List.of();
    }
    return tables
        .rowsAsOf(
            ChurnCalibrationTable.TABLE,
            rows ->
                rows.where(ChurnBacktestTable.MODEL_KIND.col().equalTo(Backtest.MODEL))
                    .where(ChurnBacktestTable.ORIGIN.col().equalTo(lit(backtest.get(0).origin()))))
        .stream()
        .sorted(
            Comparator.comparing(row -> CohortRows.<Integer>get(row, ChurnCalibrationTable.BIN)))
        .map(
            row ->
                new Bin(
                    get(row, ChurnCalibrationTable.PREDICTED),
                    get(row, ChurnCalibrationTable.OBSERVED),
                    get(row, ChurnCalibrationTable.CUSTOMERS)))
        .toList();
  }

  private static List<Band> bands(List<Row> groups, int digits) {
    Map<String, List<Row>> byBand =
        groups.stream().collect(Collectors.groupingBy(row -> get(row, ChurnScoresTable.RISK_BAND)));
    return byBand.entrySet().stream()
        .map(
            band -> {
              long customers = customers(band.getValue());
              double probabilities =
                  band.getValue().stream().mapToDouble(row -> row.getAs(PROBABILITY)).sum();
              return new Band(
                  band.getKey(),
                  customers,
                  probabilities / customers,
                  money(band.getValue(), EXPECTED, digits),
                  money(band.getValue(), AT_RISK, digits));
            })
        .sorted(Comparator.comparingDouble(Band::meanProbability).reversed())
        .toList();
  }

  private static List<Reason> reasons(List<Row> groups, int digits) {
    Map<String, List<Row>> byPattern =
        groups.stream()
            .filter(row -> row.getAs(PATTERN) != null)
            .collect(
                Collectors.groupingBy(
                    row -> row.getAs(PATTERN), LinkedHashMap::new, Collectors.toList()));
    return byPattern.entrySet().stream()
        .map(
            pattern ->
                new Reason(
                    pattern.getKey(),
                    pattern.getValue().stream()
                        .max(
                            Comparator.<Row>comparingLong(row -> row.getAs("most"))
                                .thenComparing(row -> row.<String>getAs(EXAMPLE)))
                        .orElseThrow()
                        .getAs(EXAMPLE),
                    customers(pattern.getValue()),
                    money(pattern.getValue(), AT_RISK, digits)))
        .sorted(
            Comparator.comparingLong(Reason::customers).reversed().thenComparing(Reason::pattern))
        .toList();
  }

  private static long customers(List<Row> groups) {
    return groups.stream().mapToLong(row -> row.getAs(CUSTOMERS)).sum();
  }

  /** Null where no customer's value is known. */
  private static BigDecimal money(List<Row> groups, String column, int digits) {
    List<Long> known =
        groups.stream()
            .map(row -> row.<Long>getAs(column))
            .filter(java.util.Objects::nonNull)
            .toList();
    return known.isEmpty()
        ? null
        : BigDecimal.valueOf(known.stream().mapToLong(Long::longValue).sum(), digits);
  }
}
