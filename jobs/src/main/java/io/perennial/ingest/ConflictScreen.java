package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceSettings;
import io.perennial.spark.CachedDatasets;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Separates conflicting orders, whose records must be compared with each other, from clean ones. An
 * order with an unusable record or with retained lines counts as conflicting.
 *
 * @param isConflicting condition on the order_id of new records; false positives only cost time
 * @param isAnyConflicting whether there are conflicting orders
 * @param isAnyFaulty whether there are records that are unusable by themselves
 */
record ConflictScreen(Column isConflicting, boolean isAnyConflicting, boolean isAnyFaulty) {

  /** Repeated keys are verified if more than one record in so many is of a suspected order. */
  private static final long RECORDS_PER_SUSPECT = 50;

  /**
   * @param checked rows of {@link RecordRules#check}
   * @param records number of rows
   */
  static ConflictScreen of(
      Dataset<Row> checked, SourceSettings source, RetainedLines retained, long records) {
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> digest = kept.keep(digest(checked, source, retained));
      Column isConflicting = OrderDigest.IS_CONFLICTING.col();
      Column isSuspect = OrderDigest.MAY_REPEAT.col().and(not(isConflicting));
      Row sums =
          digest
              .agg(
                  coalesce(sum(OrderDigest.FAULTY.col()), lit(0L)),
                  count(when(isConflicting, lit(1))),
                  count(when(isSuspect, lit(1))),
                  coalesce(sum(when(isSuspect, OrderDigest.RECORDS.col())), lit(0L)))
              .first();
      // Comparing the keys again costs more than resolving a few orders without a conflict.
      boolean isVerified = sums.getLong(3) > records / RECORDS_PER_SUSPECT;
      Dataset<Row> orders =
          digest
              .where(isVerified ? isConflicting : isConflicting.or(OrderDigest.MAY_REPEAT.col()))
              .select(OrderDigest.ORDER_HASH.col());
      if (isVerified) {
        orders = orders.union(OrderDigest.withRepeats(checked, source, digest.where(isSuspect)));
      }
      long most = sums.getLong(1) + sums.getLong(2);
      return new ConflictScreen(OrderDigest.isAmong(orders, most), most > 0, sums.getLong(0) > 0);
    }
  }

  /** Digests of orders that are conflicting, suspected, or have unusable records. */
  private static Dataset<Row> digest(
      Dataset<Row> checked, SourceSettings source, RetainedLines retained) {
    Dataset<Row> digest = OrderDigest.of(checked, source);
    Column isConflicting = OrderDigest.IS_CONFLICTING.col();
    if (!retained.isEmpty()) {
      Column known = RetainedLines.KNOWN_HASH.col();
      digest =
          digest
              .join(
                  retained.orders().toDF(RetainedLines.KNOWN_HASH.name()),
                  OrderDigest.ORDER_HASH.col().equalTo(known),
                  "left")
              .withColumn(
                  OrderDigest.IS_CONFLICTING.name(),
                  isConflicting.or(known.isNotNull().and(OrderDigest.RECORDS.col().gt(0))))
              .drop(known);
    }
    return digest.where(
        isConflicting.or(OrderDigest.MAY_REPEAT.col()).or(OrderDigest.FAULTY.col().gt(0)));
  }

  /** New lines of clean orders. */
  Dataset<Row> clean(Dataset<Row> lines) {
    return isAnyConflicting ? lines.where(not(isConflicting)) : lines;
  }
}
