package io.perennial.oracle;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The oracle's records as table rows, for a test that compares column by column. */
public final class RecordRows {

  private RecordRows() {}

  /**
   * Column name to value, in the order of the record; numbers lose trailing zeros so that they
   * compare by value.
   */
  public static List<Map<String, Object>> of(List<? extends Record> records) {
    return records.stream().map(RecordRows::one).toList();
  }

  private static Map<String, Object> one(Record record) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        row.put(columnName(component.getName()), plain(component.getAccessor().invoke(record)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Cannot read " + component + " of " + record, e);
      }
    }
    return row;
  }

  /**
   * {@code cohortMonth} is the column cohort_month; {@code newCustomers} is {@code new}, a word
   * that Java keeps.
   */
  static String columnName(String component) {
    return component.equals("newCustomers")
        ? "new"
        : component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static Object plain(Object value) {
    return value instanceof BigDecimal number ? number.stripTrailingZeros() : value;
  }
}
