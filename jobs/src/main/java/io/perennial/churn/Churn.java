package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.customers.CustomersTable;
import io.perennial.spark.CachedDatasets;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Learns from customer_days at one as_of and scores its customers. The histories of all origins
 * come out of one pass and stay cached until {@link #close}.
 */
public final class Churn implements AutoCloseable {

  private final Settings.Churn settings;
  private final int minorDigits;
  private final RollingOrigins grid;
  private final List<Feature> features;
  private final CachedDatasets kept;
  private final Dataset<Row> histories;
  private final Column isLearntFrom;
  private final BgNbdFeature pace;
  private final ValueModels values;

  private Churn(
      Settings.Churn settings,
      int minorDigits,
      RollingOrigins grid,
      List<Feature> features,
      CachedDatasets kept,
      Dataset<Row> histories,
      Column isLearntFrom,
      BgNbdFeature pace,
      ValueModels values) {
    this.settings = settings;
    this.minorDigits = minorDigits;
    this.grid = grid;
    this.features = features;
    this.kept = kept;
    this.histories = histories;
    this.isLearntFrom = isLearntFrom;
    this.pace = pace;
    this.values = values;
  }

  /**
   * @param days rows of customer_days
   * @param customers number of customers, to decide whether models learn from all
   */
  public static Churn at(
      LocalDate asOf, Dataset<Row> days, long customers, Settings.Churn settings, int minorDigits) {
    RollingOrigins grid = new RollingOrigins(asOf, settings.horizonDays());
    List<LocalDate> labelled =
        settings.model().isPresent()
            ? List.of()
            : grid.between(1, settings.folds() + 1 + settings.trainingOrigins());
    Sampling sampling = Sampling.of(settings.maxTrainingCustomers(), customers);
    History history = History.before(days, List.of(asOf), labelled, sampling);
    CachedDatasets kept = new CachedDatasets();
    Dataset<Row> histories =
        kept.keep(
            Labels.label(
                GroupedHistory.of(history, settings.horizonDays(), settings.lookbackDays()),
                days,
                grid,
                labelled));
    Column isLearntFrom = sampling.draws(CustomersTable.CUSTOMER_ID.col());
    Dataset<Row> learnt = histories.where(isLearntFrom);
    BgNbdFeature pace = BgNbdFeature.of(learnt, settings.horizonDays(), settings.lookbackDays());
    return new Churn(
        settings,
        minorDigits,
        grid,
        Features.of(settings.horizonDays(), minorDigits),
        kept,
        histories,
        isLearntFrom,
        pace,
        ValueModels.of(learnt, pace, asOf, minorDigits));
  }

  /** The same without a group of features, for the ablation; it shares what is cached. */
  Churn without(Feature.Group group) {
    return new Churn(
        settings,
        minorDigits,
        grid,
        features.stream().filter(feature -> feature.group() != group).toList(),
        kept,
        histories,
        isLearntFrom,
        pace,
        values);
  }

  /**
   * What training came to.
   *
   * @param model the model with its verdict; empty where there is too little to learn from
   * @param tooLittle why there is no model, else empty
   * @param backtest rows of churn_backtest
   * @param calibration rows of churn_calibration
   */
  public record Trained(
      Optional<StoredModel> model, String tooLittle, List<Row> backtest, List<Row> calibration) {}

  /** Trains a model on the newest origins, and tests its kind on windows that it had not seen. */
  public Trained train(String runId) {
    List<Feature> recency = Features.recencyOnly();
    TermVectors vectors = TermVectors.of(features, recency);
    Dataset<Row> past =
        histories
            .where(isLearntFrom)
            .where(col(GroupedHistory.IS_ELIGIBLE))
            .where(col(History.ORIGIN).notEqual(lit(grid.asOf())));
    try (CachedDatasets whileTraining = new CachedDatasets()) {
      Dataset<Row> rows = whileTraining.keep(vectors.addTo(pace.addTo(past)));
      return train(runId, rows, vectors, recency);
    }
  }

  private Trained train(
      String runId, Dataset<Row> rows, TermVectors vectors, List<Feature> recency) {
    SortedMap<LocalDate, OriginStatistics> statistics = OriginStatistics.of(rows);
    List<LocalDate> usable = UsableOrigins.of(grid, statistics, settings.minCustomers());
    if (usable.size() < 2) {
      return new Trained(
          Optional.empty(),
          UsableOrigins.tooFew(grid, statistics, settings.minCustomers()),
          List.of(),
          List.of());
    }
    LogisticTrainer training =
        new LogisticTrainer(rows, features, vectors.places(features), statistics);
    LogisticTrainer recencyOnly =
        new LogisticTrainer(rows, recency, vectors.places(recency), statistics);
    List<Fold> folds = Fold.of(grid, usable, settings.folds() + 1, settings.trainingOrigins());
    ChurnBacktest backtest = ChurnBacktest.of(training, recencyOnly, folds);
    ChurnBacktest.Predictions predictions =
        backtest.predict(Math.min(folds.size(), settings.folds()));
    List<Row> metrics;
    List<Row> calibration;
    try (CachedDatasets whileJudging = new CachedDatasets()) {
      Dataset<Row> histogram = whileJudging.keep(ScoreBins.histogram(predictions.rows()));
      Dataset<Row> cells = whileJudging.keep(ScoreBins.of(histogram));
      metrics = collect(Evaluation.metrics(cells), ChurnBacktestTable.TABLE.fields());
      calibration = collect(Evaluation.calibration(cells), ChurnCalibrationTable.TABLE.fields());
    }
    List<LocalDate> origins =
        usable.subList(0, Math.min(usable.size(), settings.trainingOrigins()));
    ChurnModel model =
        training
            .fit(origins, List.of(backtest.regularisation()))
            .get(0)
            .recalibrated(predictions.next());
    LocalDate test = folds.get(0).origin();
    StoredModel stored =
        new StoredModel(
            ModelId.of(grid.asOf(), settings, origins, statistics),
            grid.asOf(),
            settings.horizonDays(),
            settings.lookbackDays(),
            model,
            Verdict.of(test, ofOrigin(metrics, test), settings.maxCalibrationError()),
            predictions.next(),
            backtest.regularisation(),
            origins,
            origins.stream().mapToLong(origin -> statistics.get(origin).customers()).sum(),
            values,
            runId);
    return new Trained(Optional.of(stored), "", metrics, calibration);
  }

  private List<Row> collect(Dataset<Row> figures, List<Field> fields) {
    return figures
        .withColumn(Table.AS_OF.name(), lit(grid.asOf()))
        .select(fields.stream().map(Field::col).toArray(Column[]::new))
        .orderBy(ChurnBacktestTable.ORIGIN.col().desc(), ChurnBacktestTable.MODEL_KIND.col())
        .collectAsList();
  }

  private static Map<String, Row> ofOrigin(List<Row> metrics, LocalDate origin) {
    Map<String, Row> byKind = new HashMap<>();
    for (Row row : metrics) {
      if (row.getDate(row.fieldIndex(ChurnBacktestTable.ORIGIN.name()))
          .toLocalDate()
          .equals(origin)) {
        byKind.put(row.getAs(ChurnBacktestTable.MODEL_KIND.name()), row);
      }
    }
    return byKind;
  }

  /**
   * Rows of churn_scores of this as_of.
   *
   * @throws IllegalStateException if the model is for another horizon or other customers
   */
  public Dataset<Row> scores(StoredModel.Scorer scorer) {
    if (scorer.horizonDays() != settings.horizonDays()
        || !scorer.lookbackDays().equals(settings.lookbackDays())) {
      throw new IllegalStateException(
          "Cannot score with model %s: it is of churn.horizon %d and churn.lookback %s, the settings"
                  .formatted(
                      scorer.modelId(), scorer.horizonDays(), lookback(scorer.lookbackDays()))
              + " are %d and %s."
                  .formatted(settings.horizonDays(), lookback(settings.lookbackDays())));
    }
    Dataset<Row> rows =
        pace.addTo(
            histories
                .where(col(History.ORIGIN).equalTo(lit(grid.asOf())))
                .where(col(GroupedHistory.IS_ELIGIBLE)));
    return ChurnScores.of(rows, scorer, features, values, settings.riskBands(), minorDigits);
  }

  private static String lookback(Optional<Integer> days) {
    return days.map(String::valueOf).orElse("all");
  }

  @Override
  public void close() {
    kept.close();
  }
}
