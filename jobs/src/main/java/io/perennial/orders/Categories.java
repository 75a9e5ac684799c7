package io.perennial.orders;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.OrderLinesTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/**
 * Product categories as numbers in alphabetical order. Aggregating names would make Spark sort all
 * lines by order; machine words stay in its hash aggregation.
 *
 * @param codes one row per category: category, code from 0
 * @param count how many there are
 */
public record Categories(Dataset<Row> codes, long count) {

  /** Beyond so many categories the sets of codes are collected instead of kept as bits. */
  private static final int MAX_BITS = 512;

  private static final String CODE = "category_code";

  /** A dataset of the distinct categories, numbered. */
  static Dataset<Row> codesOf(Dataset<Row> lines) {
    Column category = OrderLinesTable.CATEGORY.col();
    return lines
        .select(category)
        .where(category.isNotNull())
        .distinct()
        .withColumn(CODE, row_number().over(Window.orderBy(category)).minus(1));
  }

  /** Adds the code of each line's category; null without one. */
  Dataset<Row> encode(Dataset<Row> lines) {
    return count == 0
        ? lines.withColumn(CODE, lit(null).cast(DataTypes.IntegerType))
        : lines
            .join(
                broadcast(codes),
                lines.col(OrderLinesTable.CATEGORY.name()).equalTo(codes.col("category")),
                "left")
            .drop(codes.col("category"));
  }

  /** Aggregates from which {@link #distinct} tells how many categories a group has. */
  List<Column> sets(Column isMember) {
    List<Column> aggregates = new ArrayList<>();
    if (count > MAX_BITS) {
      aggregates.add(collect_set(when(isMember, col(CODE))).as("category_set"));
      return aggregates;
    }
    for (int word = 0; word < words(); word++) {
      Column bit = call_function("shiftleft", lit(1L), col(CODE).minus(lit(word * 64)));
      Column inWord = col(CODE).geq(word * 64).and(col(CODE).lt((word + 1) * 64));
      aggregates.add(
          call_function("bit_or", when(isMember.and(inWord), bit)).as("category_set_" + word));
    }
    return aggregates;
  }

  /** How many distinct categories a group of {@link #sets} has. */
  Column distinct() {
    if (count > MAX_BITS) {
      return size(col("category_set")).cast(DataTypes.LongType);
    }
    Column sum = lit(0L);
    for (int word = 0; word < words(); word++) {
      sum = sum.plus(coalesce(bit_count(col("category_set_" + word)), lit(0)));
    }
    return sum.cast(DataTypes.LongType);
  }

  /**
   * A machine word that orders lines by second, then by category, lines without a category last
   * within the second; its minimum tells the first category.
   */
  Column secondAndCode(Column time) {
    Column seconds = time.cast(DataTypes.LongType);
    return seconds.multiply(1L << CODE_BITS).plus(coalesce(col(CODE), lit(NO_CODE)));
  }

  /** The category that a minimum of {@link #secondAndCode} stands for, by a broadcast join. */
  Dataset<Row> decode(Dataset<Row> rows, String word, String name) {
    Column code = call_function("pmod", col(word), lit(1L << CODE_BITS));
    Dataset<Row> names =
        codes.select(col("category").as(name), col(CODE).cast(DataTypes.LongType).as("first_code"));
    return count == 0
        ? rows.withColumn(name, lit(null).cast(DataTypes.StringType))
        : rows.withColumn("wanted_code", code)
            .join(broadcast(names), col("wanted_code").equalTo(col("first_code")), "left")
            .drop("wanted_code", "first_code");
  }

  private static final int CODE_BITS = 28;
  private static final int NO_CODE = (1 << CODE_BITS) - 1;

  private int words() {
    return (int) ((count + 63) / 64);
  }
}
