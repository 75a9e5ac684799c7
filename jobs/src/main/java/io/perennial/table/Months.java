package io.perennial.table;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Months of a table that is partitioned by month.
 *
 * @param firstDays first day of each
 */
public record Months(SortedSet<LocalDate> firstDays) {

  public static final Months NONE = new Months(new TreeSet<>());

  public static Months of(Collection<LocalDate> firstDays) {
    return new Months(new TreeSet<>(firstDays));
  }

  /** The months that the first column holds, a DATE; rows without one are skipped. */
  public static Months in(Dataset<Row> rows) {
    return of(
        rows.distinct().collectAsList().stream()
            .filter(row -> !row.isNullAt(0))
            .map(row -> row.getDate(0).toLocalDate())
            .toList());
  }

  /** All months from one to another, both included. */
  public static Months between(LocalDate first, LocalDate last) {
    YearMonth end = YearMonth.from(last);
    return of(
        Stream.iterate(
                YearMonth.from(first), month -> !month.isAfter(end), month -> month.plusMonths(1))
            .map(month -> month.atDay(1))
            .toList());
  }

  public boolean isEmpty() {
    return firstDays.isEmpty();
  }

  public int count() {
    return firstDays.size();
  }

  public Months and(Months others) {
    TreeSet<LocalDate> all = new TreeSet<>(firstDays);
    all.addAll(others.firstDays);
    return new Months(all);
  }

  /**
   * Spark SQL, of literals: the month column is one of these, so that only their files are read.
   */
  public String among(Field month) {
    return isEmpty()
        ? "false"
        : firstDays.stream()
            .map(day -> "DATE '" + day + "'")
            .collect(Collectors.joining(", ", month + " IN (", ")"));
  }

  /** The condition of {@link #among} as a column. */
  public Column holds(Field month) {
    return month.col().isin(firstDays.toArray());
  }

  /** In words, for the user: "2 months". */
  @Override
  public String toString() {
    return count() == 1 ? "1 month" : count() + " months";
  }
}
