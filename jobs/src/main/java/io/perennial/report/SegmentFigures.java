package io.perennial.report;

import static io.perennial.report.RowValues.day;
import static io.perennial.report.RowValues.get;
import static org.apache.spark.sql.functions.*;

import io.perennial.config.SegmentScheme;
import io.perennial.rfm.RfmTable;
import io.perennial.rfm.RfmTransitionsTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import io.perennial.table.Table;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/**
 * RFM segments, and how customers moved between them.
 *
 * @param now by net, greatest first
 * @param previousAsOf the snapshot before, which changes are shown against; null at the first one
 * @param moves from one segment to another since then, by customers, most first
 */
record SegmentFigures(List<Segment> now, LocalDate previousAsOf, List<Move> moves) {

  /**
   * A segment.
   *
   * @param meanRecencyDays mean days since the last order
   * @param before at the snapshot before; null where that snapshot is no longer kept
   * @param advice of the segment scheme; may be empty
   */
  record Segment(
      String name,
      long customers,
      BigDecimal net,
      double meanRecencyDays,
      Size before,
      String advice) {

    /** Customers more than before; 0 where before is unknown. */
    long growth() {
      return before == null ? 0 : customers - before.customers();
    }
  }

  /** Size of a segment at a snapshot. */
  record Size(long customers, BigDecimal net) {}

  /** Customers who went from a segment to another one. */
  record Move(String from, String to, long customers) {}

  private static final Field CUSTOMERS = RfmTransitionsTable.CUSTOMERS;
  private static final Field NET = Field.count("net_minor", "Net in minor units.");
  private static final Field RECENCY =
      Field.rate("mean_recency", "Mean days since the last order.");

  boolean isFirstSnapshot() {
    return previousAsOf == null;
  }

  /**
   * @param scheme the segments with their advice
   */
  static SegmentFigures read(PublishedTables tables, List<SegmentScheme.Segment> scheme) {
    Map<String, String> advice =
        scheme.stream()
            .collect(Collectors.toMap(SegmentScheme.Segment::name, SegmentScheme.Segment::doc));
    List<Row> transitions = tables.rowsAsOf(RfmTransitionsTable.TABLE, rows -> rows);
    LocalDate previous =
        transitions.stream()
            .findFirst()
            .map(row -> day(row, RfmTransitionsTable.PREVIOUS_AS_OF))
            .orElse(null);
    Map<LocalDate, Map<String, Row>> snapshots =
        snapshots(tables, previous).stream()
            .collect(
                Collectors.groupingBy(
                    row -> day(row, Table.AS_OF),
                    Collectors.toMap(row -> get(row, RfmTable.SEGMENT), Function.identity())));
    // The transitions outlive the snapshot they start from.
    boolean isPreviousKept = snapshots.containsKey(previous);
    Map<String, Row> before = snapshots.getOrDefault(previous, Map.of());
    Map<String, Row> now = snapshots.getOrDefault(tables.asOf(), Map.of());
    int digits = tables.store().minorDigits();
    List<Segment> segments =
        Stream.concat(now.keySet().stream(), before.keySet().stream())
            .distinct()
            .map(
                name -> {
                  Row row = now.get(name);
                  Size current = size(row, digits);
                  return new Segment(
                      name,
                      current.customers(),
                      current.net(),
                      row == null ? 0 : get(row, RECENCY),
                      isPreviousKept ? size(before.get(name), digits) : null,
                      advice.getOrDefault(name, ""));
                })
            .sorted(Comparator.comparing(Segment::net).reversed().thenComparing(Segment::name))
            .toList();
    return new SegmentFigures(segments, previous, moves(transitions));
  }

  private static List<Row> snapshots(PublishedTables tables, LocalDate previous) {
    Object[] days =
        Stream.of(tables.asOf(), previous).filter(Objects::nonNull).toArray(Object[]::new);
    return tables.rows(
        RfmTable.TABLE,
        rows ->
            rows.where(Table.AS_OF.col().isin(days))
                .groupBy(Table.AS_OF.col(), RfmTable.SEGMENT.col())
                .agg(
                    count(lit(1)).as(CUSTOMERS.name()),
                    Money.sum(RfmTable.MONETARY).as(NET.name()),
                    avg(RfmTable.RECENCY_DAYS.col()).as(RECENCY.name())));
  }

  private static Size size(Row row, int digits) {
    return row == null
        ? new Size(0, BigDecimal.ZERO.setScale(digits))
        : new Size(get(row, CUSTOMERS), BigDecimal.valueOf(RowValues.<Long>get(row, NET), digits));
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
