package io.perennial.months;

import static io.perennial.months.CustomerDaysTable.CATEGORIES;
import static io.perennial.months.CustomerDaysTable.CUSTOMER_ID;
import static io.perennial.months.CustomerDaysTable.DAY;
import static io.perennial.months.CustomerDaysTable.DISCOUNT;
import static io.perennial.months.CustomerDaysTable.DISCOUNTED_ORDERS;
import static io.perennial.months.CustomerDaysTable.FIRST_ORDER_AT;
import static io.perennial.months.CustomerDaysTable.GROSS;
import static io.perennial.months.CustomerDaysTable.LAST_ORDER_AT;
import static io.perennial.months.CustomerDaysTable.MONTH;
import static io.perennial.months.CustomerDaysTable.NET;
import static io.perennial.months.CustomerDaysTable.ORDERS;
import static io.perennial.months.CustomerDaysTable.REFUND;
import static io.perennial.months.CustomerDaysTable.UNITS;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.trunc;
import static org.apache.spark.sql.functions.when;

import io.perennial.orders.OrderLinesTable;
import io.perennial.orders.OrdersTable;
import io.perennial.table.Money;
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
        .groupBy(CUSTOMER_ID.col(), DAY.col())
        .agg(
            sum(ORDERS.col()).as(ORDERS.name()),
            sum(col("thousandths")).as("thousandths"),
            sum(col("gross_minor")).as("gross_minor"),
            sum(col("discount_minor")).as("discount_minor"),
            sum(col("refund_minor")).as("refund_minor"),
            sum(DISCOUNTED_ORDERS.col()).as(DISCOUNTED_ORDERS.name()),
            sum(CATEGORIES.col()).as(CATEGORIES.name()),
            min(FIRST_ORDER_AT.col()).as(FIRST_ORDER_AT.name()),
            max(LAST_ORDER_AT.col()).as(LAST_ORDER_AT.name()))
        .select(
            CUSTOMER_ID.col(),
            DAY.col(),
            ORDERS.col(),
            Money.quantityOfThousandths(col("thousandths")).as(UNITS.name()),
            Money.ofMinorUnits(col("gross_minor"), minorDigits).as(GROSS.name()),
            Money.ofMinorUnits(col("discount_minor"), minorDigits).as(DISCOUNT.name()),
            Money.ofMinorUnits(col("refund_minor"), minorDigits).as(REFUND.name()),
            Money.ofMinorUnits(
                    col("gross_minor").minus(col("discount_minor")).minus(col("refund_minor")),
                    minorDigits)
                .as(NET.name()),
            DISCOUNTED_ORDERS.col(),
            CATEGORIES.col(),
            FIRST_ORDER_AT.col(),
            LAST_ORDER_AT.col(),
            trunc(DAY.col(), "MM").as(MONTH.name()));
  }

  /** Orders with a counted sale line, booked on the order's day. */
  private static Dataset<Row> salesOf(Dataset<Row> orders) {
    Column valid = OrdersTable.IS_VALID.col();
    Column validTime = when(valid, OrdersTable.ORDERED_AT.col());
    return withSales(orders)
        .select(
            OrdersTable.CUSTOMER_ID.col(),
            to_date(OrdersTable.ORDERED_AT.col()).as(DAY.name()),
            one(valid).as(ORDERS.name()),
            Money.minorUnits(OrdersTable.UNITS).as("thousandths"),
            Money.minorUnits(OrdersTable.GROSS).as("gross_minor"),
            Money.minorUnits(OrdersTable.DISCOUNT).as("discount_minor"),
            lit(0L).as("refund_minor"),
            one(valid.and(OrdersTable.DISCOUNT.col().gt(0))).as(DISCOUNTED_ORDERS.name()),
            OrdersTable.CATEGORIES.col(),
            validTime.as(FIRST_ORDER_AT.name()),
            validTime.as(LAST_ORDER_AT.name()));
  }

  /** Counted refund lines, booked on the day the money went back. */
  private static Dataset<Row> refundsOf(Dataset<Row> lines) {
    Column noTime = lit(null).cast(DataTypes.TimestampType);
    return refundLines(lines)
        .select(
            OrderLinesTable.CUSTOMER_ID.col(),
            to_date(OrderLinesTable.ORDERED_AT.col()).as(DAY.name()),
            lit(0L).as(ORDERS.name()),
            lit(0L).as("thousandths"),
            lit(0L).as("gross_minor"),
            lit(0L).as("discount_minor"),
            Money.minorUnits(OrderLinesTable.AMOUNT).unary_$minus().as("refund_minor"),
            lit(0L).as(DISCOUNTED_ORDERS.name()),
            lit(0L).as(CATEGORIES.name()),
            noTime.as(FIRST_ORDER_AT.name()),
            noTime.as(LAST_ORDER_AT.name()));
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
