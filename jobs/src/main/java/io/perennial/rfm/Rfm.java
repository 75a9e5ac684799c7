package io.perennial.rfm;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SegmentScheme;
import io.perennial.config.SegmentScheme.Axis;
import io.perennial.config.Settings;
import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes {@code rfm} from {@code customer_days}. */
public final class Rfm {

  private Rfm() {}

  /**
   * Recency, frequency and monetary value of each customer with a valid order in the window. Both
   * the scores' boundaries and the scores are made of it: keep it between the two.
   *
   * @param days rows of customer_days
   */
  public static Dataset<Row> values(Dataset<Row> days, LocalDate asOf, Settings.Rfm settings) {
    Column day = CustomerDaysTable.DAY.col();
    Column inWindow =
        settings
            .windowDays()
            .map(window -> day.lt(lit(asOf)).and(day.geq(date_sub(lit(asOf), window))))
            .orElse(day.lt(lit(asOf)));
    return days.where(inWindow)
        .groupBy(CustomerDaysTable.CUSTOMER_ID.col())
        .agg(
            max(when(CustomerDaysTable.ORDERS.col().gt(0), day)).as("last_day"),
            sum(CustomerDaysTable.ORDERS.col()).as(RfmTable.FREQUENCY.name()),
            sum(Money.minorUnits(CustomerDaysTable.NET)).as("monetary_minor"))
        .where(RfmTable.FREQUENCY.col().gt(0))
        .select(
            RfmTable.CUSTOMER_ID.col(),
            datediff(lit(asOf), col("last_day")).as(RfmTable.RECENCY_DAYS.name()),
            RfmTable.FREQUENCY.col(),
            col("monetary_minor"));
  }

  /**
   * @param values what {@link #values} gives
   */
  public static Dataset<Row> of(
      Dataset<Row> values, LocalDate asOf, Settings.Rfm settings, int minorDigits) {
    int levels = settings.scheme().levels();
    MidRankScores scores =
        new MidRankScores(
            levels,
            Map.of(
                RfmTable.R_SCORE.name(), RfmTable.RECENCY_DAYS.col().cast("bigint").unary_$minus(),
                RfmTable.F_SCORE.name(), RfmTable.FREQUENCY.col(),
                RfmTable.M_SCORE.name(), col("monetary_minor")));
    return scores
        .score(values)
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .withColumn(
            RfmTable.MONETARY.name(), Money.ofMinorUnits(col("monetary_minor"), minorDigits))
        .withColumn(
            RfmTable.RFM_CELL.name(),
            concat(
                RfmTable.R_SCORE.col().cast("string"),
                RfmTable.F_SCORE.col().cast("string"),
                RfmTable.M_SCORE.col().cast("string")))
        .withColumn(RfmTable.SEGMENT.name(), segment(settings.scheme()))
        .select(RfmTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }

  /** The scheme as one expression; it covers every cell once, so the order does not matter. */
  private static Column segment(SegmentScheme scheme) {
    Column f = RfmTable.F_SCORE.col();
    Column m = RfmTable.M_SCORE.col();
    Map<Axis, Column> axes =
        Map.of(
            Axis.R,
            RfmTable.R_SCORE.col(),
            Axis.F,
            f,
            Axis.M,
            m,
            Axis.FM,
            f.plus(m).plus(1).divide(2).cast("int"));
    Column result = null;
    for (SegmentScheme.Segment segment : scheme.segments()) {
      Column covers = lit(true);
      for (Axis axis : Axis.values()) {
        if (segment.allowed().containsKey(axis)) {
          covers = covers.and(axes.get(axis).isin(segment.allowed().get(axis).toArray()));
        }
      }
      result = result == null ? when(covers, segment.name()) : result.when(covers, segment.name());
    }
    return result;
  }
}
