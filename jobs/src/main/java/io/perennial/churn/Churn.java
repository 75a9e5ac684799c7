package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.config.Sha256;
import io.perennial.customers.CustomersTable;
import io.perennial.spark.CachedDatasets;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Trains on customer_days at one as_of and scores its customers. The histories at all origins are
 * computed in one pass and stay cached until {@link #close}.
 */
public final class Churn implements AutoCloseable {

  private static final int HEX_DIGITS = 10;

  private final Settings.Churn settings;
  private final int minorDigits;
  private final RollingOrigins origins;
  private final List<Feature> features;
  private final Inputs inputs;

  /**
   * The data that training and scoring share.
   *
   * @param cache holds {@code histories}
   * @param histories labelled rows of {@link GroupedHistory} at all origins
   * @param isSampled whether models train on a row's customer
   */
  private record Inputs(
      CachedDatasets cache,
      Dataset<Row> histories,
      Column isSampled,
      BgNbdFeature bgNbd,
      ValueModels values) {}

  private Churn(
      Settings.Churn settings,
      int minorDigits,
      RollingOrigins origins,
      List<Feature> features,
      Inputs inputs) {
    this.settings = settings;
    this.minorDigits = minorDigits;
    this.origins = origins;
    this.features = features;
    this.inputs = inputs;
  }

  /**
   * @param days rows of customer_days
   * @param customers number of customers, which decides whether models train on a sample
   */
  public static Churn at(
      LocalDate asOf, Dataset<Row> days, long customers, Settings.Churn settings, int minorDigits) {
    ChurnDefinition definition = ChurnDefinition.of(settings);
    RollingOrigins origins = new RollingOrigins(asOf, settings.horizonDays());
    List<LocalDate> labelled =
        settings.model().isPresent()
            ? List.of()
            : origins.between(1, settings.folds() + 1 + settings.trainingOrigins());
    Sampling sampling = Sampling.of(settings.maxTrainingCustomers(), customers);
    History history = History.before(days, List.of(asOf), labelled, sampling);
    CachedDatasets cache = new CachedDatasets();
    Dataset<Row> histories =
        cache.keep(Labels.label(GroupedHistory.of(history, definition), days, origins, labelled));
    Column isSampled = sampling.includes(CustomersTable.CUSTOMER_ID.col());
    Dataset<Row> sample = histories.where(isSampled);
    BgNbdFeature bgNbd = BgNbdFeature.of(sample, definition);
    return new Churn(
        settings,
        minorDigits,
        origins,
        Features.of(settings.horizonDays(), minorDigits),
        new Inputs(
            cache, histories, isSampled, bgNbd, ValueModels.of(sample, bgNbd, asOf, minorDigits)));
  }

  /** The same without a group of features, for the ablation; it shares the cached data. */
  Churn without(Feature.Group group) {
    List<Feature> others = features.stream().filter(f -> f.group() != group).toList();
    return new Churn(settings, minorDigits, origins, others, inputs);
  }

  /** Trains a model on the newest origins, and backtests its kind on unseen windows. */
  public TrainingResult train(String runId) {
    List<Feature> recency = Features.recencyOnly();
    TermVectors vectors = TermVectors.of(features, recency);
    Dataset<Row> past =
        inputs
            .histories()
            .where(inputs.isSampled())
            .where(GroupedHistory.IS_ELIGIBLE.col())
            .where(History.ORIGIN.col().notEqual(lit(origins.asOf())));
    try (CachedDatasets cache = new CachedDatasets()) {
      Dataset<Row> rows = cache.keep(vectors.addTo(inputs.bgNbd().addTo(past)));
      SortedMap<LocalDate, OriginStatistics> statistics = OriginStatistics.of(rows);
      List<LocalDate> usable = UsableOrigins.of(origins, statistics, settings.minCustomers());
      if (usable.size() < 2) {
        return TrainingResult.withoutModel(
            UsableOrigins.shortage(origins, statistics, settings.minCustomers()));
      }
      return train(
          runId,
          usable,
          new LogisticTrainer(rows, features, vectors.indices(features), statistics),
          new LogisticTrainer(rows, recency, vectors.indices(recency), statistics));
    }
  }

  private TrainingResult train(
      String runId, List<LocalDate> usable, LogisticTrainer trainer, LogisticTrainer recencyOnly) {
    List<Fold> folds = Fold.of(origins, usable, settings.folds() + 1, settings.trainingOrigins());
    ChurnBacktest backtest = ChurnBacktest.of(trainer, recencyOnly, folds);
    ChurnBacktest.Predictions predictions =
        backtest.predict(Math.min(folds.size(), settings.folds()));
    List<Row> metrics;
    List<Row> calibration;
    try (CachedDatasets cache = new CachedDatasets()) {
      Dataset<Row> histogram = cache.keep(ScoreBins.histogram(predictions.rows()));
      Dataset<Row> bins = cache.keep(ScoreBins.of(histogram));
      metrics = collect(Evaluation.metrics(bins), ChurnBacktestTable.TABLE);
      calibration = collect(Evaluation.calibration(bins), ChurnCalibrationTable.TABLE);
    }
    List<LocalDate> newest = usable.subList(0, Math.min(usable.size(), settings.trainingOrigins()));
    StoredModel.Training training =
        new StoredModel.Training(
            newest, trainer.customers(newest), backtest.regularisation(), predictions.next());
    LocalDate test = folds.get(0).origin();
    Verdict verdict = Verdict.of(test, ofOrigin(metrics, test), settings.maxCalibrationError());
    return TrainingResult.of(model(runId, trainer, training, verdict), metrics, calibration);
  }

  private StoredModel model(
      String runId, LogisticTrainer trainer, StoredModel.Training training, Verdict verdict) {
    ChurnModel model =
        trainer
            .fit(training.origins(), List.of(training.regularisation()))
            .get(0)
            .recalibrated(training.recalibration());
    return new StoredModel(
        new ScoringModel(modelId(trainer, training.origins()), ChurnDefinition.of(settings), model),
        origins.asOf(),
        runId,
        verdict,
        training,
        inputs.values());
  }

  /** A hash of data, settings and feature version, so a rebuild gives the same id. */
  private String modelId(LogisticTrainer trainer, List<LocalDate> trainingOrigins) {
    StringBuilder text = new StringBuilder(Features.VERSION);
    text.append('|').append(settings).append('|').append(trainingOrigins);
    trainer
        .statistics()
        .forEach((origin, of) -> text.append('|').append(origin).append(of.digest()));
    return "churn-" + origins.asOf() + "-" + Sha256.hex(text.toString()).substring(0, HEX_DIGITS);
  }

  private List<Row> collect(Dataset<Row> figures, Table table) {
    return figures
        .withColumn(Table.AS_OF.name(), lit(origins.asOf()))
        .select(table.columns())
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
   * @throws IllegalStateException if the model is for another horizon or lookback
   */
  public Dataset<Row> scores(ScoringModel model) {
    ChurnDefinition definition = ChurnDefinition.of(settings);
    if (!model.definition().equals(definition)) {
      throw new IllegalStateException(
          "Cannot score with model %s: it is of churn.horizon %d and churn.lookback %s, the settings"
                  .formatted(
                      model.modelId(),
                      model.definition().horizonDays(),
                      model.definition().lookback())
              + " are %d and %s.".formatted(definition.horizonDays(), definition.lookback()));
    }
    Dataset<Row> rows =
        inputs
            .bgNbd()
            .addTo(
                inputs
                    .histories()
                    .where(History.ORIGIN.col().equalTo(lit(origins.asOf())))
                    .where(GroupedHistory.IS_ELIGIBLE.col()));
    return ChurnScores.of(
        rows, model, features, inputs.values(), settings.riskBands(), minorDigits);
  }

  @Override
  public void close() {
    inputs.cache().close();
  }
}
