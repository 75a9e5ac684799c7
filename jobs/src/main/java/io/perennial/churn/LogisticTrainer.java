package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.churn.ChurnModel.Weight;
import io.perennial.churn.Feature.Term;
import io.perennial.spark.CachedDatasets;
import io.perennial.spark.ParallelQueries;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.apache.spark.ml.feature.ElementwiseProduct;
import org.apache.spark.ml.feature.VectorSlicer;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits logistic regressions with MLlib on some of the origins: generalised linear models of the
 * binomial family, whose reweighted least squares reach the last digit in some eight passes over
 * the data, for any partitioning, where LogisticRegression's L-BFGS takes dozens and stops short.
 * Every origin weighs the same: each is one draw of a season, and one with more customers is no
 * better draw. Classes are left as they are, so that probabilities stay probabilities.
 *
 * @param rows eligible, labelled rows of all origins with {@link TermVectors}
 * @param features what the model looks at
 * @param places where their terms stand in the vectors
 * @param statistics of the vectors, by origin
 */
record LogisticTrainer(
    Dataset<Row> rows,
    List<Feature> features,
    int[] places,
    SortedMap<LocalDate, OriginStatistics> statistics) {

  /** Change of a coefficient at which the search ends; the one before was squared on the way. */
  private static final double TOLERANCE = 1e-9;

  private static final int MOST_ITERATIONS = 25;

  /** Rows per task: below it a pass takes less than starting another task. */
  private static final int ROWS_PER_PARTITION = 50_000;

  private static final double CONSTANT = 1e-9;
  private static final String WEIGHT = "weight";
  private static final String VECTOR = "vector";

  static List<Term> terms(List<Feature> features) {
    return features.stream().flatMap(feature -> feature.terms().stream()).toList();
  }

  /**
   * Regressions on some origins, one for each regularisation.
   *
   * @param regularisations weights of the penalty on the squared standardised coefficients, as
   *     shares of what a customer of average certainty tells about them
   */
  List<ChurnModel> fit(List<LocalDate> origins, List<Double> regularisations) {
    List<Weight> unfitted = standardisation(origins);
    List<Integer> varying =
        IntStream.range(0, unfitted.size())
            .filter(j -> unfitted.get(j).low() < unfitted.get(j).high())
            .boxed()
            .toList();
    if (varying.isEmpty()) {
      double rate = churnRate(origins);
      ChurnModel constant = new ChurnModel(Math.log(rate / (1 - rate)), unfitted);
      return regularisations.stream().map(r -> constant).toList();
    }
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> vectors = kept.keep(vectors(origins, unfitted, varying));
      return ParallelQueries.map(
          regularisations, r -> model(regression(vectors, r), unfitted, varying));
    }
  }

  private ChurnModel model(
      GeneralizedLinearRegressionModel fitted, List<Weight> unfitted, List<Integer> varying) {
    double[] beta = fitted.coefficients().toArray();
    List<Term> terms = terms(features);
    List<Weight> weights = new ArrayList<>(unfitted);
    for (int i = 0; i < beta.length; i++) {
      int j = varying.get(i);
      Weight w = unfitted.get(j);
      double coefficient = beta[i] * terms.get(j).trust() / w.scale();
      weights.set(
          j,
          new Weight(w.term(), w.feature(), coefficient, w.mean(), w.scale(), w.low(), w.high()));
    }
    double intercept =
        fitted.intercept() + weights.stream().mapToDouble(w -> w.coefficient() * w.mean()).sum();
    return new ChurnModel(intercept, weights);
  }

  /** Label, weight and the terms that vary, scaled; the intercept takes what centring would. */
  private Dataset<Row> vectors(
      List<LocalDate> origins, List<Weight> weights, List<Integer> varying) {
    List<Term> terms = terms(features);
    Dataset<Row> sliced =
        new VectorSlicer()
            .setInputCol(TermVectors.TERMS)
            .setOutputCol("sliced")
            .setIndices(varying.stream().mapToInt(j -> places[j]).toArray())
            .transform(
                rows.where(col(History.ORIGIN).isin(origins.toArray()))
                    .select(
                        TermVectors.column(),
                        col(Labels.LABEL).cast("double").as(Labels.LABEL),
                        weight().as(WEIGHT)));
    double[] scales =
        varying.stream().mapToDouble(j -> terms.get(j).trust() / weights.get(j).scale()).toArray();
    return new ElementwiseProduct()
        .setInputCol("sliced")
        .setOutputCol(VECTOR)
        .setScalingVec(Vectors.dense(scales))
        .transform(sliced)
        .select(Labels.LABEL, WEIGHT, VECTOR)
        .coalesce(
            1
                + (int)
                    (origins.stream().mapToLong(o -> statistics.get(o).customers()).sum()
                        / ROWS_PER_PARTITION));
  }

  private GeneralizedLinearRegressionModel regression(Dataset<Row> vectors, double regularisation) {
    return new GeneralizedLinearRegression()
        .setFamily("binomial")
        .setLink("logit")
        .setRegParam(regularisation)
        .setTol(TOLERANCE)
        .setMaxIter(MOST_ITERATIONS)
        .setLabelCol(Labels.LABEL)
        .setWeightCol(WEIGHT)
        .setFeaturesCol(VECTOR)
        .fit(vectors);
  }

  /** Probability of churn by a model of these features, from the vectors. */
  Column probability(ChurnModel model) {
    return ChurnModel.probability(model.logOdds(TermVectors.column(), places));
  }

  /** Mean rate of the origins, each weighing the same. */
  double churnRate(List<LocalDate> origins) {
    return origins.stream()
        .mapToDouble(origin -> statistics.get(origin).churnRate())
        .average()
        .orElseThrow();
  }

  /** Every origin weighs the same; only ratios of weights matter. */
  private Column weight() {
    double most =
        statistics.values().stream().mapToDouble(OriginStatistics::customers).max().orElse(1);
    Column result = lit(0.0);
    for (Map.Entry<LocalDate, OriginStatistics> of : statistics.entrySet()) {
      result =
          when(col(History.ORIGIN).equalTo(lit(of.getKey())), lit(most / of.getValue().customers()))
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
        int at = places[j++];
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
