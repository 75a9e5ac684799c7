package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.lake.Mapping;
import io.perennial.table.TableStore;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Finds unchanged files that must be read again, since what changed speaks of the same orders and
 * order_lines does not hold all that their records said.
 */
final class AffectedFiles {

  private final TableStore store;

  AffectedFiles(TableStore store) {
    this.store = store;
  }

  /** The distinct files of lines. */
  static Set<String> files(Dataset<Row> lines) {
    return lines.select(OrderLinesTable.SOURCE_FILE.col()).distinct().collectAsList().stream()
        .map(row -> row.getString(0))
        .collect(Collectors.toSet());
  }

  /**
   * Files that hold lines of the same orders as files that leave: what those said of the order is
   * written on these lines.
   */
  Set<String> besideLeaving(Set<String> leaving) {
    Dataset<Row> lines = store.read(OrderLinesTable.TABLE);
    Column leaves = OrderLinesTable.SOURCE_FILE.col().isin(leaving.toArray());
    Dataset<Row> orders =
        lines.where(leaves).select(OrderLinesTable.ORDER_ID.col().as("left_order")).distinct();
    return files(
        lines
            .where(not(leaves))
            .join(orders, OrderLinesTable.ORDER_ID.col().equalTo(col("left_order")), "left_semi"));
  }

  /**
   * Files, not to be read yet, that hold an order about which new records disagree: lines with
   * another customer, or records that were rejected with their order.
   */
  Set<String> inDispute(Dataset<Row> checked, RetainedLines earlier) {
    Dataset<Row> rejected =
        store.read(RejectsTable.TABLE).where(RejectsTable.IS_ORDER_REJECT.col());
    Dataset<Row> known = earlier.orders().union(OrderDigest.hashes(rejected)).toDF("known_hash");
    Dataset<Row> orders =
        checked
            .where(earlier.mayBeAmong(known))
            .where(not(Mapping.IS_FAULTY))
            .join(
                known,
                OrderDigest.hashOf(OrderLinesTable.ORDER_ID.col()).equalTo(col("known_hash")),
                "left_semi")
            .groupBy(OrderLinesTable.ORDER_ID.col())
            .agg(
                min(OrderLinesTable.CUSTOMER_ID.col()).as("new_customer"),
                max(OrderLinesTable.CUSTOMER_ID.col()).as("other_customer"));
    Dataset<Row> customers =
        earlier
            .narrow()
            .select(
                OrderLinesTable.ORDER_ID.col().as("known_order"),
                OrderLinesTable.CUSTOMER_ID.col().as("known_customer"),
                OrderLinesTable.SOURCE_FILE.col());
    Dataset<Row> lines =
        customers
            .join(
                orders,
                col("known_order")
                    .equalTo(OrderLinesTable.ORDER_ID.col())
                    .and(
                        col("known_customer")
                            .notEqual(col("new_customer"))
                            .or(col("known_customer").notEqual(col("other_customer")))))
            .select(OrderLinesTable.SOURCE_FILE.col());
    Dataset<Row> ofRejected =
        rejected
            .join(
                orders.withColumnRenamed("order_id", "new_order"),
                RejectsTable.ORDER_ID.col().equalTo(col("new_order")))
            .select(RejectsTable.SOURCE_FILE.col());
    return files(lines.union(ofRejected));
  }
}
