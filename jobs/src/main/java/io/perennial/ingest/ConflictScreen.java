package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceSettings;
import io.perennial.spark.CachedDatasets;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The orders whose records must be compared with each other, and those with a record that is
 * unusable; all others are plain.
 *
 * @param isMember whether an order_id of a new record is of these orders; a few plain ones pass for
 *     members, which only costs time
 * @param isNeeded whether there is any
 * @param anyFaulty whether a record is unusable by itself
 */
record ConflictScreen(Column isMember, boolean isNeeded, boolean anyFaulty) {

  /** One record in so many may be of an order that is looked at closely for nothing. */
  private static final long SUSPECTS_PER_LOOK = 50;

  /**
   * @param checked records as {@link RecordRules#check} gives them
   * @param earlier lines accepted earlier that stay; empty in a first run
   * @param records how many records there are
   */
  static ConflictScreen at(
      Dataset<Row> checked, SourceSettings source, Optional<RetainedLines> earlier, long records) {
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> digest = kept.keep(digest(checked, source, earlier));
      Column isSuspect = OrderDigest.MAY_REPEAT.and(not(OrderDigest.IS_INTRICATE));
      Row sums =
          digest
              .agg(
                  coalesce(sum(OrderDigest.FAULTY), lit(0L)),
                  count(when(OrderDigest.IS_INTRICATE, lit(1))),
                  count(when(isSuspect, lit(1))),
                  coalesce(sum(when(isSuspect, OrderDigest.RECORDS)), lit(0L)))
              .first();
      // Another look at all keys costs more than a closer look at a few orders that may not need
      // it.
      boolean isWorthAnotherLook = sums.getLong(3) > records / SUSPECTS_PER_LOOK;
      Dataset<Row> orders =
          digest
              .where(
                  isWorthAnotherLook
                      ? OrderDigest.IS_INTRICATE
                      : OrderDigest.IS_INTRICATE.or(OrderDigest.MAY_REPEAT))
              .select(OrderDigest.ORDER_HASH);
      if (isWorthAnotherLook) {
        orders = orders.union(OrderDigest.withRepeats(checked, source, digest.where(isSuspect)));
      }
      long most = sums.getLong(1) + sums.getLong(2);
      return new ConflictScreen(OrderDigest.isAmong(orders, most), most > 0, sums.getLong(0) > 0);
    }
  }

  /** Orders that need a closer look, and counts of unusable records. */
  private static Dataset<Row> digest(
      Dataset<Row> checked, SourceSettings source, Optional<RetainedLines> earlier) {
    Dataset<Row> digest = OrderDigest.of(checked, source);
    if (earlier.isPresent()) {
      Dataset<Row> known = earlier.get().orders().toDF("known_hash");
      digest =
          digest
              .join(known, OrderDigest.ORDER_HASH.equalTo(col("known_hash")), "left")
              .withColumn(
                  "is_intricate",
                  OrderDigest.IS_INTRICATE.or(
                      col("known_hash").isNotNull().and(OrderDigest.RECORDS.gt(0))))
              .drop("known_hash");
    }
    return digest.where(
        OrderDigest.IS_INTRICATE.or(OrderDigest.MAY_REPEAT).or(OrderDigest.FAULTY.gt(0)));
  }

  /** The records of these orders: asked first, what else is asked costs little. */
  Dataset<Row> only(Dataset<Row> records) {
    return records.where(isMember);
  }

  /** The new lines of plain orders. */
  Dataset<Row> except(Dataset<Row> lines) {
    return isNeeded ? lines.where(not(isMember)) : lines;
  }
}
