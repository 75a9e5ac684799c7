package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.CachedDatasets;
import io.perennial.table.Field;
import io.perennial.table.Months;
import io.perennial.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows of order_lines that stay, and those among them of orders with new records. The latter are
 * searched once, in narrow rows; whole rows are read only of the months that hold them.
 *
 * @param all rows of order_lines that stay; null if the table has none
 * @param narrow lines of orders with new records: order_id, customer_id, source_file, order_month
 * @param months months of these lines
 * @param ofSameOrders the same lines with all columns
 * @param isBatchSmall whether filtering rows by the new records' orders costs more than it saves
 */
record RetainedLines(
    Dataset<Row> all,
    Dataset<Row> narrow,
    Months months,
    Dataset<Row> ofSameOrders,
    boolean isBatchSmall) {

  /** The table has no lines: all orders are new. */
  static final RetainedLines NONE = new RetainedLines(null, null, Months.NONE, null, false);

  static final Field KNOWN_HASH =
      OrderDigest.ORDER_HASH.as("known_hash", "Hash of an order with lines and new records.");

  private static final Column[] NARROW =
      Table.columns(
          OrderLinesTable.ORDER_ID,
          OrderLinesTable.CUSTOMER_ID,
          OrderLinesTable.SOURCE_FILE,
          OrderLinesTable.ORDER_MONTH);

  /**
   * @param lines rows of order_lines that stay
   * @param spans spans of the orders of these lines
   * @param checked new records as {@link RecordRules#check} gives them
   * @param records number of new records
   */
  static RetainedLines of(
      Dataset<Row> lines,
      OrderSpans spans,
      Dataset<Row> checked,
      long records,
      boolean isBatchSmall,
      CachedDatasets kept) {
    Dataset<Row> hashes = OrderDigest.hashes(checked);
    Column isAmong = OrderDigest.isAmong(hashes, records);
    Dataset<Row> sameOrders;
    if (spans.isKnown()) {
      Dataset<Row> near = kept.keep(spans.rows().where(isAmong));
      Dataset<Row> known =
          kept.keep(
              hashes
                  .join(OrderDigest.hashes(near), OrderDigest.ORDER_HASH.name(), "left_semi")
                  .distinct());
      Months some = OrderSpans.months(ofOrders(near, known, "left_semi"));
      sameOrders =
          ofOrders(
              lines.where(some.among(OrderLinesTable.ORDER_MONTH)).select(NARROW),
              known,
              "left_semi");
    } else {
      sameOrders = ofOrders(lines.select(NARROW).where(isAmong), hashes.distinct(), "left_semi");
    }
    Dataset<Row> narrow = kept.keep(sameOrders);
    Months months = Months.in(narrow.select(OrderLinesTable.ORDER_MONTH.col()));
    Dataset<Row> ofSameOrders =
        kept.keep(
            ofOrders(
                lines.where(months.among(OrderLinesTable.ORDER_MONTH)),
                orders(narrow),
                "left_semi"));
    return new RetainedLines(lines, narrow, months, ofSameOrders, isBatchSmall);
  }

  boolean isEmpty() {
    return all == null;
  }

  /** Hashes of the orders with both lines and new records. */
  Dataset<Row> orders() {
    return orders(narrow);
  }

  private static Dataset<Row> orders(Dataset<Row> lines) {
    return OrderDigest.hashes(lines).distinct();
  }

  /**
   * A filter on the order_id with false positives; all rows pass where the new records are few.
   *
   * @param hashes rows of {@link OrderDigest#hashes}
   */
  Column mayBeAmong(Dataset<Row> hashes) {
    return isBatchSmall ? lit(true) : OrderDigest.isAmong(hashes, hashes.count());
  }

  /** Whole lines of all other orders in some months. */
  Dataset<Row> ofOtherOrders(Months some) {
    Dataset<Row> lines = all.where(some.among(OrderLinesTable.ORDER_MONTH));
    return months.isEmpty() ? lines : ofOrders(lines, orders(), "left_anti");
  }

  private static Dataset<Row> ofOrders(Dataset<Row> lines, Dataset<Row> orders, String kind) {
    return lines.join(
        orders.toDF(KNOWN_HASH.name()),
        OrderDigest.hashOf(OrderLinesTable.ORDER_ID.col()).equalTo(KNOWN_HASH.col()),
        kind);
  }
}
