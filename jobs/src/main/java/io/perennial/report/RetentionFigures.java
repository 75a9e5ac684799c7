package io.perennial.report;

import static io.perennial.report.RowValues.day;
import static io.perennial.report.RowValues.get;
import static org.apache.spark.sql.functions.*;

import io.perennial.cohorts.CohortMatrix;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.table.PublishedTables;
import io.perennial.table.Table;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * Months of retention_summary, dimension all, oldest first.
 *
 * @param asOf of the run
 * @param snapshots months by as_of, up to the run's own
 */
public record RetentionFigures(LocalDate asOf, NavigableMap<LocalDate, List<Month>> snapshots) {

  /** A month; null where the table has null. */
  public record Month(
      LocalDate month,
      boolean isComplete,
      long start,
      Long end,
      long acquired,
      Long lost,
      long reactivated,
      Double retention,
      Double churn,
      long orders,
      Double aov,
      BigDecimal netNew,
      BigDecimal netReturning,
      Double repeat) {

    public static Month of(Row row) {
      return new Month(
          day(row, RetentionSummaryTable.MONTH),
          get(row, RetentionSummaryTable.STATE).equals(CohortMatrix.COMPLETE),
          get(row, RetentionSummaryTable.CUSTOMERS_START),
          get(row, RetentionSummaryTable.CUSTOMERS_END),
          get(row, RetentionSummaryTable.NEW),
          get(row, RetentionSummaryTable.LOST),
          get(row, RetentionSummaryTable.REACTIVATED),
          get(row, RetentionSummaryTable.RETENTION_RATE),
          get(row, RetentionSummaryTable.CHURN_RATE),
          get(row, RetentionSummaryTable.ORDERS),
          get(row, RetentionSummaryTable.AOV),
          get(row, RetentionSummaryTable.NET_NEW),
          get(row, RetentionSummaryTable.NET_RETURNING),
          get(row, RetentionSummaryTable.REPEAT_PURCHASE_RATE));
    }

    public BigDecimal net() {
      return netNew.add(netReturning);
    }
  }

  static RetentionFigures read(PublishedTables tables) {
    return new RetentionFigures(
        tables.asOf(),
        tables
            .rows(
                RetentionSummaryTable.TABLE,
                rows ->
                    rows.where(CohortFigures.ALL).where(Table.AS_OF.col().leq(lit(tables.asOf()))))
            .stream()
            .sorted(Comparator.comparing(row -> day(row, RetentionSummaryTable.MONTH)))
            .collect(
                Collectors.groupingBy(
                    row -> day(row, Table.AS_OF),
                    TreeMap::new,
                    Collectors.mapping(Month::of, Collectors.toList()))));
  }

  /** Months as of the run. */
  List<Month> months() {
    return snapshots.getOrDefault(asOf, List.of());
  }

  /** The as_of before the run's, which changes are shown against. */
  Optional<LocalDate> previousAsOf() {
    return Optional.ofNullable(snapshots.lowerKey(asOf));
  }

  /** Months as they were known at {@link #previousAsOf()}; empty where there is none. */
  List<Month> previousMonths() {
    return previousAsOf().map(snapshots::get).orElse(List.of());
  }

  /** The newest complete month, which headline figures are of. */
  Optional<Month> newestComplete() {
    return newestComplete(months());
  }

  static Optional<Month> newestComplete(List<Month> months) {
    return months.stream().filter(Month::isComplete).reduce((a, b) -> b);
  }

  /** The month that comes before another by the calendar. */
  Optional<Month> before(Month month) {
    return months().stream()
        .filter(other -> other.month().equals(month.month().minusMonths(1)))
        .findFirst();
  }
}
