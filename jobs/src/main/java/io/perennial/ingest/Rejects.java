package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.lake.Mapping;
import io.perennial.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Computes rows of {@code rejects}. */
final class Rejects {

  private static final Field REJECTED_ORDER =
      OrderLinesTable.ORDER_ID.as("rejected_order", "Order that is rejected as a whole.");

  private Rejects() {}

  /** Records that are unusable by themselves. */
  static Dataset<Row> ofRecords(Dataset<Row> checked, String ingestId) {
    return rows(
        checked.where(Mapping.IS_FAULTY.col()),
        split(Mapping.FAULTS.col(), Mapping.SEPARATOR),
        false,
        ingestId);
  }

  /** Orders that are rejected as a whole, with the reason. */
  static Dataset<Row> orders(Dataset<Row> outcomes) {
    return outcomes
        .where(Deduplication.OUTCOME.col().equalTo(Deduplication.REJECTED))
        .where(not(OrderLinesTable.IS_DERIVED.col()))
        .select(
            OrderLinesTable.ORDER_ID.col().as(REJECTED_ORDER.name()),
            Deduplication.ORDER_FAULT.col())
        .distinct();
  }

  /** Usable records of orders that are rejected as a whole. */
  static Dataset<Row> ofOrders(Dataset<Row> checked, Dataset<Row> orders, String ingestId) {
    Dataset<Row> records =
        checked
            .where(not(Mapping.IS_FAULTY.col()))
            .join(broadcast(orders), OrderLinesTable.ORDER_ID.col().equalTo(REJECTED_ORDER.col()));
    return rows(records, array(Deduplication.ORDER_FAULT.col()), true, ingestId);
  }

  /** Retained lines of rejected orders. Their file is missing, so the record as read is unknown. */
  static Dataset<Row> ofRemovedFiles(Dataset<Row> outcomes, String ingestId) {
    return rows(
        outcomes
            .where(Deduplication.OUTCOME.col().equalTo(Deduplication.REJECTED))
            .where(not(OrderLinesTable.IS_DERIVED.col()).and(not(CandidateLines.IS_NEW.col())))
            .withColumn(RejectsTable.RECORD.name(), lit(null).cast("string")),
        array(Deduplication.ORDER_FAULT.col()),
        true,
        ingestId);
  }

  private static Dataset<Row> rows(
      Dataset<Row> records, Column reasons, boolean isOrderReject, String ingestId) {
    return records
        .withColumn(RejectsTable.REASONS.name(), reasons)
        .withColumn(RejectsTable.IS_ORDER_REJECT.name(), lit(isOrderReject))
        .withColumn(RejectsTable.INGEST_ID.name(), lit(ingestId))
        .select(RejectsTable.TABLE.columns());
  }
}
