package io.perennial.spark;

import static org.apache.spark.sql.functions.*;

import io.perennial.table.Field;
import io.perennial.table.SessionSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.BloomFilterMightContain;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.sketch.BloomFilter;

/**
 * Filters rows by a set of keys with a Bloom filter instead of a join: rows are filtered where they
 * are read, without a shuffle of the rows or the keys. A few rows of other keys pass too.
 */
public final class BloomKeyFilter {

  /** For more keys the filter, some 20 MB, would be too large to send to every task. */
  private static final long MOST_KEYS = 16_000_000;

  /** Share of other keys that pass: 0.5 %. */
  private static final double FALSE_MEMBERS = 0.005;

  private static final long BITS_PER_KEY = 12; // 11.03 by the formula of optimal filters.

  /** Spark's limits of a filter, which by default allow four million keys. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "spark.sql.optimizer.runtime.bloomFilter.maxNumItems",
          String.valueOf(MOST_KEYS),
          "spark.sql.optimizer.runtime.bloomFilter.maxNumBits",
          String.valueOf(MOST_KEYS * BITS_PER_KEY));

  private static final long FEWEST = 1_000;

  private BloomKeyFilter() {}

  /** The hash of a key that the filter holds. */
  public static Column hashOf(Column key) {
    return xxhash64(key);
  }

  /**
   * The rows with one of these keys, and a few others; all rows where there are very many keys.
   *
   * @param keys rows with the key; they are read twice
   */
  public static Dataset<Row> among(Dataset<Row> rows, Dataset<Row> keys, Field key) {
    return rows.where(isAmong(keys, keys.count(), key));
  }

  /** As {@link #isAmong(Dataset, long, Column)}, of rows with the key. */
  public static Column isAmong(Dataset<Row> keys, long most, Field key) {
    return isAmong(keys.select(hashOf(key.col())), most, key.col());
  }

  /**
   * A condition that rows with one of these keys meet, and a few others; all rows where there are
   * very many keys. Spark has the test as an expression, not as a function.
   *
   * @param hashes rows whose only column holds {@link #hashOf} the keys, repeated or not
   * @param most at least the number of distinct keys
   * @param key the key of the filtered rows
   */
  public static Column isAmong(Dataset<Row> hashes, long most, Column key) {
    if (most == 0 || hashes.isEmpty()) {
      return lit(false); // Spark cannot build a filter of no keys.
    }
    if (most > MOST_KEYS) {
      return lit(true);
    }
    BloomFilter filter;
    try (SessionSettings limits = SessionSettings.of(hashes.sparkSession(), LIMITS)) {
      filter =
          hashes.stat().bloomFilter(hashes.columns()[0], Math.max(most, FEWEST), FALSE_MEMBERS);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      filter.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ExpressionUtils.column(
        new BloomFilterMightContain(
            ExpressionUtils.expression(asSubquery(hashes.sparkSession(), bytes.toByteArray())),
            ExpressionUtils.expression(hashOf(key))));
  }

  /**
   * Spark writes a literal in full into every description of a plan, and keeps the descriptions:
   * ten million bytes become a text of twenty million. Of a subquery it writes only the name.
   */
  private static Column asSubquery(SparkSession spark, byte[] bytes) {
    return spark
        .createDataFrame(
            List.of(RowFactory.create((Object) bytes)),
            new StructType().add("filter", DataTypes.BinaryType))
        .scalar();
  }
}
