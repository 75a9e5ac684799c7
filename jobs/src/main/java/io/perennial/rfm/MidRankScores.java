package io.perennial.rfm;

import static org.apache.spark.sql.functions.*;

import io.perennial.table.Field;
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
 * Scores of 1 to L by mid-rank: {@code 1 + (L (2 worse + equal)) div (2 n)}. Customers with equal
 * values share a score, which NTILE would split.
 *
 * <p>Scores rise with the value, so the smallest value of each score decides. The smallest values
 * come from a histogram of distinct values, cut into buckets by size so that no task sorts all of
 * it. Customers are then scored by comparison, without a join on values.
 */
final class MidRankScores {

  private static final double BUCKETS_PER_E_FOLD = 32;

  private static final Field METRIC = Field.text("metric", "Name of the score.");
  private static final Field VALUE = Field.count("value", "A distinct value of the metric.");
  private static final Field EQUAL = Field.count("equal", "Rows with this value.");
  private static final Field BUCKET = Field.integer("bucket", "Values of similar size.");
  private static final Field IN_BUCKET = Field.count("in_bucket", "Rows of the bucket.");
  private static final Field BELOW_BUCKET = Field.count("below_bucket", "Rows of lower buckets.");
  private static final Field N = Field.count("n", "All rows.");
  private static final Field WORSE = Field.count("worse", "Rows with a smaller value.");
  private static final Field SCORE = Field.integer("score", "Score of the value.");

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

  /**
   * One row: for each metric and score the smallest value that has it, null where no row has it.
   */
  private Dataset<Row> smallestValues(Dataset<Row> rows) {
    List<Column> values = new ArrayList<>();
    metrics.forEach(
        (name, value) -> values.add(struct(lit(name).as(METRIC.name()), value.as(VALUE.name()))));
    Dataset<Row> histogram =
        rows.select(inline(array(values.toArray(Column[]::new))))
            .groupBy(METRIC.col(), VALUE.col())
            .agg(count(lit(1)).as(EQUAL.name()))
            .withColumn(BUCKET.name(), bucket(VALUE.col()));

    WindowSpec metric = Window.partitionBy(METRIC.col());
    WindowSpec before = metric.orderBy(BUCKET.col()).rowsBetween(Window.unboundedPreceding(), -1);
    Dataset<Row> buckets =
        histogram
            .groupBy(METRIC.col(), BUCKET.col())
            .agg(sum(EQUAL.col()).as(IN_BUCKET.name()))
            .withColumn(BELOW_BUCKET.name(), coalesce(sum(IN_BUCKET.col()).over(before), lit(0L)))
            .withColumn(N.name(), sum(IN_BUCKET.col()).over(metric));

    WindowSpec within =
        Window.partitionBy(METRIC.col(), BUCKET.col())
            .orderBy(VALUE.col())
            .rowsBetween(Window.unboundedPreceding(), -1);
    Column worse = BELOW_BUCKET.col().plus(coalesce(sum(EQUAL.col()).over(within), lit(0L)));
    Column score =
        call_function(
                "div",
                lit((long) levels).multiply(WORSE.col().multiply(2).plus(EQUAL.col())),
                N.col().multiply(2))
            .plus(1);
    Dataset<Row> scored =
        histogram
            .join(broadcast(buckets), new String[] {METRIC.name(), BUCKET.name()})
            .withColumn(WORSE.name(), worse)
            .withColumn(SCORE.name(), score);

    List<Column> boundaries = new ArrayList<>();
    for (String name : metrics.keySet()) {
      for (int level = 2; level <= levels; level++) {
        boundaries.add(
            min(when(METRIC.col().equalTo(name).and(SCORE.col().equalTo(level)), VALUE.col()))
                .as(boundary(name, level)));
      }
    }
    return scored.agg(
        boundaries.get(0), boundaries.subList(1, boundaries.size()).toArray(Column[]::new));
  }

  /** Rises with the value; any such function gives the same scores. */
  private static Column bucket(Column value) {
    Column size = floor(log(abs(value.cast("double")).plus(1.0)).multiply(BUCKETS_PER_E_FOLD));
    return signum(value.cast("double")).cast("int").multiply(size.cast("int"));
  }

  private static String boundary(String metric, int level) {
    return "from_" + metric + "_" + level;
  }
}
