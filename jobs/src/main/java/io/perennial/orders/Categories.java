package io.perennial.orders;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/**
 * Product categories as numbers in alphabetical order. Spark aggregates numbers by hash;
 * aggregating names would make it sort all lines by order.
 *
 * @param codes one row per category: category, code from 0
 * @param count number of categories
 */
public record Categories(Dataset<Row> codes, long count) {

  /** Up to so many categories, a set of them is kept as bits instead of collected. */
  private static final int MAX_BITS = 512;

  private static final int CODE_BITS = 28;
  private static final int NO_CODE = (1 << CODE_BITS) - 1;

  private static final Field CODE =
      Field.integer("category_code", "Position of the category, from 0.");
  private static final Field FIRST_CODE =
      Field.count("first_code", "Code of the first category of an order.");

  /** One row per distinct category of the lines, numbered. */
  public static Dataset<Row> codesOf(Dataset<Row> lines) {
    Column category = OrderLinesTable.CATEGORY.col();
    return lines
        .select(category)
        .where(category.isNotNull())
        .distinct()
        .withColumn(CODE.name(), row_number().over(Window.orderBy(category)).minus(1));
  }

  /** Adds the code of each line's category; null without one. */
  Dataset<Row> encode(Dataset<Row> lines) {
    String category = OrderLinesTable.CATEGORY.name();
    return count == 0
        ? lines.withColumn(CODE.name(), lit(null).cast(DataTypes.IntegerType))
        : lines
            .join(broadcast(codes), lines.col(category).equalTo(codes.col(category)), "left")
            .drop(codes.col(category));
  }

  /** An aggregate: the number of distinct categories of the lines that meet a condition. */
  Column distinct(Column condition) {
    if (count > MAX_BITS) {
      return size(collect_set(when(condition, CODE.col()))).cast(DataTypes.LongType);
    }
    Column sum = lit(0L);
    for (int word = 0; word < (count + 63) / 64; word++) {
      Column bit = call_function("shiftleft", lit(1L), CODE.col().minus(lit(word * 64)));
      Column inWord = CODE.col().geq(word * 64).and(CODE.col().lt((word + 1) * 64));
      Column set = call_function("bit_or", when(condition.and(inWord), bit));
      sum = sum.plus(coalesce(bit_count(set), lit(0)));
    }
    return sum.cast(DataTypes.LongType);
  }

  /**
   * A 64-bit value whose minimum gives the first category: orders lines by second, then by
   * category, within a second lines without a category last.
   */
  Column secondAndCode(Column time) {
    Column seconds = time.cast(DataTypes.LongType);
    return seconds.multiply(1L << CODE_BITS).plus(coalesce(CODE.col(), lit(NO_CODE)));
  }

  /** Adds the category of a minimum of {@link #secondAndCode}, by a broadcast join. */
  Dataset<Row> decode(Dataset<Row> rows, Field minimum, Field category) {
    if (count == 0) {
      return rows.withColumn(category.name(), lit(null).cast(DataTypes.StringType));
    }
    Dataset<Row> names =
        codes.select(
            OrderLinesTable.CATEGORY.col().as(category.name()),
            CODE.col().cast(DataTypes.LongType).as(FIRST_CODE.name()));
    return rows.join(
            broadcast(names),
            call_function("pmod", minimum.col(), lit(1L << CODE_BITS)).equalTo(FIRST_CODE.col()),
            "left")
        .drop(FIRST_CODE.name());
  }
}
