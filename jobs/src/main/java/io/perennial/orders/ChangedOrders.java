package io.perennial.orders;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.table.Months;
import io.perennial.table.RowDiff;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which orders a change of lines concerns. */
public final class ChangedOrders {

  /** What {@link Orders} reads of a line, and its key. Where a record was read changes no order. */
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
   * One row per order with a line that came, went or changed: its id.
   *
   * @param before rows of order_lines as they were, of the months that changed
   * @param now the same months as they are
   */
  public static Dataset<Row> of(Dataset<Row> before, Dataset<Row> now) {
    return RowDiff.ofKeys(digests(before), digests(now), OrderLinesTable.ORDER_ID);
  }

  /** As {@link #of} where lines only came. */
  public static Dataset<Row> ids(Dataset<Row> lines) {
    return lines.select(OrderLinesTable.ORDER_ID.col()).distinct();
  }

  /**
   * The lines that came, went or changed, which are then there as they were and as they are: their
   * keys, customer, month and kind, with {@link RowDiff#SURPLUS}.
   *
   * @param before rows of order_lines as they were, of the months that changed
   * @param now the same months as they are
   */
  public static Dataset<Row> lines(Dataset<Row> before, Dataset<Row> now) {
    return RowDiff.ofRows(before.select(READ), now.select(READ))
        .select(
            OrderLinesTable.ORDER_ID.col(),
            OrderLinesTable.LINE_ID.col(),
            OrderLinesTable.CUSTOMER_ID.col(),
            OrderLinesTable.ORDER_MONTH.col(),
            OrderLinesTable.KIND.col(),
            RowDiff.SURPLUS.col());
  }

  private static Dataset<Row> digests(Dataset<Row> lines) {
    return RowDiff.digests(lines.select(READ), OrderLinesTable.ORDER_ID);
  }

  /** The rows of these orders. */
  public static Dataset<Row> only(Dataset<Row> rows, Dataset<Row> orderIds) {
    return join(rows, orderIds, "left_semi");
  }

  /** The rows of all other orders. */
  public static Dataset<Row> except(Dataset<Row> rows, Dataset<Row> orderIds) {
    return join(rows, orderIds, "left_anti");
  }

  private static Dataset<Row> join(Dataset<Row> rows, Dataset<Row> orderIds, String kind) {
    String id = OrdersTable.ORDER_ID.name();
    return rows.join(orderIds, rows.col(id).equalTo(orderIds.col(id)), kind);
  }

  /**
   * Where orders and their lines are, narrow: an order's other lines may be in months that did not
   * change.
   */
  public static Dataset<Row> spans(Dataset<Row> orders) {
    return orders.select(
        Table.columns(
            OrdersTable.ORDER_ID,
            OrdersTable.ORDER_MONTH,
            OrdersTable.FIRST_LINE_MONTH,
            OrdersTable.LAST_LINE_MONTH));
  }

  /**
   * All months in which orders may have lines.
   *
   * @param orders rows of orders, or of {@link #spans}
   */
  public static Months lineMonths(Dataset<Row> orders) {
    TreeSet<LocalDate> months = new TreeSet<>();
    for (Row span :
        orders
            .select(Table.columns(OrdersTable.FIRST_LINE_MONTH, OrdersTable.LAST_LINE_MONTH))
            .distinct()
            .collectAsList()) {
      months.addAll(
          Months.between(span.getDate(0).toLocalDate(), span.getDate(1).toLocalDate()).firstDays());
    }
    return new Months(months);
  }
}
