package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.Money;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What was known at each of several origins: the customer-days before it, and nothing else.
 * Features are functions of a History only, and {@link #before} is the only way to get one, so that
 * no feature can see what happened on its origin or after it, a refund included.
 *
 * <p>One row per origin and customer-day before it: {@link #ORIGIN}, customer_id, day, orders,
 * thousandths of units, gross_minor, refund_minor, net_minor, discounted_orders, categories. Rows
 * of one customer are together, so that grouping by origin and customer needs no other shuffle.
 */
final class History {

  static final String ORIGIN = "origin";
  static final String GROSS_MINOR = "gross_minor";
  static final String REFUND_MINOR = "refund_minor";
  static final String NET_MINOR = "net_minor";
  static final String THOUSANDTHS = "thousandths";

  private final Dataset<Row> rows;

  private History(Dataset<Row> rows) {
    this.rows = rows;
  }

  /**
   * History before each of the origins, for all customers.
   *
   * @param days rows of customer_days
   */
  static History before(Dataset<Row> days, List<LocalDate> origins) {
    return before(days, origins, List.of(), new Sampling(1));
  }

  /**
   * History before each of the origins.
   *
   * @param days rows of customer_days
   * @param origins origins that all customers are looked at from
   * @param sampledOrigins origins that only drawn customers are looked at from
   */
  static History before(
      Dataset<Row> days,
      List<LocalDate> origins,
      List<LocalDate> sampledOrigins,
      Sampling sampling) {
    Column day = CustomerDaysTable.DAY.col();
    Column isDrawn = sampling.draws(CustomerDaysTable.CUSTOMER_ID.col());
    List<Column> seenFrom =
        java.util.stream.Stream.concat(
                origins.stream().map(origin -> when(day.lt(lit(origin)), lit(origin))),
                sampledOrigins.stream()
                    .map(origin -> when(day.lt(lit(origin)).and(isDrawn), lit(origin))))
            .toList();
    return new History(
        days.select(
                CustomerDaysTable.CUSTOMER_ID.col(),
                day,
                CustomerDaysTable.ORDERS.col(),
                Money.minorUnits(CustomerDaysTable.UNITS).as(THOUSANDTHS),
                Money.minorUnits(CustomerDaysTable.GROSS).as(GROSS_MINOR),
                Money.minorUnits(CustomerDaysTable.REFUND).as(REFUND_MINOR),
                Money.minorUnits(CustomerDaysTable.NET).as(NET_MINOR),
                CustomerDaysTable.DISCOUNTED_ORDERS.col(),
                CustomerDaysTable.CATEGORIES.col())
            .repartition(CustomerDaysTable.CUSTOMER_ID.col())
            .withColumn(ORIGIN, explode(array(seenFrom.toArray(Column[]::new))))
            .where(col(ORIGIN).isNotNull()));
  }

  /** The rows, each before its origin. */
  Dataset<Row> rows() {
    return rows;
  }
}
