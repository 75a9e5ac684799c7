package io.perennial.rfm;

import static org.apache.spark.sql.functions.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Scores of 1 to L by mid-rank: {@code 1 + (L (2 worse + equal)) div (2 n)}. Customers with the
 * same value share a score, which NTILE would not give them.
 *
 * <p>Scores rise with the value, so it is enough to know the smallest value of each score. These
 * are found on a histogram of distinct values, cut into buckets by size so that no task sorts all
 * of it; customers are then scored by comparing, without a join on values.
 */
final class MidRankScores {

  private static final double BUCKETS_PER_E_FOLD = 32;

  private final int levels;
  private final TreeMap<String, Column> metrics;

  /**
   * @param levels L, the best score
   * @param metrics name of each score and the bigint it ranks, larger being better
   */
  MidRankScores(int levels, Map<String, Column> metrics) {
    this.levels = levels;
    this.metrics = new TreeMap<>(metrics);
  }

  /** Adds an integer column per metric. */
  Dataset<Row> score(Dataset<Row> rows) {
    Dataset<Row> scored = rows.crossJoin(broadcast(smallestValues(rows)));
    List<String> boundaries = new ArrayList<>();
    for (Map.Entry<String, Column> metric : metrics.entrySet()) {
      Column score = lit(1);
      for (int level = 2; level <= levels; level++) {
        String boundary = boundary(metric.getKey(), level);
        score = when(metric.getValue().geq(col(boundary)), level).otherwise(score);
        boundaries.add(boundary);
      }
      scored = scored.withColumn(metric.getKey(), score);
    }
    return scored.drop(boundaries.toArray(String[]::new));
  }

  /** One row: for each metric and score the smallest value that has it, null where none has. */
  private Dataset<Row> smallestValues(Dataset<Row> rows) {
    List<Column> values = new ArrayList<>();
    metrics.forEach((name, value) -> values.add(struct(lit(name).as("metric"), value.as("value"))));
    Dataset<Row> histogram =
        rows.select(inline(array(values.toArray(Column[]::new))))
            .groupBy(col("metric"), col("value"))
            .agg(count(lit(1)).as("equal"))
            .withColumn("bucket", bucket(col("value")));

    WindowSpec metric = Window.partitionBy(col("metric"));
    WindowSpec before = metric.orderBy(col("bucket")).rowsBetween(Window.unboundedPreceding(), -1);
    Dataset<Row> buckets =
        histogram
            .groupBy(col("metric"), col("bucket"))
            .agg(sum(col("equal")).as("in_bucket"))
            .withColumn("below_bucket", coalesce(sum(col("in_bucket")).over(before), lit(0L)))
            .withColumn("n", sum(col("in_bucket")).over(metric))
            .select(
                col("metric").as("of_metric"), col("bucket").as("of_bucket"),
                col("below_bucket"), col("n"));

    WindowSpec within =
        Window.partitionBy(col("metric"), col("bucket"))
            .orderBy(col("value"))
            .rowsBetween(Window.unboundedPreceding(), -1);
    Column worse = col("below_bucket").plus(coalesce(sum(col("equal")).over(within), lit(0L)));
    Column score =
        call_function(
                "div",
                lit((long) levels).multiply(col("worse").multiply(2).plus(col("equal"))),
                col("n").multiply(2))
            .plus(1);
    Dataset<Row> scored =
        histogram
            .join(
                broadcast(buckets),
                col("metric")
                    .equalTo(col("of_metric"))
                    .and(col("bucket").equalTo(col("of_bucket"))))
            .withColumn("worse", worse)
            .withColumn("score", score);

    List<Column> boundaries = new ArrayList<>();
    for (String name : metrics.keySet()) {
      for (int level = 2; level <= levels; level++) {
        boundaries.add(
            min(when(col("metric").equalTo(name).and(col("score").equalTo(level)), col("value")))
                .as(boundary(name, level)));
      }
    }
    return scored.agg(
        boundaries.get(0), boundaries.subList(1, boundaries.size()).toArray(Column[]::new));
  }

  /** Rises with the value: any such function gives the same scores. */
  private static Column bucket(Column value) {
    Column size = floor(log(abs(value.cast("double")).plus(1.0)).multiply(BUCKETS_PER_E_FOLD));
    return signum(value.cast("double")).cast("int").multiply(size.cast("int"));
  }

  private static String boundary(String metric, int level) {
    return "from_" + metric + "_" + level;
  }
}
