package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.ParallelQueries;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rolling-origin backtest: trains on the past of each fold and predicts its test window.
 * Regularisation and recalibration are chosen on older folds, never on the test window itself.
 */
final class ChurnBacktest {

  static final String LOGISTIC = "logistic";
  static final String RECENCY_ONLY = "recency_only";
  static final String BG_NBD = "bg_nbd";
  static final String BASE_RATE = "base_rate";

  /** The regularisation path: weights of the penalty; of equally good ones the first is chosen. */
  static final List<Double> REGULARISATIONS = List.of(0.3, 0.1, 0.03);

  /** The weight of the penalty without an older fold to choose on. */
  static final double DEFAULT_REGULARISATION = 0.1;

  private static final double RECENCY_REGULARISATION = 1e-3;

  private final LogisticTrainer trainer;
  private final LogisticTrainer recencyOnly;
  private final List<Fold> folds;
  private final List<List<ChurnModel>> models;
  private final double[][] logLoss;

  private ChurnBacktest(
      LogisticTrainer trainer,
      LogisticTrainer recencyOnly,
      List<Fold> folds,
      List<List<ChurnModel>> models,
      double[][] logLoss) {
    this.trainer = trainer;
    this.recencyOnly = recencyOnly;
    this.folds = folds;
    this.models = models;
    this.logLoss = logLoss;
  }

  /**
   * Trains every fold on the regularisation path.
   *
   * @param folds newest first
   */
  static ChurnBacktest of(LogisticTrainer trainer, LogisticTrainer recencyOnly, List<Fold> folds) {
    List<List<ChurnModel>> models =
        ParallelQueries.map(folds, fold -> trainer.fit(fold.trainingOrigins(), REGULARISATIONS));
    return new ChurnBacktest(trainer, recencyOnly, folds, models, logLoss(trainer, folds, models));
  }

  private static double[][] logLoss(
      LogisticTrainer trainer, List<Fold> folds, List<List<ChurnModel>> models) {
    return ParallelQueries.map(
            IntStream.range(0, folds.size()).boxed().toList(),
            f -> {
              List<Column> losses =
                  models.get(f).stream()
                      .map(model -> avg(loss(trainer.probability(model))))
                      .toList();
              Row row =
                  at(trainer, folds.get(f).origin())
                      .agg(losses.get(0), losses.subList(1, losses.size()).toArray(Column[]::new))
                      .first();
              return IntStream.range(0, losses.size()).mapToDouble(row::getDouble).toArray();
            })
        .toArray(double[][]::new);
  }

  private static Column loss(Column probability) {
    Column p = LogOdds.clip(probability);
    return log(when(Labels.LABEL.col().equalTo(1), p).otherwise(lit(1.0).minus(p))).unary_$minus();
  }

  private static Dataset<Row> at(LogisticTrainer trainer, LocalDate origin) {
    return trainer.rows().where(History.ORIGIN.col().equalTo(lit(origin)));
  }

  /** Index of the regularisation with the least log loss on folds number {@code from} and older. */
  private int regularisation(int from) {
    if (from >= folds.size()) {
      return REGULARISATIONS.indexOf(DEFAULT_REGULARISATION);
    }
    return IntStream.range(0, REGULARISATIONS.size())
        .boxed()
        .min(
            Comparator.comparingDouble(
                r -> IntStream.range(from, folds.size()).mapToDouble(f -> logLoss[f][r]).sum()))
        .orElseThrow();
  }

  /** The regularisation for a model that is trained after all folds. */
  double regularisation() {
    return REGULARISATIONS.get(regularisation(0));
  }

  private ChurnModel uncalibrated(int fold) {
    return models.get(fold).get(regularisation(fold + 1));
  }

  /**
   * @param recalibrations one per tested fold
   * @return model_kind, origin, predicted, observed
   */
  private Dataset<Row> predictions(int tested, List<Recalibration> recalibrations) {
    List<Dataset<Row>> parts =
        ParallelQueries.map(
            IntStream.range(0, tested).boxed().toList(),
            f -> {
              Fold fold = folds.get(f);
              Map<String, Column> kinds = new LinkedHashMap<>();
              kinds.put(
                  LOGISTIC,
                  trainer.probability(uncalibrated(f).recalibrated(recalibrations.get(f))));
              kinds.put(
                  RECENCY_ONLY,
                  recencyOnly.probability(
                      recencyOnly
                          .fit(fold.trainingOrigins(), List.of(RECENCY_REGULARISATION))
                          .get(0)));
              kinds.put(BG_NBD, BgNbdFeature.PROBABILITY.col());
              kinds.put(BASE_RATE, lit(trainer.churnRate(fold.trainingOrigins())));
              return of(at(trainer, fold.origin()), kinds);
            });
    return parts.stream().reduce(Dataset::unionByName).orElseThrow();
  }

  private static Dataset<Row> of(Dataset<Row> rows, Map<String, Column> kinds) {
    Column[] structs =
        kinds.entrySet().stream()
            .map(
                kind ->
                    struct(
                        lit(kind.getKey()).as(ChurnBacktestTable.MODEL_KIND.name()),
                        History.ORIGIN.col().as(ChurnBacktestTable.ORIGIN.name()),
                        kind.getValue().as(ChurnCalibrationTable.PREDICTED.name()),
                        Labels.LABEL.col().as(ChurnCalibrationTable.OBSERVED.name())))
            .toArray(Column[]::new);
    return rows.select(inline(array(structs)))
        .where(ChurnCalibrationTable.PREDICTED.col().isNotNull());
  }

  /**
   * Out-of-time predictions.
   *
   * @param rows model_kind, origin, predicted, observed of the tested folds
   * @param next recalibration for a model that is trained after all folds
   */
  record Predictions(Dataset<Row> rows, Recalibration next) {}

  /**
   * Predicts the newest folds by every kind of model.
   *
   * @param tested number of folds to predict; older ones only serve to choose
   */
  Predictions predict(int tested) {
    Dataset<Row> uncalibrated =
        IntStream.range(0, folds.size())
            .mapToObj(
                f ->
                    of(
                        at(trainer, folds.get(f).origin()),
                        Map.of(LOGISTIC, trainer.probability(uncalibrated(f)))))
            .reduce(Dataset::unionByName)
            .orElseThrow();
    SortedMap<LocalDate, List<CalibrationLine.Group>> groups =
        logOdds(ScoreBins.histogram(uncalibrated));
    List<List<CalibrationLine.Group>> byFold =
        folds.stream().map(fold -> groups.getOrDefault(fold.origin(), List.of())).toList();
    List<Recalibration> recalibrations =
        IntStream.range(0, tested)
            .mapToObj(f -> Recalibration.choose(byFold.subList(f + 1, byFold.size())))
            .toList();
    return new Predictions(predictions(tested, recalibrations), Recalibration.choose(byFold));
  }

  /**
   * Collects predicted log-odds and outcomes of the logistic model by origin.
   *
   * @param histogram rows of {@link ScoreBins#histogram}
   */
  static SortedMap<LocalDate, List<CalibrationLine.Group>> logOdds(Dataset<Row> histogram) {
    Column origin = ChurnBacktestTable.ORIGIN.col();
    Column customers = sum(ChurnBacktestTable.CUSTOMERS.col());
    SortedMap<LocalDate, List<CalibrationLine.Group>> byOrigin = new TreeMap<>();
    List<Row> rows =
        histogram
            .where(ChurnBacktestTable.MODEL_KIND.col().equalTo(lit(LOGISTIC)))
            .groupBy(origin, ScoreBins.BUCKET.col())
            .agg(
                Evaluation.meanLogOdds(sum(ScoreBins.LOG_ODDS.col()), customers),
                customers,
                sum(ScoreBins.POSITIVES.col()))
            .orderBy(origin, ScoreBins.BUCKET.col())
            .collectAsList();
    for (Row row : rows) {
      byOrigin
          .computeIfAbsent(row.getDate(0).toLocalDate(), any -> new ArrayList<>())
          .add(new CalibrationLine.Group(row.getDouble(2), row.getLong(3), row.getLong(4)));
    }
    return byOrigin;
  }
}
