package io.perennial.table;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.BloomFilterMightContain;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.util.sketch.BloomFilter;

/**
 * Whether a row has one of certain keys, by a Bloom filter instead of a join: rows are told apart
 * where they are read, and neither they nor the list of keys travels. A few rows of other keys pass
 * too.
 */
public final class KeyFilter {

  /** For more keys than these the filter would be too large to travel. */
  public static final long MOST_KEYS = 4_000_000;

  /** Share of other keys that pass. */
  private static final double FALSE_MEMBERS = 0.005;

  private static final long FEWEST = 1_000;

  private KeyFilter() {}

  /** What the filter holds of a key. */
  public static Column hashOf(Column key) {
    return xxhash64(key);
  }

  /**
   * A condition on rows with a key. Spark has the test as an expression, not as a function.
   *
   * @param hashes rows whose only column holds {@link #hashOf} the keys, repeated or not
   * @param most at least the number of different ones
   * @param key the key of the rows that are told apart
   */
  public static Column isAmong(Dataset<Row> hashes, long most, Column key) {
    if (most == 0 || hashes.isEmpty()) {
      return lit(false); // Of nothing Spark makes no filter.
    }
    BloomFilter filter =
        hashes.stat().bloomFilter(hashes.columns()[0], Math.max(most, FEWEST), FALSE_MEMBERS);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      filter.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ExpressionUtils.column(
        new BloomFilterMightContain(
            ExpressionUtils.expression(lit(bytes.toByteArray())),
            ExpressionUtils.expression(hashOf(key))));
  }
}
