package io.perennial.churn;

import io.perennial.churn.ChurnModel.Weight;
import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * A model ready to score.
 *
 * @param modelId model_id of churn_models
 * @param definition the churn that the model predicts
 * @param model the regression, recalibration included
 */
public record ScoringModel(String modelId, ChurnDefinition definition, ChurnModel model) {

  /**
   * Reads a row of churn_models.
   *
   * @throws IllegalStateException if its features are those of another version
   */
  public static ScoringModel of(Row row) {
    String modelId = row.getAs(ChurnModelsTable.MODEL_ID.name());
    String version = row.getAs(ChurnModelsTable.FEATURE_VERSION.name());
    if (!version.equals(Features.VERSION)) {
      throw new IllegalStateException(
          "Cannot score with model %s: its features are of version %s, this program's of version %s."
                  .formatted(modelId, version, Features.VERSION)
              + " Train a new one: leave churn.model unset.");
    }
    List<Double> coefficients = list(row, ChurnModelsTable.COEFFICIENTS);
    List<Double> means = list(row, ChurnModelsTable.MEANS);
    List<Double> scales = list(row, ChurnModelsTable.SCALES);
    List<Double> lows = list(row, ChurnModelsTable.LOWS);
    List<Double> highs = list(row, ChurnModelsTable.HIGHS);
    List<String> terms = list(row, ChurnModelsTable.TERMS);
    List<String> features = list(row, ChurnModelsTable.FEATURES);
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
    return new ScoringModel(
        modelId,
        ChurnDefinition.of(row),
        new ChurnModel(row.getAs(ChurnModelsTable.INTERCEPT.name()), weights));
  }

  private static <T> List<T> list(Row row, Field column) {
    return row.getList(row.fieldIndex(column.name()));
  }
}
