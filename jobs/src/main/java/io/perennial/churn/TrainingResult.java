package io.perennial.churn;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * The outcome of training at one as_of.
 *
 * @param modelOrNull the model with its verdict; null without enough data
 * @param reason why there is no model; empty with one
 * @param backtest rows of churn_backtest
 * @param calibration rows of churn_calibration
 */
public record TrainingResult(
    StoredModel modelOrNull, String reason, List<Row> backtest, List<Row> calibration) {

  static TrainingResult of(StoredModel model, List<Row> backtest, List<Row> calibration) {
    return new TrainingResult(model, "", backtest, calibration);
  }

  static TrainingResult withoutModel(String reason) {
    return new TrainingResult(null, reason, List.of(), List.of());
  }

  public Optional<StoredModel> model() {
    return Optional.ofNullable(modelOrNull);
  }
}
