package io.perennial.months;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.orders.OrdersTable;
import io.perennial.spark.Money;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Makes {@code customer_days}: sales on the day of their order, taken from {@code orders}; refunds
 * on their own day, taken from the refund lines.
 */
public final class CustomerDays {

  private CustomerDays() {}

  /**
   * @param orders rows of orders
   * @param lines rows of order_lines
   */
  public static Dataset<Row> of(Dataset<Row> orders, Dataset<Row> lines, int minorDigits) {
    return salesOf(orders)
        .unionByName(refundsOf(lines))
        .groupBy(CustomerDaysTable.CUSTOMER_ID.col(), CustomerDaysTable.DAY.col())
        .agg(
            sum(CustomerDaysTable.ORDERS.col()).as(CustomerDaysTable.ORDERS.name()),
            sum(col("thousandths")).as("thousandths"),
            sum(col("gross_minor")).as("gross_minor"),
            sum(col("discount_minor")).as("discount_minor"),
            sum(col("refund_minor")).as("refund_minor"),
            sum(CustomerDaysTable.DISCOUNTED_ORDERS.col())
                .as(CustomerDaysTable.DISCOUNTED_ORDERS.name()),
            sum(CustomerDaysTable.CATEGORIES.col()).as(CustomerDaysTable.CATEGORIES.name()),
            min(CustomerDaysTable.FIRST_ORDER_AT.col()).as(CustomerDaysTable.FIRST_ORDER_AT.name()),
            max(CustomerDaysTable.LAST_ORDER_AT.col()).as(CustomerDaysTable.LAST_ORDER_AT.name()))
        .select(
            CustomerDaysTable.CUSTOMER_ID.col(),
            CustomerDaysTable.DAY.col(),
            CustomerDaysTable.ORDERS.col(),
            Money.quantityOfThousandths(col("thousandths")).as(CustomerDaysTable.UNITS.name()),
            Money.ofMinorUnits(col("gross_minor"), minorDigits).as(CustomerDaysTable.GROSS.name()),
            Money.ofMinorUnits(col("discount_minor"), minorDigits)
                .as(CustomerDaysTable.DISCOUNT.name()),
            Money.ofMinorUnits(col("refund_minor"), minorDigits)
                .as(CustomerDaysTable.REFUND.name()),
            Money.ofMinorUnits(
                    col("gross_minor").minus(col("discount_minor")).minus(col("refund_minor")),
                    minorDigits)
                .as(CustomerDaysTable.NET.name()),
            CustomerDaysTable.DISCOUNTED_ORDERS.col(),
            CustomerDaysTable.CATEGORIES.col(),
            CustomerDaysTable.FIRST_ORDER_AT.col(),
            CustomerDaysTable.LAST_ORDER_AT.col(),
            trunc(CustomerDaysTable.DAY.col(), "MM").as(CustomerDaysTable.MONTH.name()));
  }

  /** Orders with a counted sale line, booked on the order's day. */
  private static Dataset<Row> salesOf(Dataset<Row> orders) {
    Column valid = OrdersTable.IS_VALID.col();
    Column validTime = when(valid, OrdersTable.ORDERED_AT.col());
    return withSales(orders)
        .select(
            OrdersTable.CUSTOMER_ID.col(),
            to_date(OrdersTable.ORDERED_AT.col()).as(CustomerDaysTable.DAY.name()),
            one(valid).as(CustomerDaysTable.ORDERS.name()),
            Money.minorUnits(OrdersTable.UNITS).as("thousandths"),
            Money.minorUnits(OrdersTable.GROSS).as("gross_minor"),
            Money.minorUnits(OrdersTable.DISCOUNT).as("discount_minor"),
            lit(0L).as("refund_minor"),
            one(valid.and(OrdersTable.DISCOUNT.col().gt(0)))
                .as(CustomerDaysTable.DISCOUNTED_ORDERS.name()),
            OrdersTable.CATEGORIES.col(),
            validTime.as(CustomerDaysTable.FIRST_ORDER_AT.name()),
            validTime.as(CustomerDaysTable.LAST_ORDER_AT.name()));
  }

  /** Counted refund lines, booked on the day the money went back. */
  private static Dataset<Row> refundsOf(Dataset<Row> lines) {
    Column noTime = lit(null).cast(DataTypes.TimestampType);
    return refundLines(lines)
        .select(
            OrderLinesTable.CUSTOMER_ID.col(),
            to_date(OrderLinesTable.ORDERED_AT.col()).as(CustomerDaysTable.DAY.name()),
            lit(0L).as(CustomerDaysTable.ORDERS.name()),
            lit(0L).as("thousandths"),
            lit(0L).as("gross_minor"),
            lit(0L).as("discount_minor"),
            Money.minorUnits(OrderLinesTable.AMOUNT).unary_$minus().as("refund_minor"),
            lit(0L).as(CustomerDaysTable.DISCOUNTED_ORDERS.name()),
            lit(0L).as(CustomerDaysTable.CATEGORIES.name()),
            noTime.as(CustomerDaysTable.FIRST_ORDER_AT.name()),
            noTime.as(CustomerDaysTable.LAST_ORDER_AT.name()));
  }

  /** The orders of known customers that have a counted sale line. */
  static Dataset<Row> withSales(Dataset<Row> orders) {
    return orders
        .where(OrdersTable.CUSTOMER_ID.col().isNotNull())
        .where(OrdersTable.COUNTED_SALE_LINES.col().gt(0));
  }

  /** The counted refund lines of known customers. */
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
