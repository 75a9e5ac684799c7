package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.orders.ChangedOrders;
import io.perennial.spark.CachedDatasets;
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
final class RetainedLines {

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
  private final boolean areNewFew;

  private RetainedLines(
      Dataset<Row> all,
      Dataset<Row> narrow,
      Months months,
      boolean areNewFew,
      CachedDatasets kept) {
    this.all = all;
    this.narrow = narrow;
    this.months = months;
    this.ofSameOrders = kept.keep(ofOrders(all(months), orders(), "left_semi"));
    this.areNewFew = areNewFew;
  }

  /**
   * @param lines rows of order_lines that stay
   * @param orders rows of orders that these lines make, or more; empty where they are not known:
   *     there are fewer, and they tell of which months lines are
   * @param checked new records as {@link RecordRules#check} gives them
   * @param records how many
   * @param areFew whether to look for some of them costs more than to take them all
   */
  static RetainedLines beside(
      Dataset<Row> lines,
      Optional<Dataset<Row>> orders,
      Dataset<Row> checked,
      long records,
      boolean areFew,
      CachedDatasets kept) {
    Dataset<Row> hashes = OrderDigest.hashes(checked);
    Column isAmong = OrderDigest.isAmong(hashes, records);
    Dataset<Row> same;
    if (orders.isPresent()) {
      Dataset<Row> spans = kept.keep(ChangedOrders.spans(orders.get()).where(isAmong));
      Dataset<Row> known = kept.keep(only(hashes, OrderDigest.hashes(spans)).distinct());
      Months some = ChangedOrders.lineMonths(ofOrders(spans, known, "left_semi"));
      same =
          ofOrders(
              lines.where(some.among(OrderLinesTable.ORDER_MONTH)).select(NARROW),
              known,
              "left_semi");
    } else {
      same = ofOrders(lines.select(NARROW).where(isAmong), hashes.distinct(), "left_semi");
    }
    Dataset<Row> narrow = kept.keep(same);
    Months months = Months.in(narrow.select(OrderLinesTable.ORDER_MONTH.col()));
    return new RetainedLines(lines, narrow, months, areFew, kept);
  }

  /** Those hashes that are among others. */
  private static Dataset<Row> only(Dataset<Row> hashes, Dataset<Row> others) {
    return hashes.join(
        others.toDF("wanted_order"),
        OrderDigest.ORDER_HASH.equalTo(col("wanted_order")),
        "left_semi");
  }

  /** The lines of orders of which there are new records: order_id, customer_id, source_file. */
  Dataset<Row> narrow() {
    return narrow;
  }

  /** Hashes of the orders of which there are lines and new records. */
  Dataset<Row> orders() {
    return OrderDigest.hashes(narrow).distinct();
  }

  /**
   * A condition that rows of some orders meet, and few others; all rows, where the new records are
   * few.
   *
   * @param hashes as {@link OrderDigest#hashes} gives them
   */
  Column mayBeAmong(Dataset<Row> hashes) {
    return areNewFew ? lit(true) : OrderDigest.isAmong(hashes, hashes.count());
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
