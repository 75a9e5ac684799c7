package io.perennial.orders;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.perennial.config.SourceSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.BloomFilterMightContain;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.sketch.BloomFilter;

/**
 * The orders whose records must be compared with each other, and those with a record that is
 * unusable; all others are plain.
 *
 * @param isMember whether an order_id is of these orders; a few plain ones pass for members, which
 *     only costs time
 * @param isNeeded whether there is any
 * @param anyFaulty whether a record is unusable by itself
 */
record CloseLook(Column isMember, boolean isNeeded, boolean anyFaulty) {

  /** One record in so many may be of an order that is looked at closely for nothing. */
  private static final long SUSPECTS_PER_LOOK = 50;

  /** Share of plain orders that pass for members. */
  private static final double FALSE_MEMBERS = 0.005;

  /**
   * @param checked records as {@link RecordRules#check} gives them
   * @param base lines accepted earlier that stay, or null in a first run
   * @param records how many records there are
   */
  static CloseLook at(
      Dataset<Row> checked, SourceSettings source, Dataset<Row> base, long records) {
    Dataset<Row> digest = digest(checked, source, base).persist(StorageLevel.MEMORY_AND_DISK());
    try {
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
      return new CloseLook(
          most == 0 ? lit(false) : isAmong(orders, most), most > 0, sums.getLong(0) > 0);
    } finally {
      digest.unpersist();
    }
  }

  /**
   * A Bloom filter instead of a join: records are routed where they are read, and neither plain
   * lines nor the list of orders travels. Spark has the test as an expression, not as a function.
   */
  private static Column isAmong(Dataset<Row> orders, long most) {
    BloomFilter filter =
        orders.stat().bloomFilter(OrderDigest.ORDER_HASH, Math.max(most, 1_000), FALSE_MEMBERS);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      filter.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ExpressionUtils.column(
        new BloomFilterMightContain(
            ExpressionUtils.expression(lit(bytes.toByteArray())),
            ExpressionUtils.expression(OrderDigest.hashOf(OrderLinesTable.ORDER_ID.col()))));
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
    return lines.where(isMember);
  }

  /** The lines of plain orders. */
  Dataset<Row> except(Dataset<Row> lines) {
    return isNeeded ? lines.where(not(isMember)) : lines;
  }
}
