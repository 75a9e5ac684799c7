package io.perennial.testing;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rows of a table as values by column name, and the differences of two tables. Numbers compare by
 * value, and with a relative tolerance of 1e-12 if either is a double.
 */
public final class TableRows {

  private static final double TOLERANCE = 1e-12;
  private static final int MAX_DIFFERENCES = 12;

  private TableRows() {}

  /** All rows, with dates and times as java.time values. */
  public static List<Map<String, Object>> of(Dataset<Row> table) {
    String[] names = table.columns();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Row row : table.collectAsList()) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int i = 0; i < names.length; i++) {
        values.put(names[i], value(row.get(i)));
      }
      rows.add(values);
    }
    return rows;
  }

  /** The rows without some columns. */
  public static List<Map<String, Object>> without(
      List<Map<String, Object>> rows, String... columns) {
    return rows.stream()
        .map(
            row -> {
              Map<String, Object> remaining = new LinkedHashMap<>(row);
              Set.of(columns).forEach(remaining::remove);
              return remaining;
            })
        .toList();
  }

  /**
   * Describes at most twelve differences; empty for equal tables.
   *
   * @param key columns that identify a row; if empty, whole rows are compared
   */
  public static List<String> differences(
      List<Map<String, Object>> expected, List<Map<String, Object>> actual, List<String> key) {
    List<String> differences = new ArrayList<>(columnDifferences(expected, actual));
    if (!differences.isEmpty()) {
      return differences;
    }
    Map<String, List<Map<String, Object>>> expectedByKey = byKey(expected, key);
    Map<String, List<Map<String, Object>>> actualByKey = byKey(actual, key);
    Set<String> keys = new TreeSet<>(expectedByKey.keySet());
    keys.addAll(actualByKey.keySet());
    for (String id : keys) {
      List<Map<String, Object>> a = expectedByKey.getOrDefault(id, List.of());
      List<Map<String, Object>> b = actualByKey.getOrDefault(id, List.of());
      if (a.size() != b.size()) {
        differences.add(
            "%s: expected %d rows %s, found %d %s".formatted(id, a.size(), a, b.size(), b));
      } else if (!key.isEmpty()) {
        cellDifferences(a.get(0), b.get(0))
            .forEach((column, text) -> differences.add(id + ": " + column + " " + text));
      }
    }
    int total = differences.size();
    return total <= MAX_DIFFERENCES
        ? differences
        : Stream.concat(
                differences.stream().limit(MAX_DIFFERENCES),
                Stream.of("... and " + (total - MAX_DIFFERENCES) + " more"))
            .toList();
  }

  private static List<String> columnDifferences(
      List<Map<String, Object>> expected, List<Map<String, Object>> actual) {
    if (expected.isEmpty() || actual.isEmpty()) {
      return List.of();
    }
    Set<String> wanted = new TreeSet<>(expected.get(0).keySet());
    Set<String> found = new TreeSet<>(actual.get(0).keySet());
    return wanted.equals(found)
        ? List.of()
        : List.of("expected columns " + wanted + ", found " + found);
  }

  private static Map<String, String> cellDifferences(
      Map<String, Object> expected, Map<String, Object> actual) {
    Map<String, String> differences = new TreeMap<>();
    expected.forEach(
        (column, value) -> {
          if (!isEqual(value, actual.get(column))) {
            differences.put(column, "should be " + value + ", is " + actual.get(column));
          }
        });
    return differences;
  }

  private static boolean isEqual(Object expected, Object actual) {
    if (expected instanceof Number a && actual instanceof Number b) {
      if (a instanceof Double || b instanceof Double) {
        double scale = Math.max(1, Math.max(Math.abs(a.doubleValue()), Math.abs(b.doubleValue())));
        return Math.abs(a.doubleValue() - b.doubleValue()) <= TOLERANCE * scale;
      }
      return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0;
    }
    return expected == null ? actual == null : expected.equals(actual);
  }

  private static Map<String, List<Map<String, Object>>> byKey(
      List<Map<String, Object>> rows, List<String> key) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row ->
                    (key.isEmpty() ? new TreeSet<>(row.keySet()) : key)
                        .stream()
                            .map(column -> text(row.get(column)))
                            .collect(Collectors.joining("|")),
                TreeMap::new,
                Collectors.toList()));
  }

  private static String text(Object value) {
    return value instanceof Number number && !(value instanceof Double)
        ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
        : String.valueOf(value);
  }

  private static Object value(Object value) {
    if (value instanceof Timestamp time) {
      return time.toInstant();
    }
    if (value instanceof Date date) {
      return date.toLocalDate();
    }
    if (value instanceof scala.collection.Seq<?> list) {
      return List.copyOf(CollectionConverters.asJava(list));
    }
    return value;
  }
}
