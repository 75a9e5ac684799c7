package io.perennial.report;

import static io.perennial.report.RowValues.day;
import static io.perennial.report.RowValues.get;
import static org.apache.spark.sql.functions.*;

import io.perennial.churn.ChurnBacktestTable;
import io.perennial.churn.ChurnCalibrationTable;
import io.perennial.churn.ChurnModelsTable;
import io.perennial.churn.ChurnScoresTable;
import io.perennial.churn.Verdict;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Churn: how good the model is, who is at risk, and why.
 *
 * @param horizonDays of the model that scored; null where there are no scores
 * @param refusal why the gate refused the newest model; null where it did not
 * @param backtest by test window, newest first, then by log loss
 * @param calibration of the model on the newest window, by bin
 * @param bands by mean probability, highest first
 * @param reasons by customers, most first
 */
public record ChurnFigures(
    Integer horizonDays,
    String refusal,
    List<Backtest> backtest,
    List<Bin> calibration,
    List<Band> bands,
    List<Reason> reasons) {

  /** A kind of model on a test window. */
  public record Backtest(
      String kind,
      LocalDate origin,
      long customers,
      double churnRate,
      Double auc,
      double logLoss,
      double brier,
      double calibrationError,
      List<Double> decileLift) {

    static final String MODEL = "logistic";

    boolean isModel() {
      return kind.equals(MODEL);
    }
  }

  /** A bin of churn_calibration. */
  public record Bin(double predicted, double observed, long customers) {}

  /** A risk band; money is null where value could not be fitted. */
  public record Band(
      String name,
      long customers,
      double meanProbability,
      BigDecimal expectedNet,
      BigDecimal valueAtRisk) {}

  /**
   * What raises the risk of some customers most.
   *
   * @param pattern the reason without its numbers
   * @param example the reason of the customer with most at risk
   */
  public record Reason(String pattern, String example, long customers, BigDecimal valueAtRisk) {}

  /** Placeholder for a customer's own number in a reason of many customers. */
  private static final String ANY_NUMBER = "…";

  /** Matches a customer's own numbers, not the lengths of windows, which are equal for all. */
  private static final String NUMBERS =
      "(?<![\\d.,])(?<!last )(?<!within )\\d+(?:[.,]\\d+)*(?! days in the coming)";

  private static final Field REASON = Field.text("reason", "The strongest that raises the risk.");
  private static final Field PATTERN = Field.text("pattern", "The reason without numbers.");
  private static final Field EXAMPLE = Field.text("example", "Reason of most value at risk.");
  private static final Field CUSTOMERS = Field.count("customers", "Customers of the group.");
  private static final Field PROBABILITY = Field.rate("probability", "Sum of probabilities.");
  private static final Field EXPECTED = Field.count("expected", "Expected net, minor units.");
  private static final Field AT_RISK = Field.count("at_risk", "Value at risk, minor units.");
  private static final Field MOST_AT_RISK = Field.count("most", "The greatest of one customer.");

  static ChurnFigures read(PublishedTables tables) {
    int digits = tables.store().minorDigits();
    List<Row> groups = tables.rowsAsOf(ChurnScoresTable.TABLE, ChurnFigures::groups);
    List<Row> models = models(tables);
    List<Backtest> backtest = readBacktest(tables);
    return new ChurnFigures(
        horizon(models, groups),
        refusal(models, tables.asOf()),
        backtest,
        readCalibration(tables, backtest),
        bands(groups, digits),
        reasons(groups, digits));
  }

  /** One row per band, model and reason pattern: a few dozen for any number of customers. */
  private static Dataset<Row> groups(Dataset<Row> scores) {
    Column atRisk = Money.minorUnits(ChurnScoresTable.VALUE_AT_RISK);
    return scores
        .select(
            ChurnScoresTable.RISK_BAND.col(),
            ChurnScoresTable.MODEL_ID.col(),
            ChurnScoresTable.CHURN_PROBABILITY.col(),
            ChurnScoresTable.CUSTOMER_ID.col(),
            Money.minorUnits(ChurnScoresTable.EXPECTED_NET).as(EXPECTED.name()),
            atRisk.as(AT_RISK.name()),
            regexp_replace(strongestThatRaises(), " \\(\\+[\\d.]+\\)$", "").as(REASON.name()))
        .withColumn(PATTERN.name(), pattern(REASON.col()))
        .groupBy(ChurnScoresTable.RISK_BAND.col(), ChurnScoresTable.MODEL_ID.col(), PATTERN.col())
        .agg(
            count(lit(1)).as(CUSTOMERS.name()),
            sum(ChurnScoresTable.CHURN_PROBABILITY.col()).as(PROBABILITY.name()),
            sum(EXPECTED.col()).as(EXPECTED.name()),
            sum(AT_RISK.col()).as(AT_RISK.name()),
            max(coalesce(AT_RISK.col(), lit(0L))).as(MOST_AT_RISK.name()),
            max_by(
                    REASON.col(),
                    struct(coalesce(AT_RISK.col(), lit(0L)), ChurnScoresTable.CUSTOMER_ID.col()))
                .as(EXAMPLE.name()));
  }

  /** The tests on the newest window. */
  public static List<Backtest> ofNewestWindow(List<Backtest> backtest) {
    return backtest.stream().filter(b -> b.origin().equals(backtest.get(0).origin())).toList();
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

  private static Integer horizon(List<Row> models, List<Row> groups) {
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
        .map(model -> RowValues.<Integer>get(model, ChurnModelsTable.HORIZON_DAYS))
        .orElse(null);
  }

  private static String refusal(List<Row> models, LocalDate asOf) {
    return models.stream()
        .filter(model -> day(model, ChurnModelsTable.TRAINED_AT_AS_OF).equals(asOf))
        .max(Comparator.comparing(model -> get(model, ChurnModelsTable.RUN_ID)))
        .filter(model -> !get(model, ChurnModelsTable.VERDICT).equals(Verdict.PUBLISHED))
        .map(model -> RowValues.<String>get(model, ChurnModelsTable.VERDICT_REASON))
        .orElse(null);
  }

  /** The tests of the run, by test window, newest first, then by log loss. */
  public static List<Backtest> readBacktest(PublishedTables tables) {
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

  private static List<Bin> readCalibration(PublishedTables tables, List<Backtest> backtest) {
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
        .sorted(Comparator.comparing(row -> RowValues.<Integer>get(row, ChurnCalibrationTable.BIN)))
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
                  band.getValue().stream().mapToDouble(row -> get(row, PROBABILITY)).sum();
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
            .filter(row -> get(row, PATTERN) != null)
            .collect(
                Collectors.groupingBy(
                    row -> get(row, PATTERN), LinkedHashMap::new, Collectors.toList()));
    return byPattern.entrySet().stream()
        .map(
            pattern ->
                new Reason(
                    pattern.getKey(),
                    pattern.getValue().stream()
                        .max(
                            Comparator.<Row>comparingLong(row -> get(row, MOST_AT_RISK))
                                .thenComparing(row -> RowValues.<String>get(row, EXAMPLE)))
                        .orElseThrow()
                        .getAs(EXAMPLE.name()),
                    customers(pattern.getValue()),
                    money(pattern.getValue(), AT_RISK, digits)))
        .sorted(
            Comparator.comparingLong(Reason::customers).reversed().thenComparing(Reason::pattern))
        .toList();
  }

  private static long customers(List<Row> groups) {
    return groups.stream().mapToLong(row -> get(row, CUSTOMERS)).sum();
  }

  /** Null where no customer's value is known. */
  private static BigDecimal money(List<Row> groups, Field column, int digits) {
    List<Long> known =
        groups.stream()
            .map(row -> RowValues.<Long>get(row, column))
            .filter(Objects::nonNull)
            .toList();
    return known.isEmpty()
        ? null
        : BigDecimal.valueOf(known.stream().mapToLong(Long::longValue).sum(), digits);
  }
}
