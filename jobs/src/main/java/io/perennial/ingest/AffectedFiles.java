package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.lake.Mapping;
import io.perennial.table.Field;
import io.perennial.table.TableStore;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Finds unchanged files that must be read again because they share orders with changed files:
 * order_lines does not hold everything that their records state.
 */
record AffectedFiles(TableStore store) {

  private static final Field MIN_CUSTOMER =
      OrderLinesTable.CUSTOMER_ID.as("min_customer", "Least customer of the order's new records.");
  private static final Field MAX_CUSTOMER =
      OrderLinesTable.CUSTOMER_ID.as("max_customer", "Greatest one.");

  /** The files of lines. */
  static Set<String> files(Dataset<Row> lines) {
    return lines.select(OrderLinesTable.SOURCE_FILE.col()).distinct().collectAsList().stream()
        .map(row -> row.getString(0))
        .collect(Collectors.toSet());
  }

  /**
   * Files that share orders with removed files: attributes that only a removed record states may
   * have been copied to their lines.
   */
  Set<String> sharingOrdersWith(Set<String> removed) {
    Dataset<Row> lines = store.read(OrderLinesTable.TABLE);
    Column isRemoved = OrderLinesTable.SOURCE_FILE.col().isin(removed.toArray());
    Dataset<Row> orders = lines.where(isRemoved).select(OrderLinesTable.ORDER_ID.col()).distinct();
    return files(
        lines.where(not(isRemoved)).join(orders, OrderLinesTable.ORDER_ID.name(), "left_semi"));
  }

  /**
   * Files with retained lines that state another customer than the order's new records, or with
   * records that were rejected together with an order of the new records.
   */
  Set<String> disputedBy(Dataset<Row> checked, RetainedLines retained) {
    Dataset<Row> rejected =
        store.read(RejectsTable.TABLE).where(RejectsTable.IS_ORDER_REJECT.col());
    Dataset<Row> known =
        retained.orders().union(OrderDigest.hashes(rejected)).toDF(RetainedLines.KNOWN_HASH.name());
    Dataset<Row> orders =
        checked
            .where(retained.mayBeAmong(known))
            .where(not(Mapping.IS_FAULTY.col()))
            .join(
                known,
                OrderDigest.hashOf(OrderLinesTable.ORDER_ID.col())
                    .equalTo(RetainedLines.KNOWN_HASH.col()),
                "left_semi")
            .groupBy(OrderLinesTable.ORDER_ID.col())
            .agg(
                min(OrderLinesTable.CUSTOMER_ID.col()).as(MIN_CUSTOMER.name()),
                max(OrderLinesTable.CUSTOMER_ID.col()).as(MAX_CUSTOMER.name()));
    Column isDisputed =
        OrderLinesTable.CUSTOMER_ID
            .col()
            .notEqual(MIN_CUSTOMER.col())
            .or(OrderLinesTable.CUSTOMER_ID.col().notEqual(MAX_CUSTOMER.col()));
    Dataset<Row> lines =
        retained
            .narrow()
            .join(orders, OrderLinesTable.ORDER_ID.name())
            .where(isDisputed)
            .select(OrderLinesTable.SOURCE_FILE.col());
    Dataset<Row> ofRejected =
        rejected.join(orders, RejectsTable.ORDER_ID.name()).select(RejectsTable.SOURCE_FILE.col());
    return files(lines.union(ofRejected));
  }
}
