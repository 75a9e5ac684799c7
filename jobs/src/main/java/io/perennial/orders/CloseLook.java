package io.perennial.orders;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.perennial.config.SourceSettings;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The orders whose records must be compared with each other, and those with a record that is
 * unusable; all others are plain.
 *
 * @param orders their hashes, persisted: whoever asked for them unpersists them
 * @param isNeeded whether there is any
 * @param anyFaulty whether a record is unusable by itself
 */
record CloseLook(Dataset<Row> orders, boolean isNeeded, boolean anyFaulty) {

  /** One record in so many may be of an order that is looked at closely for nothing. */
  private static final long SUSPECTS_PER_LOOK = 50;

  /**
   * @param checked records as {@link RecordRules#check} gives them
   * @param base lines accepted earlier that stay, or null in a first run
   * @param records how many records there are
   */
  static CloseLook at(
      Dataset<Row> checked, SourceSettings source, Dataset<Row> base, long records) {
    Dataset<Row> digest = digest(checked, source, base).persist(StorageLevel.MEMORY_AND_DISK());
    Column isSuspect = OrderDigest.MAY_REPEAT.and(not(OrderDigest.IS_INTRICATE));
    Row sums =
        digest
            .agg(
                coalesce(sum(OrderDigest.FAULTY), lit(0L)),
                count(when(OrderDigest.IS_INTRICATE, lit(1))),
                coalesce(sum(when(isSuspect, OrderDigest.RECORDS)), lit(0L)))
            .first();
    // Another look at all keys costs more than a closer look at a few orders that may not need it.
    boolean isWorthAnotherLook = sums.getLong(2) > records / SUSPECTS_PER_LOOK;
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
    orders = orders.persist(StorageLevel.MEMORY_AND_DISK());
    boolean isNeeded = orders.count() > 0;
    digest.unpersist();
    return new CloseLook(orders, isNeeded, sums.getLong(0) > 0);
  }

  /** Orders that need a closer look, and counts of unusable records. */
  private static Dataset<Row> digest(
      Dataset<Row> checked, SourceSettings source, Dataset<Row> base) {
    Dataset<Row> digest = OrderDigest.of(checked, source);
    if (base != null) {
      Dataset<Row> known =
          base.select(OrderDigest.hashOf(OrderLinesTable.ORDER_ID.col()).as("known_hash"))
              .distinct();
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

  /** The lines of these orders. */
  Dataset<Row> only(Dataset<Row> lines) {
    return join(lines, "left_semi");
  }

  /** The lines of plain orders. */
  Dataset<Row> except(Dataset<Row> lines) {
    return isNeeded ? join(lines, "left_anti") : lines;
  }

  private Dataset<Row> join(Dataset<Row> lines, String how) {
    Column hash = OrderDigest.hashOf(lines.col(OrderLinesTable.ORDER_ID.name()));
    return lines.join(orders, hash.equalTo(orders.col("order_hash")), how);
  }
}
