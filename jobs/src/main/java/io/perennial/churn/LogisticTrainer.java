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
 * Trains logistic regressions with MLlib's generalised linear models of the binomial family. Their
 * iteratively reweighted least squares converge to the last digit in some eight passes over the
 * data, for any partitioning; the L-BFGS of LogisticRegression takes dozens and stops short. Every
 * origin has the same total weight: each is one sample of a season, however many customers it has.
 * Classes are not reweighted, so the predictions stay calibrated probabilities.
 *
 * @param rows eligible, labelled rows of all origins with {@link TermVectors}
 * @param features features of the model
 * @param indices positions of their terms in the vectors
 * @param statistics statistics of the vectors by origin
 */
record LogisticTrainer(
    Dataset<Row> rows,
    List<Feature> features,
    int[] indices,
    SortedMap<LocalDate, OriginStatistics> statistics) {

  /** Change of a coefficient at which the iteration ends; its convergence is quadratic. */
  private static final double TOLERANCE = 1e-9;

  private static final int MAX_ITERATIONS = 25;

  /** Rows per task: a pass over fewer rows takes less than starting another task. */
  private static final int ROWS_PER_PARTITION = 50_000;

  /** Standard deviation below which a term is constant. */
  private static final double CONSTANT = 1e-9;

  private static final String WEIGHT = "weight";
  private static final String SLICED = "sliced";
  private static final String VECTOR = "vector";

  static List<Term> terms(List<Feature> features) {
    return features.stream().flatMap(feature -> feature.terms().stream()).toList();
  }

  /**
   * Fits the regularisation path: one regression per weight of the penalty.
   *
   * @param origins training origins
   * @param regularisations weights of the L2 penalty on the standardised coefficients, relative to
   *     the mean information per customer
   */
  List<ChurnModel> fit(List<LocalDate> origins, List<Double> regularisations) {
    List<Weight> standardised = standardisation(origins);
    List<Integer> varying =
        IntStream.range(0, standardised.size())
            .filter(j -> standardised.get(j).low() < standardised.get(j).high())
            .boxed()
            .toList();
    if (varying.isEmpty()) {
      double rate = churnRate(origins);
      ChurnModel constant = new ChurnModel(Math.log(rate / (1 - rate)), standardised);
      return regularisations.stream().map(r -> constant).toList();
    }
    try (CachedDatasets cache = new CachedDatasets()) {
      Dataset<Row> vectors = cache.keep(vectors(origins, standardised, varying));
      return ParallelQueries.map(
          regularisations, r -> model(regression(vectors, r), standardised, varying));
    }
  }

  private ChurnModel model(
      GeneralizedLinearRegressionModel fitted, List<Weight> standardised, List<Integer> varying) {
    double[] beta = fitted.coefficients().toArray();
    List<Term> terms = terms(features);
    List<Weight> weights = new ArrayList<>(standardised);
    for (int i = 0; i < beta.length; i++) {
      int j = varying.get(i);
      Weight w = standardised.get(j);
      double coefficient = beta[i] * terms.get(j).priorScale() / w.scale();
      weights.set(j, w.withCoefficient(coefficient));
    }
    double intercept =
        fitted.intercept() + weights.stream().mapToDouble(w -> w.coefficient() * w.mean()).sum();
    return new ChurnModel(intercept, weights);
  }

  /**
   * Label, weight and the varying terms, scaled but not centred: the intercept absorbs the means.
   */
  private Dataset<Row> vectors(
      List<LocalDate> origins, List<Weight> weights, List<Integer> varying) {
    List<Term> terms = terms(features);
    Dataset<Row> sliced =
        new VectorSlicer()
            .setInputCol(TermVectors.TERMS)
            .setOutputCol(SLICED)
            .setIndices(varying.stream().mapToInt(j -> indices[j]).toArray())
            .transform(
                rows.where(History.ORIGIN.col().isin(origins.toArray()))
                    .select(
                        TermVectors.column(),
                        Labels.LABEL.col().cast("double").as(Labels.LABEL.name()),
                        weight().as(WEIGHT)));
    double[] scales =
        varying.stream()
            .mapToDouble(j -> terms.get(j).priorScale() / weights.get(j).scale())
            .toArray();
    return new ElementwiseProduct()
        .setInputCol(SLICED)
        .setOutputCol(VECTOR)
        .setScalingVec(Vectors.dense(scales))
        .transform(sliced)
        .select(Labels.LABEL.name(), WEIGHT, VECTOR)
        .coalesce(1 + (int) (customers(origins) / ROWS_PER_PARTITION));
  }

  private GeneralizedLinearRegressionModel regression(Dataset<Row> vectors, double regularisation) {
    return new GeneralizedLinearRegression()
        .setFamily("binomial")
        .setLink("logit")
        .setRegParam(regularisation)
        .setTol(TOLERANCE)
        .setMaxIter(MAX_ITERATIONS)
        .setLabelCol(Labels.LABEL.name())
        .setWeightCol(WEIGHT)
        .setFeaturesCol(VECTOR)
        .fit(vectors);
  }

  /** Probability of churn by a model of these features. */
  Column probability(ChurnModel model) {
    return ChurnModel.probability(model.logOdds(TermVectors.column(), indices));
  }

  /** Customers of the origins, added up. */
  long customers(List<LocalDate> origins) {
    return origins.stream().mapToLong(origin -> statistics.get(origin).customers()).sum();
  }

  /** Mean churn rate of the origins, equally weighted. */
  double churnRate(List<LocalDate> origins) {
    return origins.stream()
        .mapToDouble(origin -> statistics.get(origin).churnRate())
        .average()
        .orElseThrow();
  }

  /** Weight of a row: inverse to the customers of its origin. Only ratios matter. */
  private Column weight() {
    double maxCustomers =
        statistics.values().stream().mapToDouble(OriginStatistics::customers).max().orElse(1);
    Column result = lit(0.0);
    for (Map.Entry<LocalDate, OriginStatistics> of : statistics.entrySet()) {
      result =
          when(
                  History.ORIGIN.col().equalTo(lit(of.getKey())),
                  lit(maxCustomers / of.getValue().customers()))
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
        int at = indices[j++];
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
