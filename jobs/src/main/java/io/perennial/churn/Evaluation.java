package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
 * How good predicted probabilities were. Figures without meaning are null: AUC and calibration line
 * where only one outcome was observed, lift where none was, the slope of a constant score.
 */
final class Evaluation {

  private static final StructType LINE =
      new StructType()
          .add("slope", DataTypes.DoubleType, true)
          .add("intercept", DataTypes.DoubleType, true);

  private Evaluation() {}

  /**
   * One row per model_kind and origin: model_kind, origin, and
   *
   * <ul>
   *   <li>customers BIGINT, churn_rate: observed;
   *   <li>auc: probability that a positive scores higher than a negative, a tie counting half;
   *   <li>pr_auc: area under the precision-recall curve as of MLlib's BinaryClassificationMetrics:
   *       trapezoids between distinct scores, begun at recall 0 with the first score's precision;
   *   <li>log_loss: mean, in nats, of probabilities clipped at 1e-15;
   *   <li>brier: mean squared error;
   *   <li>ece: mean distance of predicted mean and observed rate over the bins of {@link
   *       #calibration}, weighted by customers;
   *   <li>calibration_slope, calibration_intercept: logistic regression of the outcome on the
   *       predicted log-odds, both fitted together, log-odds being averaged over cells 1/1024 wide;
   *       ideal are 1 and 0. For a constant score the slope is null and the intercept is what its
   *       log-odds lack;
   *   <li>decile_lift ARRAY of 10: positives among a tenth of the customers over those of a random
   *       tenth, highest scores first; customers of equal scores are shared out evenly.
   * </ul>
   *
   * @param cells what {@link ScoreBins#of} gives
   */
  static Dataset<Row> metrics(Dataset<Row> cells) {
    Column n = col("customers");
    Column positives = col("positives");
    Column negatives = n.minus(positives);
    List<Column> inBin = new ArrayList<>();
    List<Column> inAll = new ArrayList<>();
    for (String additive :
        List.of("positives", "log_lik", "squared_error", "twice_concordant", "precision_area")) {
      inBin.add(sum(col(additive)).as(additive));
      inAll.add(sum(col(additive)).as(additive));
    }
    for (int tenth = 1; tenth < ScoreBins.BINS; tenth++) {
      inBin.add(max(positivesWithin(tenth)).as(within(tenth)));
      inAll.add(max(col(within(tenth))).as(within(tenth)));
    }
    inBin.add(abs(sum(col("predicted")).minus(sum(positives))).as("off"));
    inAll.add(sum(col("off")).as("off"));
    inBin.add(collect_list(struct(meanLogOdds(col("log_odds"), n), n, positives)).as("line"));
    inAll.add(flatten(collect_list(col("line"))).as("line"));

    UDF1<Seq<Row>, Row> line = Evaluation::line;
    UserDefinedFunction fit = udf(line, LINE);
    return cells
        .groupBy(col("model_kind"), col("origin"), col("bin"))
        .agg(sum(n).as("customers"), inBin.toArray(Column[]::new))
        .groupBy(col("model_kind"), col("origin"))
        .agg(sum(n).as("customers"), inAll.toArray(Column[]::new))
        .withColumn("line", fit.apply(sort_array(col("line"))))
        .select(
            col("model_kind"),
            col("origin"),
            n,
            positives.divide(n).as("churn_rate"),
            when(
                    positives.gt(0).and(negatives.gt(0)),
                    col("twice_concordant").divide(positives.multiply(negatives).multiply(2.0)))
                .as("auc"),
            when(positives.gt(0), col("precision_area").divide(positives)).as("pr_auc"),
            col("log_lik").divide(n).unary_$minus().as("log_loss"),
            col("squared_error").divide(n).as("brier"),
            col("off").divide(n).as("ece"),
            col("line.slope").as("calibration_slope"),
            col("line.intercept").as("calibration_intercept"),
            when(positives.gt(0), lift()).as("decile_lift"));
  }

  private static String within(int tenth) {
    return "positives_within_" + tenth;
  }

  /**
   * Positives among so many tenths of the customers with the highest scores, where the cell is the
   * one score that the boundary lies in: in proportion; null elsewhere.
   */
  private static Column positivesWithin(int tenth) {
    Column inside =
        col("n")
            .multiply(tenth)
            .divide(ScoreBins.BINS)
            .minus(col("above"))
            .divide(col("customers"));
    return when(
        col("first_tenth").between(1, tenth).and(col("last_tenth").geq(tenth)),
        col("positives_above").plus(col("positives").multiply(inside)));
  }

  private static Column lift() {
    Column[] within =
        IntStream.rangeClosed(0, ScoreBins.BINS)
            .mapToObj(
                tenth ->
                    tenth == 0
                        ? lit(0.0)
                        : tenth == ScoreBins.BINS ? col("positives") : col(within(tenth)))
            .toArray(Column[]::new);
    return array(
        IntStream.range(0, ScoreBins.BINS)
            .mapToObj(
                i ->
                    within[i + 1]
                        .minus(within[i])
                        .multiply((double) ScoreBins.BINS)
                        .divide(col("positives")))
            .toArray(Column[]::new));
  }

  /** Rounded, so that the order in which a sum was made does not show in the fitted line. */
  private static Column meanLogOdds(Column sum, Column customers) {
    return round(sum.divide(customers), 9);
  }

  /** No built-in function fits a regression inside a query; this one sees some thousand cells. */
  private static Row line(Seq<Row> cells) {
    List<CalibrationLine.Group> groups = new ArrayList<>();
    for (Row cell : CollectionConverters.asJava(cells)) {
      groups.add(new CalibrationLine.Group(cell.getDouble(0), cell.getLong(1), cell.getLong(2)));
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
   * from the least score, predicted (mean) and observed (rate) DOUBLE, customers BIGINT.
   *
   * @param cells what {@link ScoreBins#of} gives
   */
  static Dataset<Row> calibration(Dataset<Row> cells) {
    return cells
        .groupBy(col("model_kind"), col("origin"), col("bin"))
        .agg(
            sum(col("predicted")).divide(sum(col("customers"))).as("predicted"),
            sum(col("positives")).divide(sum(col("customers"))).as("observed"),
            sum(col("customers")).as("customers"));
  }

  /**
   * Predicted log-odds and outcomes of one kind of model by origin, for {@link Recalibration#fit}.
   *
   * @param histogram what {@link ScoreBins#histogram} gives
   */
  static SortedMap<LocalDate, List<CalibrationLine.Group>> logOdds(
      Dataset<Row> histogram, String modelKind) {
    SortedMap<LocalDate, List<CalibrationLine.Group>> byOrigin = new TreeMap<>();
    List<Row> rows =
        histogram
            .where(col("model_kind").equalTo(lit(modelKind)))
            .groupBy(col("origin"), col("bucket"))
            .agg(
                meanLogOdds(sum(col("log_odds")), sum(col("customers"))),
                sum(col("customers")),
                sum(col("positives")))
            .orderBy(col("origin"), col("bucket"))
            .collectAsList();
    for (Row row : rows) {
      byOrigin
          .computeIfAbsent(row.getDate(0).toLocalDate(), origin -> new ArrayList<>())
          .add(new CalibrationLine.Group(row.getDouble(2), row.getLong(3), row.getLong(4)));
    }
    return byOrigin;
  }
}
