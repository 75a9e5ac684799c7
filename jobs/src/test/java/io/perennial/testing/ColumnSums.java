package io.perennial.testing;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What two engines must agree on when they read a table: the number of rows, the number of values
 * of each column that are not null, and the exact sum of each column of numbers.
 *
 * @param columns by column; the rows under the empty name
 */
public record ColumnSums(Map<String, Column> columns) {

  /** The number of values that are not null, and their sum; 0 where they are no numbers. */
  public record Column(long values, BigDecimal sum) {}

  private static final String ROWS = "";

  /** The same, as Spark reads it. */
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
