package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Predicted probabilities and what came of them, made few: what {@link Evaluation} computes its
 * figures from, for every kind of model and origin at once.
 *
 * <p>Scores that agree when rounded to 1e-9 are equal, so that floating-point noise does not part
 * customers who are alike; among millions of predictions those that agree to 1e-5 are. A score's
 * rank comes from a histogram of distinct scores in two steps, first buckets of log-odds, then
 * scores inside a bucket: no task sorts everything.
 */
final class ScoreBins {

  /** Bins of equal count, and deciles. */
  static final int BINS = 10;

  /** Buckets of one log-odd: at most some 70,000 buckets in all, each of 250,000 scores. */
  private static final double BUCKETS = 1024;

  private static final double FINE = 1e9;
  private static final double COARSE = 1e5;
  private static final long MOST_FINE = 1_000_000;

  private ScoreBins() {}

  /**
   * One row per model_kind, origin and distinct score. Keep it for {@link #of} and {@link
   * Evaluation#logOdds}: they read it more than once.
   *
   * @param scored rows of model_kind STRING, origin DATE, predicted DOUBLE probability, observed
   *     INT or BOOLEAN
   */
  static Dataset<Row> histogram(Dataset<Row> scored) {
    return histogram(scored, FINE);
  }

  /**
   * The same where the number of predictions is known: of more than a million, scores are told
   * apart to 1e-5 only. That takes a quarter of the time for twelve million, and moves ranks by
   * less than a hundred-thousandth: AUC by some 1e-8, as scores so close differ in risk as little.
   *
   * @param predictions how many rows {@code scored} has
   */
  static Dataset<Row> histogram(Dataset<Row> scored, long predictions) {
    return histogram(scored, predictions > MOST_FINE ? COARSE : FINE);
  }

  private static Dataset<Row> histogram(Dataset<Row> scored, double scores) {
    Column p = col("p");
    Column y = col("y");
    Column clipped = LogOdds.clip(p);
    Column error = p.minus(y);
    return scored
        .select(
            col("model_kind"),
            col("origin"),
            checked(col("predicted"), 0.0, 1.0).as("p"),
            checked(col("observed").cast("int"), 0, 1).as("y"))
        .groupBy(col("model_kind"), col("origin"), floor(p.multiply(scores).plus(0.5)).as("score"))
        .agg(
            count(lit(1)).as("customers"),
            sum(y).as("positives"),
            sum(p).as("predicted"),
            sum(LogOdds.of(p)).as("log_odds"),
            sum(log(when(y.equalTo(1), clipped).otherwise(lit(1.0).minus(clipped)))).as("log_lik"),
            sum(error.multiply(error)).as("squared_error"))
        .withColumn(
            "bucket", floor(LogOdds.of(col("score").divide(scores)).multiply(BUCKETS)).cast("int"));
  }

  private static Column checked(Column value, Object least, Object most) {
    return when(value.between(least, most), value)
        .otherwise(
            raise_error(
                concat(
                    lit("Cannot evaluate a probability or outcome of "),
                    coalesce(value.cast("string"), lit("null")),
                    lit(": it must be 0 to 1"))));
  }

  /**
   * One row per model_kind, origin, bin and bucket, or nearly so, with sums over its scores; at
   * most some ten thousand for a kind of model and an origin in practice.
   *
   * <p>Bins are of equal count by mid-rank, from the least score: {@code 1 + (10 (2 below + equal))
   * div (2 n)}, so that equal scores share a bin. AUC and the area under the precision-recall curve
   * are sums over distinct scores too. A score in which tenths of the customers meet, counted from
   * the highest score, is a cell of its own, with first_tenth and last_tenth that end in it.
   *
   * @param histogram what {@link #histogram} gives
   */
  static Dataset<Row> of(Dataset<Row> histogram) {
    Column n = col("n");
    Column customers = col("customers");
    Column positives = col("positives");
    Column above = col("above");
    Column positivesAbove = col("positives_above");
    Column twiceBelow = n.minus(above).minus(customers).multiply(2);
    Column negatives = customers.minus(positives);
    Column negativesBelow = n.minus(col("p")).minus(above.minus(positivesAbove)).minus(negatives);
    Column precision = positivesAbove.plus(positives).divide(above.plus(customers));
    Column precisionAbove =
        when(above.equalTo(0), precision).otherwise(positivesAbove.divide(above));

    List<Column> sums = new ArrayList<>();
    for (String additive :
        List.of("positives", "predicted", "log_odds", "log_lik", "squared_error")) {
      sums.add(sum(col(additive)).as(additive));
    }
    // Pairs of a positive and a negative below it, counted twice; a tie counts once.
    sums.add(
        sum(positives.multiply(negativesBelow.multiply(2).plus(negatives))).as("twice_concordant"));
    sums.add(
        sum(positives.multiply(precision.plus(precisionAbove)).divide(2)).as("precision_area"));
    sums.add(max(n).as("n"));
    sums.add(max(above).as("above"));
    sums.add(max(positivesAbove).as("positives_above"));
    // Of the boundaries between tenths of the customers, those inside the score.
    Column firstTenth = call_function("div", above.multiply(BINS), n).plus(1);
    Column lastTenth = call_function("div", above.plus(customers).multiply(BINS), n);
    Column bin =
        call_function("div", twiceBelow.plus(customers).multiply(BINS), n.multiply(2)).plus(1);
    return ranked(histogram)
        .groupBy(
            col("model_kind"),
            col("origin"),
            bin.cast("int").as("bin"),
            col("bucket"),
            when(lastTenth.geq(firstTenth), firstTenth).otherwise(0L).as("first_tenth"),
            lastTenth.as("last_tenth"))
        .agg(sum(customers).as("customers"), sums.toArray(Column[]::new));
  }

  /** Adds what is above each score, and the totals n and p. */
  private static Dataset<Row> ranked(Dataset<Row> histogram) {
    WindowSpec group = Window.partitionBy(col("model_kind"), col("origin"));
    WindowSpec higherBuckets =
        group.orderBy(col("bucket").desc()).rowsBetween(Window.unboundedPreceding(), -1);
    Dataset<Row> buckets =
        histogram
            .groupBy(col("model_kind"), col("origin"), col("bucket"))
            .agg(sum(col("customers")).as("customers"), sum(col("positives")).as("positives"))
            .select(
                col("model_kind").as("of_kind"),
                col("origin").as("of_origin"),
                col("bucket").as("of_bucket"),
                sum(col("customers")).over(group).as("n"),
                sum(col("positives")).over(group).as("p"),
                before(col("customers"), higherBuckets).as("above_bucket"),
                before(col("positives"), higherBuckets).as("positives_above_bucket"));
    WindowSpec higherScores =
        Window.partitionBy(col("model_kind"), col("origin"), col("bucket"))
            .orderBy(col("score").desc())
            .rowsBetween(Window.unboundedPreceding(), -1);
    return histogram
        .join(
            broadcast(buckets),
            col("model_kind")
                .equalTo(col("of_kind"))
                .and(col("origin").equalTo(col("of_origin")))
                .and(col("bucket").equalTo(col("of_bucket"))))
        .withColumn("above", col("above_bucket").plus(before(col("customers"), higherScores)))
        .withColumn(
            "positives_above",
            col("positives_above_bucket").plus(before(col("positives"), higherScores)));
  }

  private static Column before(Column counted, WindowSpec preceding) {
    return coalesce(sum(counted).over(preceding), lit(0L));
  }
}
