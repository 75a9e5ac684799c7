package io.perennial.ingest;

import io.perennial.table.Field;
import io.perennial.table.Months;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The months from the first to the last line of each order: fewer rows than order_lines has.
 *
 * @param rows one row per order: order_id, first_line_month and last_line_month; null if unknown
 */
public record OrderSpans(Dataset<Row> rows) {

  public static final Field FIRST_LINE_MONTH =
      Field.date(
          "first_line_month",
          "First day of the local month of the order's earliest line, counted or not.");
  public static final Field LAST_LINE_MONTH =
      Field.date(
          "last_line_month",
          "First day of the local month of the order's latest line, refunds included: its lines are"
              + " in the months from first_line_month to this one.");

  /** No span is known, so that an order's lines may be in any month. */
  public static final OrderSpans UNKNOWN = new OrderSpans(null);

  /**
   * @param orders one row per order of order_lines, with order_id and the fields declared here
   */
  public static OrderSpans of(Dataset<Row> orders) {
    return new OrderSpans(
        orders.select(Table.columns(OrderLinesTable.ORDER_ID, FIRST_LINE_MONTH, LAST_LINE_MONTH)));
  }

  boolean isKnown() {
    return rows != null;
  }

  /**
   * All months in which orders may have lines.
   *
   * @param orders rows with the fields declared here
   */
  public static Months months(Dataset<Row> orders) {
    TreeSet<LocalDate> months = new TreeSet<>();
    for (Row span :
        orders
            .select(Table.columns(FIRST_LINE_MONTH, LAST_LINE_MONTH))
            .distinct()
            .collectAsList()) {
      months.addAll(
          Months.between(span.getDate(0).toLocalDate(), span.getDate(1).toLocalDate()).firstDays());
    }
    return new Months(months);
  }
}
