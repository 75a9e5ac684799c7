package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.oracle.Oracle;
import io.perennial.oracle.RecordRows;
import io.perennial.restatements.RestatementsTable;
import io.perennial.table.RunRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The expected {@code restatements} between two states of a lake, from the oracle's tables. */
final class ExpectedRestatements {

  private static final List<String> MATRIX_KEY =
      List.of("dimension", "dimension_value", "cohort_month", "month_index");
  private static final List<String> SUMMARY_KEY = List.of("dimension", "dimension_value", "month");

  private static final Set<String> NOT_COMPARED =
      Set.of(
          "as_of",
          "state",
          "rolling_active_customers",
          "rolling_retention_rate",
          "rolling_retention_low",
          "rolling_retention_high");

  private final LocalDate asOf;
  private final int repeatDays;
  private final Map<String, String> changes = new TreeMap<>();

  private ExpectedRestatements(LocalDate asOf, int repeatDays) {
    this.asOf = asOf;
    this.repeatDays = repeatDays;
  }

  /**
   * Compares a run with two oracle states as of the same date.
   *
   * @return the number of changed values
   */
  static int assertEqual(Shop shop, Oracle before, Oracle after, RunRecord run, int repeatDays) {
    ExpectedRestatements expected = new ExpectedRestatements(after.asOf(), repeatDays);
    expected.compare(
        "cohort_matrix",
        MATRIX_KEY,
        RecordRows.of(before.cohortMatrix()),
        RecordRows.of(after.cohortMatrix()));
    expected.compare(
        "retention_summary",
        SUMMARY_KEY,
        RecordRows.of(before.retentionSummary()),
        RecordRows.of(after.retentionSummary()));
    Map<String, String> found = new TreeMap<>();
    for (Map<String, Object> row : shop.rows(RestatementsTable.TABLE)) {
      if (row.get("run_id").equals(run.runId())) {
        assertThat(row.get("as_of")).isEqualTo(after.asOf());
        assertThat((String) row.get("cause")).isNotEmpty();
        boolean isMatrix = row.get("table").equals("cohort_matrix");
        found.put(
            key(
                (String) row.get("table"),
                isMatrix ? MATRIX_KEY : SUMMARY_KEY,
                row,
                (String) row.get("column")),
            value(row.get("before")) + " -> " + value(row.get("after")));
      }
    }
    int count = found.size();
    Map<String, String> missing = new TreeMap<>(expected.changes);
    missing.entrySet().removeAll(found.entrySet());
    found.entrySet().removeAll(expected.changes.entrySet());
    assertThat(missing).as("not noted").isEmpty();
    assertThat(found).as("not to be noted").isEmpty();
    return count;
  }

  private void compare(
      String table,
      List<String> key,
      List<Map<String, Object>> before,
      List<Map<String, Object>> after) {
    Map<String, Map<String, Object>> earlier = byKey(key, before);
    Map<String, Map<String, Object>> later = byKey(key, after);
    Set<String> keys = new TreeSet<>(earlier.keySet());
    keys.addAll(later.keySet());
    for (String cell : keys) {
      Map<String, Object> left = earlier.get(cell);
      Map<String, Object> right = later.get(cell);
      if (!(left == null ? right : left).get("state").equals("complete")) {
        continue;
      }
      Map<String, Object> any = left == null ? right : left;
      for (String column : any.keySet()) {
        if (NOT_COMPARED.contains(column)
            || key.contains(column)
            || (column.equals("repeat_purchase_rate")
                && !isSettled((LocalDate) any.get("month")))) {
          continue;
        }
        String from = value(left == null ? null : left.get(column));
        String to = value(right == null ? null : right.get(column));
        if (!from.equals(to)) {
          changes.put(key(table, key, any, column), from + " -> " + to);
        }
      }
    }
  }

  private boolean isSettled(LocalDate month) {
    return !month.plusMonths(1).plusDays(repeatDays).isAfter(asOf);
  }

  private static Map<String, Map<String, Object>> byKey(
      List<String> key, List<Map<String, Object>> rows) {
    Map<String, Map<String, Object>> byKey = new HashMap<>();
    rows.forEach(row -> byKey.put(key("", key, row, ""), row));
    return byKey;
  }

  private static String key(
      String table, List<String> key, Map<String, Object> row, String column) {
    return key.stream()
        .map(name -> String.valueOf(row.get(name)))
        .collect(Collectors.joining(" ", table + " ", " " + column));
  }

  /**
   * Rounded to nine decimals because the oracle's quotients are exact and the tables' are doubles.
   */
  private static String value(Object value) {
    return value == null
        ? "none"
        : new BigDecimal(value.toString()).setScale(9, RoundingMode.HALF_UP).toPlainString();
  }
}
