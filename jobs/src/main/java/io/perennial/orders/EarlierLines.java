package io.perennial.orders;

import static org.apache.spark.sql.functions.col;

import io.perennial.table.Kept;
import io.perennial.table.KeyFilter;
import io.perennial.table.Months;
import io.perennial.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Lines accepted earlier that stay, beside new records: which of them are of the same orders. Those
 * are looked for once, in narrow rows; whole rows are read only of the months that hold them.
 */
final class EarlierLines {

  private static final Column[] NARROW =
      Table.columns(
          OrderLinesTable.ORDER_ID,
          OrderLinesTable.CUSTOMER_ID,
          OrderLinesTable.SOURCE_FILE,
          OrderLinesTable.ORDER_MONTH);

  private final Dataset<Row> all;
  private final Dataset<Row> narrow;
  private final Months months;
  private final Dataset<Row> ofSameOrders;

  private EarlierLines(Dataset<Row> all, Dataset<Row> narrow, Months months, Kept kept) {
    this.all = all;
    this.narrow = narrow;
    this.months = months;
    this.ofSameOrders = kept.keep(ofOrders(all(months), orders(), "left_semi"));
  }

  /**
   * @param lines rows of order_lines that stay
   * @param checked new records as {@link RecordRules#check} gives them
   * @param records how many
   */
  static EarlierLines beside(Dataset<Row> lines, Dataset<Row> checked, long records, Kept kept) {
    Dataset<Row> orders = OrderDigest.hashes(checked);
    Dataset<Row> narrow = lines.select(NARROW);
    if (records <= KeyFilter.MOST_KEYS) {
      narrow = narrow.where(OrderDigest.isAmong(orders, records));
    }
    Dataset<Row> same = kept.keep(ofOrders(narrow, orders.distinct(), "left_semi"));
    return new EarlierLines(
        lines, same, Months.in(same.select(OrderLinesTable.ORDER_MONTH.col())), kept);
  }

  /** The lines of orders of which there are new records: order_id, customer_id, source_file. */
  Dataset<Row> narrow() {
    return narrow;
  }

  /** Hashes of the orders of which there are lines and new records. */
  Dataset<Row> orders() {
    return OrderDigest.hashes(narrow).distinct();
  }

  /** The whole lines of orders of which there are new records. */
  Dataset<Row> ofSameOrders() {
    return ofSameOrders;
  }

  /** The whole lines of all other orders, of some months. */
  Dataset<Row> others(Months some) {
    return months.isEmpty() ? all(some) : ofOrders(all(some), orders(), "left_anti");
  }

  private Dataset<Row> all(Months some) {
    return all.where(some.among(OrderLinesTable.ORDER_MONTH));
  }

  private static Dataset<Row> ofOrders(Dataset<Row> lines, Dataset<Row> orders, String kind) {
    return lines.join(
        orders.select(OrderDigest.ORDER_HASH.as("wanted_order")),
        OrderDigest.hashOf(OrderLinesTable.ORDER_ID.col()).equalTo(col("wanted_order")),
        kind);
  }
}
