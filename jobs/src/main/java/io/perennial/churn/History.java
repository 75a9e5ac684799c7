package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The point-in-time view of customer_days at several origins: the customer-days before each, and
 * nothing else. Features are functions of a History, and {@link #before} is the only way to get
 * one, so no feature sees an order or a refund on its origin or later.
 *
 * <p>One row per origin and customer-day before it: customer_id, day, orders, discounted_orders,
 * categories and the columns declared here. The rows of one customer are in one partition, so
 * grouping by origin and customer needs no other shuffle.
 */
final class History {

  static final Field ORIGIN = Field.date("origin", "First day that the row does not know.");
  static final Field GROSS_MINOR = Field.count("gross_minor", "Gross in minor units.");
  static final Field REFUND_MINOR = Field.count("refund_minor", "Refunds in minor units.");
  static final Field NET_MINOR = Field.count("net_minor", "Net in minor units.");
  static final Field UNITS_MILLI = Field.count("units_milli", "Thousandths of units.");

  private final Dataset<Row> rows;

  private History(Dataset<Row> rows) {
    this.rows = rows;
  }

  /**
   * History of all customers before each of the origins.
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
   * @param origins origins of all customers
   * @param sampledOrigins origins of the sampled customers only
   */
  static History before(
      Dataset<Row> days,
      List<LocalDate> origins,
      List<LocalDate> sampledOrigins,
      Sampling sampling) {
    Column day = CustomerDaysTable.DAY.col();
    Column isSampled = sampling.includes(CustomerDaysTable.CUSTOMER_ID.col());
    Column[] originsAfterDay =
        Stream.concat(
                origins.stream().map(origin -> when(day.lt(lit(origin)), lit(origin))),
                sampledOrigins.stream()
                    .map(origin -> when(day.lt(lit(origin)).and(isSampled), lit(origin))))
            .toArray(Column[]::new);
    return new History(
        days.select(
                CustomerDaysTable.CUSTOMER_ID.col(),
                day,
                CustomerDaysTable.ORDERS.col(),
                Money.minorUnits(CustomerDaysTable.UNITS).as(UNITS_MILLI.name()),
                Money.minorUnits(CustomerDaysTable.GROSS).as(GROSS_MINOR.name()),
                Money.minorUnits(CustomerDaysTable.REFUND).as(REFUND_MINOR.name()),
                Money.minorUnits(CustomerDaysTable.NET).as(NET_MINOR.name()),
                CustomerDaysTable.DISCOUNTED_ORDERS.col(),
                CustomerDaysTable.CATEGORIES.col())
            .repartition(CustomerDaysTable.CUSTOMER_ID.col())
            .withColumn(ORIGIN.name(), explode(array(originsAfterDay)))
            .where(ORIGIN.col().isNotNull()));
  }

  Dataset<Row> rows() {
    return rows;
  }
}
