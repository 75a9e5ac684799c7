package io.perennial.rfm;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SegmentScheme;
import io.perennial.config.SegmentScheme.Axis;
import io.perennial.config.Settings;
import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.Money;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Computes {@code rfm} from {@code customer_days}. */
public final class Rfm {

  private Rfm() {}

  /**
   * The values of each customer with a valid order in the window, money in minor units. {@link #of}
   * reads them twice, for the boundaries of the scores and for the scores: cache them in between.
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
    List<Column> values = new ArrayList<>();
    RfmAxis.ALL.forEach(axis -> values.add(axis.aggregate().apply(asOf).as(axis.value().name())));
    return days.where(inWindow)
        .groupBy(RfmTable.CUSTOMER_ID.col())
        .agg(values.get(0), values.subList(1, values.size()).toArray(Column[]::new))
        .where(RfmTable.FREQUENCY.col().gt(0));
  }

  /**
   * @param values rows of {@link #values}
   */
  public static Dataset<Row> of(
      Dataset<Row> values, LocalDate asOf, Settings.Rfm settings, int minorDigits) {
    Map<String, Column> ranked = new TreeMap<>();
    Map<Axis, Column> scores = new EnumMap<>(Axis.class);
    for (RfmAxis axis : RfmAxis.ALL) {
      ranked.put(axis.score().name(), axis.rank().apply(axis.value().col()));
      scores.put(axis.axis(), axis.score().col());
    }
    Dataset<Row> scored =
        new MidRankScores(settings.scheme().levels(), ranked)
            .score(values)
            .withColumn(Table.AS_OF.name(), lit(asOf))
            .withColumn(RfmTable.RFM_CELL.name(), cell(scores.values()))
            .withColumn(RfmTable.SEGMENT.name(), segment(settings.scheme(), scores));
    return scored.select(
        RfmTable.TABLE.fields().stream()
            .map(
                field ->
                    field.isMoney()
                        ? Money.ofMinorUnits(field.col(), minorDigits).as(field.name())
                        : field.col())
            .toArray(Column[]::new));
  }

  private static Column cell(Collection<Column> scores) {
    return concat(scores.stream().map(score -> score.cast("string")).toArray(Column[]::new));
  }

  /** The scheme as one expression; it covers every cell once, so the order does not matter. */
  private static Column segment(SegmentScheme scheme, Map<Axis, Column> scores) {
    Column result = null;
    for (SegmentScheme.Segment segment : scheme.segments()) {
      Column covers = lit(true);
      for (Map.Entry<Axis, List<Integer>> allowed : segment.allowed().entrySet()) {
        covers = covers.and(score(allowed.getKey(), scores).isin(allowed.getValue().toArray()));
      }
      result = result == null ? when(covers, segment.name()) : result.when(covers, segment.name());
    }
    return result;
  }

  private static Column score(Axis axis, Map<Axis, Column> scores) {
    List<Axis> parts = axis.meanOf();
    return parts.isEmpty()
        ? scores.get(axis)
        : parts.stream()
            .map(scores::get)
            .reduce(lit(parts.size() / 2), Column::plus)
            .divide(parts.size())
            .cast("int");
  }
}
