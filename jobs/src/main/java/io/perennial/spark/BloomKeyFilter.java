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
 * Whether a row has one of certain keys, by a Bloom filter instead of a join: rows are told apart
 * where they are read, and neither they nor the list of keys travels. A few rows of other keys pass
 * too.
 */
public final class BloomKeyFilter {

  /** For more keys than these, some 20 MB, the filter would be too large to travel. */
  private static final long MOST_KEYS = 16_000_000;

  /** Share of other keys that pass. */
  private static final double FALSE_MEMBERS = 0.005;

  private static final long BITS_PER_KEY = 12; // 11.03 by the formula of optimal filters.

  /** Spark makes no larger filter than these allow; by default one of four million keys. */
  private static final Map<String, String> LIMITS =
      Map.of(
          "spark.sql.optimizer.runtime.bloomFilter.maxNumItems",
          String.valueOf(MOST_KEYS),
          "spark.sql.optimizer.runtime.bloomFilter.maxNumBits",
          String.valueOf(MOST_KEYS * BITS_PER_KEY));

  private static final long FEWEST = 1_000;

  private BloomKeyFilter() {}

  /** What the filter holds of a key. */
  public static Column hashOf(Column key) {
    return xxhash64(key);
  }

  /**
   * The rows with one of these keys, and a few others; where there are very many keys, all rows.
   * Where few rows are wanted of many, the others need not travel to be left out.
   *
   * @param keys rows with the key; they are read twice
   */
  public static Dataset<Row> among(Dataset<Row> rows, Dataset<Row> keys, Field key) {
    return rows.where(isAmong(keys, keys.count(), key));
  }

  /**
   * As {@link #isAmong(Dataset, long, Column)}.
   *
   * @param keys rows with the key
   */
  public static Column isAmong(Dataset<Row> keys, long most, Field key) {
    return isAmong(keys.select(hashOf(key.col())), most, key.col());
  }

  /**
   * A condition on rows with a key; where there are very many keys, all rows meet it. Spark has the
   * test as an expression, not as a function.
   *
   * @param hashes rows whose only column holds {@link #hashOf} the keys, repeated or not
   * @param most at least the number of different ones
   * @param key the key of the rows that are told apart
   */
  public static Column isAmong(Dataset<Row> hashes, long most, Column key) {
    if (most == 0 || hashes.isEmpty()) {
      return lit(false); // Of nothing Spark makes no filter.
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
   * Spark writes a literal out in full wherever it describes a plan, and keeps each description:
   * ten million bytes are a text of twenty million. Of a subquery it writes the name.
   */
  private static Column asSubquery(SparkSession spark, byte[] bytes) {
    return spark
        .createDataFrame(
            List.of(RowFactory.create((Object) bytes)),
            new StructType().add("filter", DataTypes.BinaryType))
        .scalar();
  }
}
