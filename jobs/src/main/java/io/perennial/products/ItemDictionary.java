package io.perennial.products;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.table.Field;
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
 * The items: the products that rules may have, coded by the order of their ids. Their number is
 * bounded, so that pairs are counted in arrays whatever the size of the catalogue.
 *
 * @param ids product_id of each code, ascending
 * @param categories category of each code, numbered in the order of their names; -1 where unknown.
 *     Of several categories it is the alphabetically first.
 * @param topAtAsOf codes of the products with the most counted sale lines before as_of
 * @param topBeforeMonth codes of those before the holdout month, whose sales the backtest must not
 *     know
 */
record ItemDictionary(String[] ids, int[] categories, int[] topAtAsOf, int[] topBeforeMonth)
    implements Serializable {

  private static final Field CATEGORY = Field.text("item_category", "").orNull();
  private static final Field PERIOD = Field.text("period", "Which of the two counts.");
  private static final Field LINES = Field.count("lines", "Counted sale lines in the period.");
  private static final Field RANK = Field.integer("rank", "Rank by lines in the period.");
  private static final String AT_AS_OF = "lines_at_as_of";
  private static final String BEFORE_MONTH = "lines_before_month";

  /**
   * The most frequent products at as_of and before the month; ties by product_id.
   *
   * @param lines rows of order_lines
   * @param maxItems products in each period at most
   */
  static ItemDictionary of(Dataset<Row> lines, LocalDate asOf, HoldoutMonth month, int maxItems) {
    Column day = to_date(OrderLinesTable.ORDERED_AT.col());
    Dataset<Row> frequencies =
        lines
            .where(OrderLinesTable.KIND.col().equalTo(OrderLinesTable.SALE))
            .where(OrderLinesTable.IS_COUNTED.col())
            .where(OrderLinesTable.PRODUCT_ID.col().isNotNull())
            .where(day.lt(lit(asOf)))
            .groupBy(OrderLinesTable.PRODUCT_ID.col())
            .agg(
                min(OrderLinesTable.CATEGORY.col()).as(CATEGORY.name()),
                count(lit(1)).as(AT_AS_OF),
                count(when(day.lt(lit(month.firstDay())), lit(1))).as(BEFORE_MONTH));
    List<Row> frequent = mostFrequent(frequencies, maxItems).collectAsList();
    Map<String, String> categories = new HashMap<>();
    frequent.forEach(row -> categories.put(row.getString(1), row.getString(2)));
    return of(idsOf(frequent, AT_AS_OF), idsOf(frequent, BEFORE_MONTH), categories);
  }

  /** Both periods in one query, so the lines are read once. */
  private static Dataset<Row> mostFrequent(Dataset<Row> frequencies, int maxItems) {
    Column rank =
        row_number()
            .over(
                Window.partitionBy(PERIOD.col())
                    .orderBy(LINES.col().desc(), OrderLinesTable.PRODUCT_ID.col()));
    return frequencies
        .select(
            OrderLinesTable.PRODUCT_ID.col(),
            CATEGORY.col(),
            inline(array(period(AT_AS_OF), period(BEFORE_MONTH))))
        .where(LINES.col().gt(0))
        .withColumn(RANK.name(), rank)
        .where(RANK.col().leq(maxItems))
        .select(PERIOD.col(), OrderLinesTable.PRODUCT_ID.col(), CATEGORY.col());
  }

  private static Column period(String lines) {
    return struct(lit(lines).as(PERIOD.name()), col(lines).as(LINES.name()));
  }

  private static List<String> idsOf(List<Row> frequent, String period) {
    return frequent.stream()
        .filter(row -> row.getString(0).equals(period))
        .map(row -> row.getString(1))
        .toList();
  }

  /**
   * @param atAsOf ids of the items at as_of
   * @param beforeMonth ids of the items before the holdout month
   * @param categoryOf category of each id; null where unknown
   */
  static ItemDictionary of(
      List<String> atAsOf, List<String> beforeMonth, Map<String, String> categoryOf) {
    TreeSet<String> all = new TreeSet<>(atAsOf);
    all.addAll(beforeMonth);
    String[] ids = all.toArray(String[]::new);
    List<String> names =
        categoryOf.values().stream().filter(Objects::nonNull).distinct().sorted().toList();
    int[] categories =
        Arrays.stream(ids).mapToInt(id -> names.indexOf(categoryOf.get(id))).toArray();
    return new ItemDictionary(ids, categories, codes(ids, atAsOf), codes(ids, beforeMonth));
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
