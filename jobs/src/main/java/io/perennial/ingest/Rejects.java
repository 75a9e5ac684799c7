package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.lake.Mapping;
import io.perennial.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes rows of {@code rejects}. */
final class Rejects {

  private Rejects() {}

  /** Records that are unusable by themselves. */
  static Dataset<Row> ofRecords(Dataset<Row> checked, String ingestId) {
    return rows(
        checked.where(Mapping.IS_FAULTY),
        split(Mapping.FAULTS, Mapping.SEPARATOR),
        false,
        ingestId);
  }

  /** Orders that were rejected whole, with the reason. */
  static Dataset<Row> ordersIn(Dataset<Row> fates) {
    return fates
        .where(Deduplication.FATE.equalTo(Deduplication.REJECTED))
        .where(not(OrderLinesTable.IS_DERIVED.col()))
        .select(OrderLinesTable.ORDER_ID.col().as("rejected_order"), Deduplication.ORDER_FAULT)
        .distinct();
  }

  /** Usable records of orders that were rejected whole. */
  static Dataset<Row> withTheirOrder(Dataset<Row> checked, Dataset<Row> orders, String ingestId) {
    Dataset<Row> records =
        checked
            .where(not(Mapping.IS_FAULTY))
            .join(broadcast(orders), OrderLinesTable.ORDER_ID.col().equalTo(col("rejected_order")));
    return rows(records, array(Deduplication.ORDER_FAULT), true, ingestId);
  }

  /**
   * Lines accepted earlier whose order was rejected whole, and whose file is gone: what was read of
   * them is not known any more.
   */
  static Dataset<Row> ofGoneFiles(Dataset<Row> fates, String ingestId) {
    return rows(
        fates
            .where(Deduplication.FATE.equalTo(Deduplication.REJECTED))
            .where(not(OrderLinesTable.IS_DERIVED.col()).and(not(CandidateLines.IS_NEW)))
            .withColumn(RejectsTable.RECORD.name(), lit(null).cast("string")),
        array(Deduplication.ORDER_FAULT),
        true,
        ingestId);
  }

  private static Dataset<Row> rows(
      Dataset<Row> records, Column reasons, boolean isOrderReject, String ingestId) {
    return records
        .withColumn(RejectsTable.REASONS.name(), reasons)
        .withColumn(RejectsTable.IS_ORDER_REJECT.name(), lit(isOrderReject))
        .withColumn(RejectsTable.INGEST_ID.name(), lit(ingestId))
        .select(RejectsTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }
}
