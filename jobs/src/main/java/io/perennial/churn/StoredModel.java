package io.perennial.churn;

import io.perennial.churn.ChurnModel.Weight;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * A row of churn_models.
 *
 * @param modelId names it
 * @param trainedAtAsOf the as_of whose run trained it
 * @param horizonDays H
 * @param lookbackDays L, empty for all customers
 * @param model with its recalibration
 * @param verdict what the gate says
 * @param recalibration what is part of the model
 * @param regularisation weight of the penalty
 * @param origins that it learnt from, newest first
 * @param trainingCustomers customers of these origins, added up
 * @param values BG/NBD and Gamma-Gamma fitted at as_of
 * @param runId the run that trained it
 */
public record StoredModel(
    String modelId,
    LocalDate trainedAtAsOf,
    int horizonDays,
    Optional<Integer> lookbackDays,
    ChurnModel model,
    Verdict verdict,
    Recalibration recalibration,
    double regularisation,
    List<LocalDate> origins,
    long trainingCustomers,
    ValueModels values,
    String runId) {

  /** Of the features that this program computes. */
  public static final String FEATURE_VERSION = Features.VERSION;

  /** The row for churn_models, its columns in the declared order. */
  public Row toRow() {
    List<Weight> weights = model.weights();
    return RowFactory.create(
        modelId,
        Date.valueOf(trainedAtAsOf),
        horizonDays,
        weights.stream().map(Weight::coefficient).toList(),
        weights.stream().map(Weight::mean).toList(),
        weights.stream().map(Weight::scale).toList(),
        verdict.label(),
        verdict.reason(),
        lookbackDays.orElse(null),
        model.intercept(),
        weights.stream().map(Weight::term).toList(),
        weights.stream().map(Weight::feature).toList(),
        weights.stream().map(Weight::low).toList(),
        weights.stream().map(Weight::high).toList(),
        recalibration.intercept(),
        recalibration.slope(),
        regularisation,
        origins.stream().map(Date::valueOf).toList(),
        trainingCustomers,
        Features.VERSION,
        values.bgNbdParameters(),
        values.gammaGammaParameters(),
        runId);
  }

  /**
   * What scoring needs of a row of churn_models.
   *
   * @throws IllegalStateException if its features are those of another version
   */
  public static Scorer scorer(Row row) {
    String modelId = row.getAs(ChurnModelsTable.MODEL_ID.name());
    String version = row.getAs(ChurnModelsTable.FEATURE_VERSION.name());
    if (!version.equals(Features.VERSION)) {
      throw new IllegalStateException(
          "Cannot score with model %s: its features are of version %s, this program's of version %s."
                  .formatted(modelId, version, Features.VERSION)
              + " Train a new one: leave churn.model unset.");
    }
    List<Double> coefficients = numbers(row, ChurnModelsTable.COEFFICIENTS.name());
    List<Double> means = numbers(row, ChurnModelsTable.MEANS.name());
    List<Double> scales = numbers(row, ChurnModelsTable.SCALES.name());
    List<Double> lows = numbers(row, ChurnModelsTable.LOWS.name());
    List<Double> highs = numbers(row, ChurnModelsTable.HIGHS.name());
    List<String> terms = row.getList(row.fieldIndex(ChurnModelsTable.TERMS.name()));
    List<String> features = row.getList(row.fieldIndex(ChurnModelsTable.FEATURES.name()));
    List<Weight> weights = new ArrayList<>();
    for (int j = 0; j < terms.size(); j++) {
      weights.add(
          new Weight(
              terms.get(j),
              features.get(j),
              coefficients.get(j),
              means.get(j),
              scales.get(j),
              lows.get(j),
              highs.get(j)));
    }
    int lookback = row.fieldIndex(ChurnModelsTable.LOOKBACK_DAYS.name());
    return new Scorer(
        modelId,
        row.getAs(ChurnModelsTable.HORIZON_DAYS.name()),
        row.isNullAt(lookback) ? Optional.empty() : Optional.of(row.getInt(lookback)),
        new ChurnModel(row.getAs(ChurnModelsTable.INTERCEPT.name()), weights));
  }

  /** What scoring needs of this model. */
  public Scorer scorer() {
    return new Scorer(modelId, horizonDays, lookbackDays, model);
  }

  private static List<Double> numbers(Row row, String column) {
    return row.getList(row.fieldIndex(column));
  }

  /**
   * A model ready to score.
   *
   * @param modelId of churn_models
   * @param horizonDays H that it predicts
   * @param lookbackDays L that it is for
   */
  public record Scorer(
      String modelId, int horizonDays, Optional<Integer> lookbackDays, ChurnModel model) {}
}
