package io.perennial.months;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.orders.OrdersTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.RelationalGroupedDataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Computes {@code customer_days}: sales from {@code orders}, on the day of the order; refunds from
 * refund lines, on their own day.
 */
public final class CustomerDays {

  private CustomerDays() {}

  /**
   * One row per customer and day.
   *
   * @param orders rows of orders
   * @param lines rows of order_lines
   */
  public static Dataset<Row> of(Dataset<Row> orders, Dataset<Row> lines, int minorDigits) {
    RelationalGroupedDataset days =
        sales(orders)
            .unionByName(refunds(lines))
            .groupBy(CustomerDaysTable.CUSTOMER_ID.col(), CustomerDaysTable.DAY.col());
    return totals(days, Field::col, minorDigits)
        .withColumn(CustomerDaysTable.MONTH.name(), trunc(CustomerDaysTable.DAY.col(), "MM"));
  }

  /**
   * The figures of groups of days.
   *
   * @param minorUnits value of a decimal field in units of its last decimal place
   */
  static Dataset<Row> totals(
      RelationalGroupedDataset days, Function<Field, Column> minorUnits, int minorDigits) {
    Column gross = sum(minorUnits.apply(CustomerDaysTable.GROSS));
    Column discount = sum(minorUnits.apply(CustomerDaysTable.DISCOUNT));
    Column refund = sum(minorUnits.apply(CustomerDaysTable.REFUND));
    return days.agg(
        sum(CustomerDaysTable.ORDERS.col()).as(CustomerDaysTable.ORDERS.name()),
        Money.quantityOfThousandths(sum(minorUnits.apply(CustomerDaysTable.UNITS)))
            .as(CustomerDaysTable.UNITS.name()),
        Money.ofMinorUnits(gross, minorDigits).as(CustomerDaysTable.GROSS.name()),
        Money.ofMinorUnits(discount, minorDigits).as(CustomerDaysTable.DISCOUNT.name()),
        Money.ofMinorUnits(refund, minorDigits).as(CustomerDaysTable.REFUND.name()),
        Money.ofMinorUnits(gross.minus(discount).minus(refund), minorDigits)
            .as(CustomerDaysTable.NET.name()),
        sum(CustomerDaysTable.DISCOUNTED_ORDERS.col())
            .as(CustomerDaysTable.DISCOUNTED_ORDERS.name()),
        sum(CustomerDaysTable.CATEGORIES.col()).as(CustomerDaysTable.CATEGORIES.name()),
        min(CustomerDaysTable.FIRST_ORDER_AT.col()).as(CustomerDaysTable.FIRST_ORDER_AT.name()),
        max(CustomerDaysTable.LAST_ORDER_AT.col()).as(CustomerDaysTable.LAST_ORDER_AT.name()));
  }

  /** Orders with a counted sale line on their day; figures in units of the last decimal place. */
  private static Dataset<Row> sales(Dataset<Row> orders) {
    Column valid = OrdersTable.IS_VALID.col();
    Column validTime = when(valid, OrdersTable.ORDERED_AT.col());
    return withSales(orders)
        .select(
            OrdersTable.CUSTOMER_ID.col(),
            to_date(OrdersTable.ORDERED_AT.col()).as(CustomerDaysTable.DAY.name()),
            one(valid).as(CustomerDaysTable.ORDERS.name()),
            Money.minorUnits(OrdersTable.UNITS).as(CustomerDaysTable.UNITS.name()),
            Money.minorUnits(OrdersTable.GROSS).as(CustomerDaysTable.GROSS.name()),
            Money.minorUnits(OrdersTable.DISCOUNT).as(CustomerDaysTable.DISCOUNT.name()),
            lit(0L).as(CustomerDaysTable.REFUND.name()),
            one(valid.and(OrdersTable.DISCOUNT.col().gt(0)))
                .as(CustomerDaysTable.DISCOUNTED_ORDERS.name()),
            OrdersTable.CATEGORIES.col(),
            validTime.as(CustomerDaysTable.FIRST_ORDER_AT.name()),
            validTime.as(CustomerDaysTable.LAST_ORDER_AT.name()));
  }

  /** Counted refund lines on their own day, in the columns of {@link #sales}. */
  private static Dataset<Row> refunds(Dataset<Row> lines) {
    Column noTime = lit(null).cast(DataTypes.TimestampType);
    return refundLines(lines)
        .select(
            OrderLinesTable.CUSTOMER_ID.col(),
            to_date(OrderLinesTable.ORDERED_AT.col()).as(CustomerDaysTable.DAY.name()),
            lit(0L).as(CustomerDaysTable.ORDERS.name()),
            lit(0L).as(CustomerDaysTable.UNITS.name()),
            lit(0L).as(CustomerDaysTable.GROSS.name()),
            lit(0L).as(CustomerDaysTable.DISCOUNT.name()),
            Money.minorUnits(OrderLinesTable.AMOUNT)
                .unary_$minus()
                .as(CustomerDaysTable.REFUND.name()),
            lit(0L).as(CustomerDaysTable.DISCOUNTED_ORDERS.name()),
            lit(0L).as(CustomerDaysTable.CATEGORIES.name()),
            noTime.as(CustomerDaysTable.FIRST_ORDER_AT.name()),
            noTime.as(CustomerDaysTable.LAST_ORDER_AT.name()));
  }

  /** Orders of known customers with a counted sale line. */
  static Dataset<Row> withSales(Dataset<Row> orders) {
    return orders
        .where(OrdersTable.CUSTOMER_ID.col().isNotNull())
        .where(OrdersTable.COUNTED_SALE_LINES.col().gt(0));
  }

  /** Counted refund lines of known customers. */
  static Dataset<Row> refundLines(Dataset<Row> lines) {
    return lines
        .where(OrderLinesTable.KIND.col().equalTo(OrderLinesTable.REFUND))
        .where(OrderLinesTable.IS_COUNTED.col())
        .where(not(OrderLinesTable.CUSTOMER_ID.col().isNull()));
  }

  private static Column one(Column condition) {
    return when(condition, lit(1L)).otherwise(lit(0L));
  }
}
