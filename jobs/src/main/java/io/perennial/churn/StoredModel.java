package io.perennial.churn;

import io.perennial.churn.ChurnModel.Weight;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * A row of churn_models.
 *
 * @param scoring what scoring needs of the model
 * @param trainedAtAsOf as_of of the run that trained it
 * @param runId the run that trained it
 * @param verdict whether its scores may be published
 * @param training the data and choices that the model was fitted with
 * @param values BG/NBD and Gamma-Gamma, fitted at as_of
 */
public record StoredModel(
    ScoringModel scoring,
    LocalDate trainedAtAsOf,
    String runId,
    Verdict verdict,
    Training training,
    ValueModels values) {

  /** Version of the features that this program computes. */
  public static final String FEATURE_VERSION = Features.VERSION;

  /**
   * The data and choices that a model was fitted with.
   *
   * @param origins training origins, newest first
   * @param customers customers of these origins, added up
   * @param regularisation weight of the L2 penalty
   * @param recalibration the recalibration that the weights contain
   */
  record Training(
      List<LocalDate> origins,
      long customers,
      double regularisation,
      Recalibration recalibration) {}

  public String modelId() {
    return scoring.modelId();
  }

  /** The row of churn_models, its columns in the declared order. */
  public Row toRow() {
    List<Weight> weights = scoring.model().weights();
    return RowFactory.create(
        modelId(),
        Date.valueOf(trainedAtAsOf),
        scoring.definition().horizonDays(),
        weights.stream().map(Weight::coefficient).toList(),
        weights.stream().map(Weight::mean).toList(),
        weights.stream().map(Weight::scale).toList(),
        verdict.label(),
        verdict.reason(),
        scoring.definition().storedLookback(),
        scoring.model().intercept(),
        weights.stream().map(Weight::term).toList(),
        weights.stream().map(Weight::feature).toList(),
        weights.stream().map(Weight::low).toList(),
        weights.stream().map(Weight::high).toList(),
        training.recalibration().intercept(),
        training.recalibration().slope(),
        training.regularisation(),
        training.origins().stream().map(Date::valueOf).toList(),
        training.customers(),
        Features.VERSION,
        values.bgNbdParameters(),
        values.gammaGammaParameters(),
        runId);
  }
}
