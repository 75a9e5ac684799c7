package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Discrimination and calibration of predicted probabilities. Undefined figures are null: AUC and
 * calibration line with only one outcome, lift without positives, the slope of a constant score.
 */
final class Evaluation {

  private static final Field CALIBRATION_ERROR =
      Field.rate("calibration_error", "Absolute difference of predicted and observed positives.");

  private static final StructType LINE_TYPE =
      new StructType()
          .add("slope", DataTypes.DoubleType, true)
          .add("intercept", DataTypes.DoubleType, true);

  private static final Field LINE =
      Field.of("line", LINE_TYPE, "Calibration line; first its data, an array of groups.");

  private Evaluation() {}

  /**
   * One row per model_kind and origin: model_kind, origin, and
   *
   * <ul>
   *   <li>customers BIGINT, churn_rate: observed;
   *   <li>auc: probability that a positive scores higher than a negative, a tie counting half;
   *   <li>pr_auc: area under the precision-recall curve as of MLlib's BinaryClassificationMetrics:
   *       trapezoids between distinct scores, from recall 0 at the first score's precision;
   *   <li>log_loss: mean, in nats, of probabilities clipped at 1e-15;
   *   <li>brier: mean squared error;
   *   <li>ece: expected calibration error, the mean absolute difference of mean prediction and
   *       observed rate over the bins of {@link #calibration}, weighted by customers;
   *   <li>calibration_slope, calibration_intercept: logistic regression of the outcome on the
   *       predicted log-odds, averaged over buckets 1/1024 wide; ideal are 1 and 0. For a constant
   *       score the slope is null and the intercept is that of slope 1;
   *   <li>decile_lift ARRAY of 10: positives in a decile of the customers over those of a random
   *       decile, highest scores first; tied customers are split in proportion.
   * </ul>
   *
   * @param bins rows of {@link ScoreBins#of}
   */
  static Dataset<Row> metrics(Dataset<Row> bins) {
    Column customers = ChurnBacktestTable.CUSTOMERS.col();
    Column positives = ScoreBins.POSITIVES.col();
    Column negatives = customers.minus(positives);
    List<Column> inBin = new ArrayList<>();
    List<Column> inAll = new ArrayList<>();
    for (Field additive :
        List.of(
            ScoreBins.POSITIVES,
            ScoreBins.LOG_LIKELIHOOD,
            ScoreBins.SQUARED_ERROR,
            ScoreBins.TWICE_CONCORDANT,
            ScoreBins.PRECISION_AREA)) {
      Column total = sum(additive.col()).as(additive.name());
      inBin.add(total);
      inAll.add(total);
    }
    for (int decile = 1; decile < ScoreBins.BINS; decile++) {
      inBin.add(max(positivesWithin(decile)).as(within(decile)));
      inAll.add(max(col(within(decile))).as(within(decile)));
    }
    inBin.add(
        abs(sum(ChurnCalibrationTable.PREDICTED.col()).minus(sum(positives)))
            .as(CALIBRATION_ERROR.name()));
    inAll.add(sum(CALIBRATION_ERROR.col()).as(CALIBRATION_ERROR.name()));
    inBin.add(
        collect_list(struct(meanLogOdds(ScoreBins.LOG_ODDS.col(), customers), customers, positives))
            .as(LINE.name()));
    inAll.add(flatten(collect_list(LINE.col())).as(LINE.name()));

    UDF1<Seq<Row>, Row> line = Evaluation::line;
    UserDefinedFunction fit = udf(line, LINE_TYPE);
    return bins.groupBy(
            ChurnBacktestTable.MODEL_KIND.col(),
            ChurnBacktestTable.ORIGIN.col(),
            ChurnCalibrationTable.BIN.col())
        .agg(sum(customers).as(ChurnBacktestTable.CUSTOMERS.name()), inBin.toArray(Column[]::new))
        .groupBy(ChurnBacktestTable.MODEL_KIND.col(), ChurnBacktestTable.ORIGIN.col())
        .agg(sum(customers).as(ChurnBacktestTable.CUSTOMERS.name()), inAll.toArray(Column[]::new))
        .withColumn(LINE.name(), fit.apply(sort_array(LINE.col())))
        .select(
            ChurnBacktestTable.MODEL_KIND.col(),
            ChurnBacktestTable.ORIGIN.col(),
            customers,
            positives.divide(customers).as(ChurnBacktestTable.CHURN_RATE.name()),
            when(
                    positives.gt(0).and(negatives.gt(0)),
                    ScoreBins.TWICE_CONCORDANT
                        .col()
                        .divide(positives.multiply(negatives).multiply(2.0)))
                .as(ChurnBacktestTable.AUC.name()),
            when(positives.gt(0), ScoreBins.PRECISION_AREA.col().divide(positives))
                .as(ChurnBacktestTable.PR_AUC.name()),
            ScoreBins.LOG_LIKELIHOOD
                .col()
                .divide(customers)
                .unary_$minus()
                .as(ChurnBacktestTable.LOG_LOSS.name()),
            ScoreBins.SQUARED_ERROR.col().divide(customers).as(ChurnBacktestTable.BRIER.name()),
            CALIBRATION_ERROR.col().divide(customers).as(ChurnBacktestTable.ECE.name()),
            LINE.col().getField("slope").as(ChurnBacktestTable.CALIBRATION_SLOPE.name()),
            LINE.col().getField("intercept").as(ChurnBacktestTable.CALIBRATION_INTERCEPT.name()),
            when(positives.gt(0), lift()).as(ChurnBacktestTable.DECILE_LIFT.name()));
  }

  private static String within(int decile) {
    return "positives_within_" + decile;
  }

  /**
   * Positives in the first deciles from the top, for the row of the score that contains their
   * boundary, split in proportion; null for other rows.
   */
  private static Column positivesWithin(int decile) {
    Column inside =
        ScoreBins.TOTAL
            .col()
            .multiply(decile)
            .divide(ScoreBins.BINS)
            .minus(ScoreBins.ABOVE.col())
            .divide(ChurnBacktestTable.CUSTOMERS.col());
    return when(
        ScoreBins.FIRST_DECILE
            .col()
            .between(1, decile)
            .and(ScoreBins.LAST_DECILE.col().geq(decile)),
        ScoreBins.POSITIVES_ABOVE.col().plus(ScoreBins.POSITIVES.col().multiply(inside)));
  }

  private static Column lift() {
    Column[] within =
        IntStream.rangeClosed(0, ScoreBins.BINS)
            .mapToObj(
                decile ->
                    decile == 0
                        ? lit(0.0)
                        : decile == ScoreBins.BINS
                            ? ScoreBins.POSITIVES.col()
                            : col(within(decile)))
            .toArray(Column[]::new);
    return array(
        IntStream.range(0, ScoreBins.BINS)
            .mapToObj(
                i ->
                    within[i + 1]
                        .minus(within[i])
                        .multiply((double) ScoreBins.BINS)
                        .divide(ScoreBins.POSITIVES.col()))
            .toArray(Column[]::new));
  }

  /** Rounded, so that the fitted line does not depend on the order of summation. */
  static Column meanLogOdds(Column sum, Column customers) {
    return round(sum.divide(customers), 9);
  }

  /** Fits the calibration line of some thousand groups: no built-in function does. */
  private static Row line(Seq<Row> bins) {
    List<CalibrationLine.Group> groups = new ArrayList<>();
    for (Row group : CollectionConverters.asJava(bins)) {
      groups.add(new CalibrationLine.Group(group.getDouble(0), group.getLong(1), group.getLong(2)));
    }
    Optional<CalibrationLine> line = CalibrationLine.fit(groups);
    if (line.isPresent()) {
      return RowFactory.create(line.get().slope(), line.get().intercept());
    }
    return RowFactory.create(
        null, groups.size() == 1 ? CalibrationLine.offset(groups.get(0)) : null);
  }

  /**
   * One row per model_kind, origin and bin that has customers: model_kind, origin, bin INT 1 to 10
   * from the lowest score, predicted (mean) and observed (rate) DOUBLE, customers BIGINT.
   *
   * @param bins rows of {@link ScoreBins#of}
   */
  static Dataset<Row> calibration(Dataset<Row> bins) {
    return bins.groupBy(
            ChurnBacktestTable.MODEL_KIND.col(),
            ChurnBacktestTable.ORIGIN.col(),
            ChurnCalibrationTable.BIN.col())
        .agg(
            sum(ChurnCalibrationTable.PREDICTED.col())
                .divide(sum(ChurnBacktestTable.CUSTOMERS.col()))
                .as(ChurnCalibrationTable.PREDICTED.name()),
            sum(ScoreBins.POSITIVES.col())
                .divide(sum(ChurnBacktestTable.CUSTOMERS.col()))
                .as(ChurnCalibrationTable.OBSERVED.name()),
            sum(ChurnBacktestTable.CUSTOMERS.col()).as(ChurnBacktestTable.CUSTOMERS.name()));
  }
}
