package io.perennial.churn;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.perennial.churn.ChurnModel.Weight;
import io.perennial.churn.Feature.Term;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits logistic regressions with MLlib on some of the origins. Every origin weighs the same: each
 * is one draw of a season, and one with more customers is no better draw. Classes are left as they
 * are, so that probabilities stay probabilities.
 *
 * @param rows eligible, labelled rows of all origins with {@link Pace}
 * @param features what the model looks at
 * @param statistics of the features' terms, by origin
 */
record Training(
    Dataset<Row> rows,
    List<Feature> features,
    SortedMap<LocalDate, OriginStatistics> statistics) {

  /**
   * Relative gain of log loss at which the search ends: far below what matters, far above the noise
   * of sums over another partitioning, which so leads to the same steps.
   */
  private static final double TOLERANCE = 1e-8;

  private static final int MOST_ITERATIONS = 500;
  private static final double CONSTANT = 1e-9;
  private static final String WEIGHT = "weight";
  private static final String VECTOR = "vector";

  static List<Term> terms(List<Feature> features) {
    return features.stream().flatMap(feature -> feature.terms().stream()).toList();
  }

  /**
   * The regression on some origins.
   *
   * @param regularisation weight of half the squared length of the standardised coefficients
   *     beside the mean log loss
   */
  ChurnModel fit(List<LocalDate> origins, double regularisation) {
    List<Weight> unfitted = standardisation(origins);
    List<Term> terms = terms(features);
    List<Column> columns = new ArrayList<>();
    String[] names = new String[terms.size()];
    for (int j = 0; j < names.length; j++) {
      Weight weight = unfitted.get(j);
      names[j] = "z" + j;
      columns.add(
          terms
              .get(j)
              .value()
              .minus(weight.mean())
              .multiply(terms.get(j).trust() / weight.scale())
              .as(names[j]));
    }
    columns.add(col(Labels.LABEL).cast("double").as(Labels.LABEL));
    columns.add(weight(origins).as(WEIGHT));
    LogisticRegressionModel fitted = fit(columns, names, origins, regularisation);
    double[] beta = fitted.coefficients().toArray();
    List<Weight> weights = new ArrayList<>();
    for (int j = 0; j < names.length; j++) {
      Weight w = unfitted.get(j);
      double coefficient = beta[j] * terms.get(j).trust() / w.scale();
      weights.add(
          new Weight(w.term(), w.feature(), coefficient, w.mean(), w.scale(), w.low(), w.high()));
    }
    return new ChurnModel(fitted.intercept(), weights);
  }

  private LogisticRegressionModel fit(
      List<Column> columns, String[] names, List<LocalDate> origins, double regularisation) {
    PipelineModel pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new VectorAssembler().setInputCols(names).setOutputCol(VECTOR),
                  new LogisticRegression()
                      .setFamily("binomial")
                      .setStandardization(false)
                      .setRegParam(regularisation)
                      .setTol(TOLERANCE)
                      .setMaxIter(MOST_ITERATIONS)
                      .setLabelCol(Labels.LABEL)
                      .setWeightCol(WEIGHT)
                      .setFeaturesCol(VECTOR)
                })
            .fit(
                rows.where(col(History.ORIGIN).isin(origins.toArray()))
                    .select(columns.toArray(Column[]::new)));
    return (LogisticRegressionModel) pipeline.stages()[1];
  }

  /** Mean rate of the origins, each weighing the same. */
  double churnRate(List<LocalDate> origins) {
    return origins.stream()
        .mapToDouble(origin -> statistics.get(origin).churnRate())
        .average()
        .orElseThrow();
  }

  private Column weight(List<LocalDate> origins) {
    Column result = lit(0.0);
    for (LocalDate origin : origins) {
      result =
          when(
                  col(History.ORIGIN).equalTo(lit(origin)),
                  lit(1.0 / (origins.size() * (double) statistics.get(origin).customers())))
              .otherwise(result);
    }
    return result;
  }

  private List<Weight> standardisation(List<LocalDate> origins) {
    List<OriginStatistics> of = origins.stream().map(statistics::get).toList();
    List<Weight> result = new ArrayList<>();
    int j = 0;
    for (Feature feature : features) {
      for (Term term : feature.terms()) {
        int at = j++;
        double mean = of.stream().mapToDouble(s -> s.means()[at]).average().orElseThrow();
        double square =
            of.stream()
                .mapToDouble(
                    s -> s.variances()[at] + (s.means()[at] - mean) * (s.means()[at] - mean))
                .average()
                .orElseThrow();
        double scale = Math.sqrt(square);
        result.add(
            new Weight(
                term.name(),
                feature.name(),
                0,
                mean,
                scale < CONSTANT ? 1 : scale,
                of.stream().mapToDouble(s -> s.lows()[at]).min().orElseThrow(),
                of.stream().mapToDouble(s -> s.highs()[at]).max().orElseThrow()));
      }
    }
    return result;
  }
}
