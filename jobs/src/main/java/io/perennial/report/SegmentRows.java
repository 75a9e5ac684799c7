package io.perennial.report;

import static io.perennial.report.CohortRows.day;
import static io.perennial.report.CohortRows.get;
import static org.apache.spark.sql.functions.*;

import io.perennial.report.ReportModel.Before;
import io.perennial.report.ReportModel.Move;
import io.perennial.report.ReportModel.Segment;
import io.perennial.report.ReportModel.Segments;
import io.perennial.rfm.RfmTable;
import io.perennial.rfm.RfmTransitionsTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import io.perennial.table.Table;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Reads segments, and how customers moved between them. */
final class SegmentRows {

  private static final Field CUSTOMERS = RfmTransitionsTable.CUSTOMERS;
  private static final String NET = "net_minor";
  private static final String RECENCY = "mean_recency";

  private SegmentRows() {}

  /**
   * @param advice what the scheme says to do, by segment
   */
  static Segments read(PublishedTables tables, Map<String, String> advice) {
    List<Row> transitions = tables.rowsAsOf(RfmTransitionsTable.TABLE, rows -> rows);
    Optional<LocalDate> previous =
        transitions.stream().findFirst().map(row -> day(row, RfmTransitionsTable.PREVIOUS_AS_OF));
    Map<LocalDate, Map<String, Row>> snapshots =
        snapshots(tables, previous).stream()
            .collect(
                Collectors.groupingBy(
                    row -> day(row, Table.AS_OF),
                    Collectors.toMap(row -> get(row, RfmTable.SEGMENT), Function.identity())));
    // The snapshot before may have gone since: what customers did is known, what they were is not.
    Optional<Map<String, Row>> kept = previous.map(snapshots::get);
    Map<String, Row> before = kept.orElse(Map.of());
    Map<String, Row> now = snapshots.getOrDefault(tables.asOf(), Map.of());
    int digits = tables.store().minorDigits();
    List<Segment> segments = new ArrayList<>();
    now.forEach(
        (name, row) ->
            segments.add(
                new Segment(
                    name,
                    get(row, CUSTOMERS),
                    net(row, digits),
                    row.getAs(RECENCY),
                    kept.map(snapshot -> before(snapshot.get(name), digits)),
                    advice.getOrDefault(name, ""))));
    before.forEach(
        (name, row) -> {
          if (!now.containsKey(name)) {
            segments.add(
                new Segment(
                    name,
                    0,
                    BigDecimal.ZERO.setScale(digits),
                    0,
                    Optional.of(before(row, digits)),
                    advice.getOrDefault(name, "")));
          }
        });
    segments.sort(Comparator.comparing(Segment::net).reversed().thenComparing(Segment::name));
    return new Segments(List.copyOf(segments), previous, moves(transitions));
  }

  private static List<Row> snapshots(PublishedTables tables, Optional<LocalDate> previous) {
    Object[] days =
        previous.map(day -> new Object[] {tables.asOf(), day}).orElse(new Object[] {tables.asOf()});
    return tables.rows(
        RfmTable.TABLE,
        rows ->
            rows.where(Table.AS_OF.col().isin(days))
                .groupBy(Table.AS_OF.col(), RfmTable.SEGMENT.col())
                .agg(
                    count(lit(1)).as(CUSTOMERS.name()),
                    sum(Money.minorUnits(RfmTable.MONETARY)).as(NET),
                    avg(RfmTable.RECENCY_DAYS.col()).as(RECENCY)));
  }

  private static Before before(Row row, int digits) {
    return row == null
        ? new Before(0, BigDecimal.ZERO.setScale(digits))
        : new Before(get(row, CUSTOMERS), net(row, digits));
  }

  private static BigDecimal net(Row row, int digits) {
    return BigDecimal.valueOf(row.<Long>getAs(NET), digits);
  }

  private static List<Move> moves(List<Row> transitions) {
    return transitions.stream()
        .map(
            row ->
                new Move(
                    get(row, RfmTransitionsTable.FROM_SEGMENT),
                    get(row, RfmTransitionsTable.TO_SEGMENT),
                    get(row, CUSTOMERS)))
        .filter(move -> !move.from().equals(move.to()))
        .sorted(
            Comparator.comparingLong(Move::customers)
                .reversed()
                .thenComparing(Move::from)
                .thenComparing(Move::to))
        .toList();
  }
}
