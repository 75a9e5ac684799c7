package io.perennial.products;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.OrderLinesTable;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * The products that rules are made of, numbered in the order of their ids. They are bounded, so
 * that pairs of them can be counted in arrays whatever the size of the catalogue.
 *
 * @param ids product_id of each code, ascending
 * @param categories category of each code, numbered in the order of their names; -1 where unknown.
 *     Of several categories it is the alphabetically first.
 * @param now codes of the products with the most counted sale lines before as_of
 * @param then the same before the test month, which must not know what the month sells
 */
record ItemDictionary(String[] ids, int[] categories, int[] now, int[] then)
    implements Serializable {

  private static final String CATEGORY = "item_category";
  private static final String BY = "by";
  private static final String FREQUENCY = "frequency";
  private static final String NOW = "lines_now";
  private static final String THEN = "lines_then";

  /**
   * The most frequent products of the lines at two times; equals by product_id.
   *
   * @param lines rows of order_lines
   * @param most products at each time
   */
  static ItemDictionary of(Dataset<Row> lines, LocalDate asOf, HoldoutMonth month, int most) {
    Column day = to_date(OrderLinesTable.ORDERED_AT.col());
    Dataset<Row> frequencies =
        lines
            .where(OrderLinesTable.KIND.col().equalTo(OrderLinesTable.SALE))
            .where(OrderLinesTable.IS_COUNTED.col())
            .where(OrderLinesTable.PRODUCT_ID.col().isNotNull())
            .where(day.lt(lit(asOf)))
            .groupBy(OrderLinesTable.PRODUCT_ID.col())
            .agg(
                min(OrderLinesTable.CATEGORY.col()).as(CATEGORY),
                count(lit(1)).as(NOW),
                count(when(day.lt(lit(month.firstDay())), lit(1))).as(THEN));
    List<Row> frequent = mostFrequent(frequencies, most).collectAsList();
    Map<String, String> categories = new HashMap<>();
    frequent.forEach(row -> categories.put(row.getString(1), row.getString(2)));
    return of(idsOf(frequent, NOW), idsOf(frequent, THEN), categories);
  }

  /** In one query, so that the lines are read once; only a task's own best go on to be compared. */
  private static Dataset<Row> mostFrequent(Dataset<Row> frequencies, int most) {
    Column place =
        row_number()
            .over(
                Window.partitionBy(col(BY))
                    .orderBy(col(FREQUENCY).desc(), OrderLinesTable.PRODUCT_ID.col()));
    return frequencies
        .select(
            OrderLinesTable.PRODUCT_ID.col(),
            col(CATEGORY),
            inline(
                array(
                    struct(lit(NOW).as(BY), col(NOW).as(FREQUENCY)),
                    struct(lit(THEN).as(BY), col(THEN).as(FREQUENCY)))))
        .where(col(FREQUENCY).gt(0))
        .withColumn("place", place)
        .where(col("place").leq(most))
        .select(col(BY), OrderLinesTable.PRODUCT_ID.col(), col(CATEGORY));
  }

  private static List<String> idsOf(List<Row> frequent, String by) {
    return frequent.stream()
        .filter(row -> row.getString(0).equals(by))
        .map(row -> row.getString(1))
        .toList();
  }

  /**
   * @param categoryOf category of each id; null where unknown
   */
  static ItemDictionary of(List<String> now, List<String> then, Map<String, String> categoryOf) {
    TreeSet<String> all = new TreeSet<>(now);
    all.addAll(then);
    String[] ids = all.toArray(String[]::new);
    List<String> names =
        categoryOf.values().stream().filter(Objects::nonNull).distinct().sorted().toList();
    int[] categories =
        Arrays.stream(ids).mapToInt(id -> names.indexOf(categoryOf.get(id))).toArray();
    return new ItemDictionary(ids, categories, codes(ids, now), codes(ids, then));
  }

  private static int[] codes(String[] ids, List<String> some) {
    return some.stream().mapToInt(id -> Arrays.binarySearch(ids, id)).sorted().toArray();
  }

  /** The code of each id. */
  Map<String, Integer> codes() {
    Map<String, Integer> codes = new HashMap<>();
    for (int code = 0; code < ids.length; code++) {
      codes.put(ids[code], code);
    }
    return codes;
  }
}
