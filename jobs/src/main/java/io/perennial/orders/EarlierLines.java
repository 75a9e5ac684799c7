package io.perennial.orders;

import static io.perennial.orders.OrderLinesTable.ORDER_MONTH;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.perennial.table.Kept;
import io.perennial.table.KeyFilter;
import io.perennial.table.Months;
import io.perennial.table.Table;
import java.util.Optional;
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
          ORDER_MONTH);

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
   * @param orders rows of orders that these lines make, or more; empty where they are not known:
   *     there are fewer, and they tell of which months lines are
   * @param checked new records as {@link RecordRules#check} gives them
   * @param records how many
   */
  static EarlierLines beside(
      Dataset<Row> lines,
      Optional<Dataset<Row>> orders,
      Dataset<Row> checked,
      long records,
      Kept kept) {
    Dataset<Row> hashes = OrderDigest.hashes(checked);
    Column isAmong =
        records <= KeyFilter.MOST_KEYS ? OrderDigest.isAmong(hashes, records) : lit(true);
    Dataset<Row> some =
        orders
            .map(all -> ChangedOrders.spans(all).where(isAmong))
            .map(spans -> ofOrders(spans, hashes.distinct(), "left_semi"))
            .map(spans -> lines.where(ChangedOrders.lineMonths(spans).among(ORDER_MONTH)))
            .orElse(lines);
    Dataset<Row> same =
        kept.keep(ofOrders(some.select(NARROW).where(isAmong), hashes.distinct(), "left_semi"));
    return new EarlierLines(lines, same, Months.in(same.select(ORDER_MONTH.col())), kept);
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
    return all.where(some.among(ORDER_MONTH));
  }

  private static Dataset<Row> ofOrders(Dataset<Row> lines, Dataset<Row> orders, String kind) {
    return lines.join(
        orders.select(OrderDigest.ORDER_HASH.as("wanted_order")),
        OrderDigest.hashOf(OrderLinesTable.ORDER_ID.col()).equalTo(col("wanted_order")),
        kind);
  }
}
