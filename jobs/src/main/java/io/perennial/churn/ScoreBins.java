package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Predicted probabilities and outcomes, aggregated by score: the input of {@link Evaluation}, for
 * every kind of model and origin at once.
 *
 * <p>Scores that agree when rounded to 1e-9 are ties, so floating-point noise does not separate
 * equal customers. The rank of a score comes from a histogram in two steps, first buckets of
 * log-odds, then scores inside a bucket, so no task sorts everything.
 */
final class ScoreBins {

  /** Calibration bins of equal count, and deciles. */
  static final int BINS = 10;

  /** Buckets per unit of log-odds: at most some 70,000 buckets, each of 250,000 scores. */
  private static final double BUCKETS = 1024;

  /** Distinct scores between 0 and 1. */
  private static final double RESOLUTION = 1e9;

  static final Field BUCKET = Field.integer("bucket", "Bucket of the log-odds.");
  static final Field POSITIVES = Field.count("positives", "Customers with outcome 1.");
  static final Field LOG_ODDS = Field.rate("log_odds", "Sum of predicted log-odds.");
  static final Field LOG_LIKELIHOOD = Field.rate("log_likelihood", "Sum of log-likelihoods.");
  static final Field SQUARED_ERROR = Field.rate("squared_error", "Sum of squared errors.");
  static final Field TOTAL = Field.count("total", "Customers of the model kind and origin.");
  static final Field ABOVE = Field.count("above", "Customers with a higher score.");
  static final Field POSITIVES_ABOVE = Field.count("positives_above", "Positives among them.");
  static final Field TWICE_CONCORDANT =
      Field.count(
          "twice_concordant", "Twice the pairs of a positive above a negative; a tie counts once.");
  static final Field PRECISION_AREA = Field.rate("precision_area", "PR AUC x positives.");
  static final Field FIRST_DECILE =
      Field.count("first_decile", "First decile from the top that ends in the score; 0 for none.");
  static final Field LAST_DECILE =
      Field.count("last_decile", "Last decile from the top that ends in the score or above.");

  private static final Field SCORE = Field.count("score", "Rounded probability.");
  private static final Field TOTAL_POSITIVES = Field.count("total_positives", "Positives in it.");
  private static final Field BUCKET_KIND = ChurnBacktestTable.MODEL_KIND.as("bucket_kind", "");
  private static final Field BUCKET_ORIGIN = ChurnBacktestTable.ORIGIN.as("bucket_origin", "");
  private static final Field BUCKET_NUMBER = BUCKET.as("bucket_number", "");
  private static final Field ABOVE_BUCKET = ABOVE.as("above_bucket", "");
  private static final Field POSITIVES_ABOVE_BUCKET = ABOVE.as("positives_above_bucket", "");

  private ScoreBins() {}

  /**
   * One row per model_kind, origin and distinct score; to cache, since {@link #of} reads it twice.
   *
   * @param scored rows of model_kind STRING, origin DATE, predicted DOUBLE probability, observed
   *     INT or BOOLEAN
   */
  static Dataset<Row> histogram(Dataset<Row> scored) {
    Column p = ChurnCalibrationTable.PREDICTED.col();
    Column y = ChurnCalibrationTable.OBSERVED.col();
    Column clipped = LogOdds.clip(p);
    Column error = p.minus(y);
    return scored
        .select(
            ChurnBacktestTable.MODEL_KIND.col(),
            ChurnBacktestTable.ORIGIN.col(),
            checked(p, 0.0, 1.0).as(ChurnCalibrationTable.PREDICTED.name()),
            checked(y.cast("int"), 0, 1).as(ChurnCalibrationTable.OBSERVED.name()))
        .groupBy(
            ChurnBacktestTable.MODEL_KIND.col(),
            ChurnBacktestTable.ORIGIN.col(),
            floor(p.multiply(RESOLUTION).plus(0.5)).as(SCORE.name()))
        .agg(
            count(lit(1)).as(ChurnBacktestTable.CUSTOMERS.name()),
            sum(y).as(POSITIVES.name()),
            sum(p).as(ChurnCalibrationTable.PREDICTED.name()),
            sum(LogOdds.of(p)).as(LOG_ODDS.name()),
            sum(log(when(y.equalTo(1), clipped).otherwise(lit(1.0).minus(clipped))))
                .as(LOG_LIKELIHOOD.name()),
            sum(error.multiply(error)).as(SQUARED_ERROR.name()))
        .withColumn(
            BUCKET.name(),
            floor(LogOdds.of(SCORE.col().divide(RESOLUTION)).multiply(BUCKETS)).cast("int"));
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
   * One row per model_kind, origin, bin and bucket, with sums over its scores; in practice at most
   * some ten thousand rows per model_kind and origin.
   *
   * <p>Bins have equal counts by mid-rank, from the lowest score: {@code 1 + (10 (2 below + equal))
   * div (2 n)}, so tied scores share a bin. AUC and the area under the precision-recall curve are
   * sums over distinct scores too. A score that contains the boundary of a decile, counted from the
   * highest score, has a row of its own, with the first and last decile that end in it.
   *
   * @param histogram rows of {@link #histogram}
   */
  static Dataset<Row> of(Dataset<Row> histogram) {
    Column total = TOTAL.col();
    Column customers = ChurnBacktestTable.CUSTOMERS.col();
    Column positives = POSITIVES.col();
    Column above = ABOVE.col();
    Column positivesAbove = POSITIVES_ABOVE.col();
    Column twiceBelow = total.minus(above).minus(customers).multiply(2);
    Column negatives = customers.minus(positives);
    Column negativesBelow =
        total.minus(TOTAL_POSITIVES.col()).minus(above.minus(positivesAbove)).minus(negatives);
    Column precision = positivesAbove.plus(positives).divide(above.plus(customers));
    Column precisionAbove =
        when(above.equalTo(0), precision).otherwise(positivesAbove.divide(above));

    List<Column> sums = new ArrayList<>();
    for (Field additive :
        List.of(
            POSITIVES, ChurnCalibrationTable.PREDICTED, LOG_ODDS, LOG_LIKELIHOOD, SQUARED_ERROR)) {
      sums.add(sum(additive.col()).as(additive.name()));
    }
    sums.add(
        sum(positives.multiply(negativesBelow.multiply(2).plus(negatives)))
            .as(TWICE_CONCORDANT.name()));
    sums.add(
        sum(positives.multiply(precision.plus(precisionAbove)).divide(2))
            .as(PRECISION_AREA.name()));
    sums.add(max(total).as(TOTAL.name()));
    sums.add(max(above).as(ABOVE.name()));
    sums.add(max(positivesAbove).as(POSITIVES_ABOVE.name()));
    Column firstDecile = call_function("div", above.multiply(BINS), total).plus(1);
    Column lastDecile = call_function("div", above.plus(customers).multiply(BINS), total);
    Column bin =
        call_function("div", twiceBelow.plus(customers).multiply(BINS), total.multiply(2)).plus(1);
    return ranked(histogram)
        .groupBy(
            ChurnBacktestTable.MODEL_KIND.col(),
            ChurnBacktestTable.ORIGIN.col(),
            bin.cast("int").as(ChurnCalibrationTable.BIN.name()),
            BUCKET.col(),
            when(lastDecile.geq(firstDecile), firstDecile).otherwise(0L).as(FIRST_DECILE.name()),
            lastDecile.as(LAST_DECILE.name()))
        .agg(sum(customers).as(ChurnBacktestTable.CUSTOMERS.name()), sums.toArray(Column[]::new));
  }

  /** Adds the customers and positives above each score, and their totals. */
  private static Dataset<Row> ranked(Dataset<Row> histogram) {
    WindowSpec group =
        Window.partitionBy(ChurnBacktestTable.MODEL_KIND.col(), ChurnBacktestTable.ORIGIN.col());
    WindowSpec higherBuckets =
        group.orderBy(BUCKET.col().desc()).rowsBetween(Window.unboundedPreceding(), -1);
    Dataset<Row> buckets =
        histogram
            .groupBy(
                ChurnBacktestTable.MODEL_KIND.col(), ChurnBacktestTable.ORIGIN.col(), BUCKET.col())
            .agg(
                sum(ChurnBacktestTable.CUSTOMERS.col()).as(ChurnBacktestTable.CUSTOMERS.name()),
                sum(POSITIVES.col()).as(POSITIVES.name()))
            .select(
                ChurnBacktestTable.MODEL_KIND.col().as(BUCKET_KIND.name()),
                ChurnBacktestTable.ORIGIN.col().as(BUCKET_ORIGIN.name()),
                BUCKET.col().as(BUCKET_NUMBER.name()),
                sum(ChurnBacktestTable.CUSTOMERS.col()).over(group).as(TOTAL.name()),
                sum(POSITIVES.col()).over(group).as(TOTAL_POSITIVES.name()),
                before(ChurnBacktestTable.CUSTOMERS.col(), higherBuckets).as(ABOVE_BUCKET.name()),
                before(POSITIVES.col(), higherBuckets).as(POSITIVES_ABOVE_BUCKET.name()));
    WindowSpec higherScores =
        Window.partitionBy(
                ChurnBacktestTable.MODEL_KIND.col(), ChurnBacktestTable.ORIGIN.col(), BUCKET.col())
            .orderBy(SCORE.col().desc())
            .rowsBetween(Window.unboundedPreceding(), -1);
    return histogram
        .join(
            broadcast(buckets),
            ChurnBacktestTable.MODEL_KIND
                .col()
                .equalTo(BUCKET_KIND.col())
                .and(ChurnBacktestTable.ORIGIN.col().equalTo(BUCKET_ORIGIN.col()))
                .and(BUCKET.col().equalTo(BUCKET_NUMBER.col())))
        .withColumn(
            ABOVE.name(),
            ABOVE_BUCKET.col().plus(before(ChurnBacktestTable.CUSTOMERS.col(), higherScores)))
        .withColumn(
            POSITIVES_ABOVE.name(),
            POSITIVES_ABOVE_BUCKET.col().plus(before(POSITIVES.col(), higherScores)));
  }

  private static Column before(Column counted, WindowSpec preceding) {
    return coalesce(sum(counted).over(preceding), lit(0L));
  }
}
