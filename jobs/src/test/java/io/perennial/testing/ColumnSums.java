package io.perennial.testing;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Aggregates on which two engines must agree when they read a table: the number of rows, the number
 * of non-null values of each column, and the exact sum of each numeric column.
 *
 * @param columns by column name; the row count has the empty name
 */
public record ColumnSums(Map<String, Column> columns) {

  /** The number of non-null values, and their sum; 0 for columns that are not numeric. */
  public record Column(long values, BigDecimal sum) {}

  private static final String ROWS = "";

  /** The aggregates of a table read by Spark. */
  public static ColumnSums of(Dataset<Row> table) {
    ColumnSums sums = new ColumnSums(new TreeMap<>());
    String[] names = table.columns();
    for (Row row : table.collectAsList()) {
      for (int i = 0; i < names.length; i++) {
        if (!row.isNullAt(i)) {
          sums.add(names[i], number(row.get(i)));
        }
      }
      sums.addRow();
    }
    return sums;
  }

  public long rows() {
    return columns.containsKey(ROWS) ? columns.get(ROWS).values() : 0;
  }

  void addRow() {
    add(ROWS, BigDecimal.ZERO);
  }

  void add(String column, BigDecimal number) {
    columns.merge(
        column,
        new Column(1, number.stripTrailingZeros()),
        (a, b) -> new Column(a.values() + b.values(), a.sum().add(b.sum()).stripTrailingZeros()));
  }

  private static BigDecimal number(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    } else if (value instanceof Double real) {
      return new BigDecimal(real);
    } else if (value instanceof Long || value instanceof Integer) {
      return BigDecimal.valueOf(((Number) value).longValue());
    }
    return BigDecimal.ZERO;
  }
}
