package io.perennial.orders;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.BloomFilterMightContain;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.util.sketch.BloomFilter;

/**
 * Whether a row is of certain orders, by a Bloom filter instead of a join: rows are told apart
 * where they are read, and neither they nor the list of orders travels. A few rows of other orders
 * pass too.
 */
final class OrderFilter {

  /** Share of other orders that pass. */
  private static final double FALSE_MEMBERS = 0.005;

  private OrderFilter() {}

  /**
   * A condition on rows with an order_id. Spark has the test as an expression, not as a function.
   *
   * @param hashes rows with {@link OrderDigest#ORDER_HASH}, repeated or not
   * @param most at least the number of different ones
   */
  static Column isAmong(Dataset<Row> hashes, long most) {
    if (most == 0 || hashes.isEmpty()) {
      return functions.lit(false); // Of nothing Spark makes no filter.
    }
    BloomFilter filter =
        hashes.stat().bloomFilter(OrderDigest.ORDER_HASH, Math.max(most, 1_000), FALSE_MEMBERS);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      filter.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ExpressionUtils.column(
        new BloomFilterMightContain(
            ExpressionUtils.expression(functions.lit(bytes.toByteArray())),
            ExpressionUtils.expression(OrderDigest.hashOf(OrderLinesTable.ORDER_ID.col()))));
  }
}
