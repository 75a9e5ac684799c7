package io.perennial.report;

import static io.perennial.report.RowValues.get;
import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AudienceMembersTable;
import io.perennial.audiences.AudienceSuppressionsTable;
import io.perennial.audiences.Waterfall;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Audiences with their sizes and their suppressions.
 *
 * @param audiences by name
 */
public record AudienceFigures(List<Audience> audiences) {

  /** Column of a count, not of a table. */
  private static final Field CUSTOMERS = Field.count("customers", "");

  /** An audience with the steps of its waterfall. */
  public record Audience(String name, long target, long control, List<Suppression> steps) {

    /** Customers taken out at a step; 0 where the waterfall has no such step. */
    public long removedAt(Waterfall.Step step) {
      return steps.stream()
          .filter(suppression -> suppression.step().equals(step.label()))
          .mapToLong(Suppression::customersOut)
          .sum();
    }
  }

  /** A step of the waterfall: customers who enter it, and those it takes out. */
  public record Suppression(String step, long customersIn, long customersOut) {

    public long left() {
      return customersIn - customersOut;
    }
  }

  public static AudienceFigures read(PublishedTables tables) {
    Map<String, Map<String, Long>> arms =
        tables
            .rowsAsOf(
                AudienceMembersTable.TABLE,
                rows ->
                    rows.groupBy(
                            AudienceMembersTable.AUDIENCE.col(), AudienceMembersTable.ARM.col())
                        .agg(count(lit(1)).as(CUSTOMERS.name())))
            .stream()
            .collect(
                Collectors.groupingBy(
                    row -> get(row, AudienceMembersTable.AUDIENCE),
                    Collectors.toMap(
                        row -> get(row, AudienceMembersTable.ARM), row -> get(row, CUSTOMERS))));
    Map<String, List<Suppression>> steps =
        tables.rowsAsOf(AudienceSuppressionsTable.TABLE, rows -> rows).stream()
            .sorted(
                Comparator.comparing(
                    row -> RowValues.<Integer>get(row, AudienceSuppressionsTable.STEP_ORDER)))
            .collect(
                Collectors.groupingBy(
                    row -> get(row, AudienceSuppressionsTable.AUDIENCE),
                    TreeMap::new,
                    Collectors.mapping(
                        row ->
                            new Suppression(
                                get(row, AudienceSuppressionsTable.STEP),
                                get(row, AudienceSuppressionsTable.CUSTOMERS_IN),
                                get(row, AudienceSuppressionsTable.CUSTOMERS_OUT)),
                        Collectors.toList())));
    TreeSet<String> names = new TreeSet<>(arms.keySet());
    names.addAll(steps.keySet());
    List<Audience> audiences = new ArrayList<>();
    for (String name : names) {
      Map<String, Long> sizes = arms.getOrDefault(name, Map.of());
      audiences.add(
          new Audience(
              name,
              sizes.getOrDefault(AudienceMembersTable.TARGET, 0L),
              sizes.getOrDefault(AudienceMembersTable.CONTROL, 0L),
              steps.getOrDefault(name, List.of())));
    }
    return new AudienceFigures(audiences);
  }
}
