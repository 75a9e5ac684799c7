package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.ParallelQueries;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Trains on the past of each fold and predicts its window, with what an earlier fold has taught
 * about regularisation and recalibration, never with what the window itself would.
 */
final class ChurnBacktest {

  static final String LOGISTIC = "logistic";
  static final String RECENCY_ONLY = "recency_only";
  static final String BG_NBD = "bg_nbd";
  static final String BASE_RATE = "base_rate";

  /** Weights of the penalty that are tried; the first that is not beaten is taken. */
  static final List<Double> REGULARISATIONS = List.of(0.3, 0.1, 0.03);

  /** What is taken where no earlier fold can tell. */
  static final double DEFAULT_REGULARISATION = 0.1;

  private static final double HARDLY_ANY = 1e-3;

  private final LogisticTrainer training;
  private final LogisticTrainer recencyOnly;
  private final List<Fold> folds;
  private final List<List<ChurnModel>> models;
  private final double[][] logLoss;

  private ChurnBacktest(
      LogisticTrainer training,
      LogisticTrainer recencyOnly,
      List<Fold> folds,
      List<List<ChurnModel>> models,
      double[][] logLoss) {
    this.training = training;
    this.recencyOnly = recencyOnly;
    this.folds = folds;
    this.models = models;
    this.logLoss = logLoss;
  }

  /**
   * Trains every fold with every regularisation.
   *
   * @param folds newest first
   */
  static ChurnBacktest of(LogisticTrainer training, LogisticTrainer recencyOnly, List<Fold> folds) {
    List<List<ChurnModel>> models =
        ParallelQueries.map(folds, fold -> training.fit(fold.trainedOn(), REGULARISATIONS));
    return new ChurnBacktest(
        training, recencyOnly, folds, models, logLoss(training, folds, models));
  }

  private static double[][] logLoss(
      LogisticTrainer training, List<Fold> folds, List<List<ChurnModel>> models) {
    return ParallelQueries.map(
            IntStream.range(0, folds.size()).boxed().toList(),
            f -> {
              List<Column> losses =
                  models.get(f).stream()
                      .map(model -> avg(loss(training.probability(model))))
                      .toList();
              Row row =
                  at(training, folds.get(f).origin())
                      .agg(losses.get(0), losses.subList(1, losses.size()).toArray(Column[]::new))
                      .first();
              return IntStream.range(0, losses.size()).mapToDouble(row::getDouble).toArray();
            })
        .toArray(double[][]::new);
  }

  private static Column loss(Column probability) {
    Column p = LogOdds.clip(probability);
    return log(when(col(Labels.LABEL).equalTo(1), p).otherwise(lit(1.0).minus(p))).unary_$minus();
  }

  private static Dataset<Row> at(LogisticTrainer training, LocalDate origin) {
    return training.rows().where(col(History.ORIGIN).equalTo(lit(origin)));
  }

  /** The regularisation that did best on the folds from number {@code from} on, all older. */
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

  /** The regularisation for what is trained on all folds. */
  double regularisation() {
    return REGULARISATIONS.get(regularisation(0));
  }

  private ChurnModel uncalibrated(int fold) {
    return models.get(fold).get(regularisation(fold + 1));
  }

  /**
   * Predictions of every kind of model for the newest folds.
   *
   * @param recalibrations one per fold
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
                  training.probability(uncalibrated(f).recalibrated(recalibrations.get(f))));
              kinds.put(
                  RECENCY_ONLY,
                  recencyOnly.probability(
                      recencyOnly.fit(fold.trainedOn(), List.of(HARDLY_ANY)).get(0)));
              kinds.put(BG_NBD, col(BgNbdFeature.PROBABILITY));
              kinds.put(BASE_RATE, lit(training.churnRate(fold.trainedOn())));
              return of(at(training, fold.origin()), kinds);
            });
    return parts.stream().reduce(Dataset::unionByName).orElseThrow();
  }

  private static Dataset<Row> of(Dataset<Row> rows, Map<String, Column> kinds) {
    Column[] structs =
        kinds.entrySet().stream()
            .map(
                kind ->
                    struct(
                        lit(kind.getKey()).as("model_kind"),
                        col(History.ORIGIN).as("origin"),
                        kind.getValue().as("predicted"),
                        col(Labels.LABEL).as("observed")))
            .toArray(Column[]::new);
    return rows.select(inline(array(structs))).where(col("predicted").isNotNull());
  }

  /** What was predicted for the newest folds, and the recalibration for what comes next. */
  record Predictions(Dataset<Row> rows, Recalibration next) {}

  /**
   * @param tested how many of the folds are reported; older ones only teach
   */
  Predictions predict(int tested) {
    Dataset<Row> uncalibrated =
        IntStream.range(0, folds.size())
            .mapToObj(
                f ->
                    of(
                        at(training, folds.get(f).origin()),
                        Map.of(LOGISTIC, training.probability(uncalibrated(f)))))
            .reduce(Dataset::unionByName)
            .orElseThrow();
    SortedMap<LocalDate, List<CalibrationLine.Group>> groups =
        Evaluation.logOdds(ScoreBins.histogram(uncalibrated), LOGISTIC);
    List<List<CalibrationLine.Group>> byFold =
        folds.stream().map(fold -> groups.getOrDefault(fold.origin(), List.of())).toList();
    List<Recalibration> recalibrations =
        IntStream.range(0, tested)
            .mapToObj(f -> RecalibrationChoice.of(byFold.subList(f + 1, byFold.size())))
            .toList();
    return new Predictions(predictions(tested, recalibrations), RecalibrationChoice.of(byFold));
  }
}
