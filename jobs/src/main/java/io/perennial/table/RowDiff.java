package io.perennial.table;

import static org.apache.spark.sql.functions.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/** What differs between two versions of the same rows. */
public final class RowDiff {

  /** How many more of a row there are now than before; negative where there are fewer. */
  public static final Field SURPLUS = Field.count("surplus", "Rows now minus rows before.");

  private static final String DIGEST = "digest";

  private RowDiff() {}

  /**
   * The rows that were added or removed, each once, with {@link #SURPLUS}. Exact. Groups by all
   * columns: they should be few and narrow.
   */
  public static Dataset<Row> ofRows(Dataset<Row> before, Dataset<Row> now) {
    Column[] all = Arrays.stream(now.columns()).map(name -> col(name)).toArray(Column[]::new);
    return signed(before, now)
        .groupBy(all)
        .agg(sum(SURPLUS.col()).as(SURPLUS.name()))
        .where(SURPLUS.col().notEqual(0));
  }

  /**
   * Each row as its key and a 64-bit hash of all its columns, for {@link #ofKeys}. Rows must be
   * unique: of two equal ones the hashes would cancel out.
   */
  public static Dataset<Row> digests(Dataset<Row> rows, Field key) {
    List<Column> hashed = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      Column column = col(field.name());
      hashed.add(column);
      if (field.nullable()) {
        // The hash skips nulls: ('web', null) would equal (null, 'web').
        hashed.add(column.isNull());
      }
    }
    return rows.select(key.col(), xxhash64(hashed.toArray(Column[]::new)).as(DIGEST));
  }

  /** The keys whose rows differ, by {@link #digests} of both. */
  public static Dataset<Row> ofKeys(Dataset<Row> before, Dataset<Row> now, Field key) {
    return signed(before, now)
        .groupBy(key.col())
        .agg(bit_xor(col(DIGEST)).as(DIGEST), sum(SURPLUS.col()).as(SURPLUS.name()))
        .where(col(DIGEST).notEqual(0).or(SURPLUS.col().notEqual(0)))
        .select(key.col());
  }

  private static Dataset<Row> signed(Dataset<Row> before, Dataset<Row> now) {
    return before
        .withColumn(SURPLUS.name(), lit(-1L))
        .unionByName(now.withColumn(SURPLUS.name(), lit(1L)));
  }
}
