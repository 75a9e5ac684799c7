package io.perennial.rfm;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SegmentScheme.Axis;
import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;

/**
 * A value that customers are scored by.
 *
 * @param axis its name in segment schemes
 * @param value column of the value
 * @param score column of its score
 * @param aggregate the value of the days before as_of, over rows of customer_days; money in minor
 *     units
 * @param rank the bigint that scores rise with, of the value
 */
record RfmAxis(
    Axis axis,
    Field value,
    Field score,
    Function<LocalDate, Column> aggregate,
    UnaryOperator<Column> rank) {

  /** In the order of rfm_cell, which is that of {@link Axis}. */
  static final List<RfmAxis> ALL =
      List.of(
          new RfmAxis(
              Axis.R,
              RfmTable.RECENCY_DAYS,
              RfmTable.R_SCORE,
              asOf -> datediff(lit(asOf), max(dayOfOrder())),
              days -> days.cast("bigint").unary_$minus()),
          new RfmAxis(
              Axis.F,
              RfmTable.FREQUENCY,
              RfmTable.F_SCORE,
              asOf -> sum(CustomerDaysTable.ORDERS.col()),
              UnaryOperator.identity()),
          new RfmAxis(
              Axis.M,
              RfmTable.MONETARY,
              RfmTable.M_SCORE,
              asOf -> Money.sum(CustomerDaysTable.NET),
              UnaryOperator.identity()));

  private static Column dayOfOrder() {
    return when(CustomerDaysTable.ORDERS.col().gt(0), CustomerDaysTable.DAY.col());
  }
}
