package io.perennial.orders;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.table.RowDiff;
import io.perennial.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Finds the orders that a change of lines affects. */
public final class ChangedOrders {

  /** Columns that {@link Orders} reads, and the key; a line's file does not affect its order. */
  private static final Column[] READ =
      Table.columns(
          OrderLinesTable.ORDER_ID,
          OrderLinesTable.LINE_ID,
          OrderLinesTable.CUSTOMER_ID,
          OrderLinesTable.ORDERED_AT,
          OrderLinesTable.ORDER_MONTH,
          OrderLinesTable.KIND,
          OrderLinesTable.CATEGORY,
          OrderLinesTable.IS_COUNTED,
          OrderLinesTable.QUANTITY,
          OrderLinesTable.AMOUNT,
          OrderLinesTable.DISCOUNT,
          OrderLinesTable.CHANNEL,
          OrderLinesTable.DISCOUNT_CODE,
          OrderLinesTable.COUNTRY,
          OrderLinesTable.SHIPPING,
          OrderLinesTable.TAX,
          OrderLinesTable.IS_GUEST);

  private ChangedOrders() {}

  /**
   * The order_ids of lines that were added, removed or changed.
   *
   * @param before earlier rows of order_lines, of the months that changed
   * @param now present rows of the same months
   */
  public static Dataset<Row> of(Dataset<Row> before, Dataset<Row> now) {
    return RowDiff.ofKeys(
        RowDiff.digests(before.select(READ), OrderLinesTable.ORDER_ID),
        RowDiff.digests(now.select(READ), OrderLinesTable.ORDER_ID),
        OrderLinesTable.ORDER_ID);
  }

  /** The order_ids of lines that were added; cheaper than {@link #of}. */
  public static Dataset<Row> ids(Dataset<Row> lines) {
    return lines.select(OrderLinesTable.ORDER_ID.col()).distinct();
  }

  /**
   * Lines that were added, removed or changed (then twice: before and after), with {@link
   * RowDiff#SURPLUS}: their keys, customer, month and kind.
   *
   * @param before earlier rows of order_lines, of the months that changed
   * @param now present rows of the same months
   */
  public static Dataset<Row> lines(Dataset<Row> before, Dataset<Row> now) {
    return RowDiff.ofRows(before.select(READ), now.select(READ))
        .select(
            Table.columns(
                OrderLinesTable.ORDER_ID,
                OrderLinesTable.LINE_ID,
                OrderLinesTable.CUSTOMER_ID,
                OrderLinesTable.ORDER_MONTH,
                OrderLinesTable.KIND,
                RowDiff.SURPLUS));
  }

  /** The rows of these orders. */
  public static Dataset<Row> only(Dataset<Row> rows, Dataset<Row> orderIds) {
    return rows.join(orderIds, OrdersTable.ORDER_ID.name(), "left_semi");
  }

  /** The rows of all other orders. */
  public static Dataset<Row> except(Dataset<Row> rows, Dataset<Row> orderIds) {
    return rows.join(orderIds, OrdersTable.ORDER_ID.name(), "left_anti");
  }

  /** The months of orders and of their lines, which may be outside the months that changed. */
  public static Dataset<Row> spans(Dataset<Row> orders) {
    return orders.select(
        Table.columns(
            OrdersTable.ORDER_ID,
            OrdersTable.ORDER_MONTH,
            OrdersTable.FIRST_LINE_MONTH,
            OrdersTable.LAST_LINE_MONTH));
  }
}
