package io.perennial.table;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The tables of one published run, at the versions that it names: one consistent set, whatever is
 * being written.
 */
public record PublishedTables(TableStore store, RunRecord run) {

  public LocalDate asOf() {
    return run.asOf().orElseThrow();
  }

  /** The table; empty where the run has none of that name. */
  public Optional<Dataset<Row>> find(Table table) {
    return Optional.ofNullable(run.tables().get(table.name()))
        .map(version -> store.read(table, version));
  }

  /**
   * The result of a query on a table; no rows where the run has no such table.
   *
   * @throws IllegalStateException if the version can no longer be read
   */
  public List<Row> rows(Table table, UnaryOperator<Dataset<Row>> query) {
    try {
      return find(table).map(query).map(Dataset::collectAsList).orElse(List.of());
    } catch (Exception e) { // Spark's are checked; Scala does not declare them.
      throw new IllegalStateException(
          "Cannot read table %s, version %d of run %s: %s. Make the report of a newer run."
              .formatted(
                  store.path(table), run.tables().get(table.name()), run.runId(), firstLine(e)),
          e);
    }
  }

  /** The result of a query on the rows at the run's as_of. */
  public List<Row> rowsAsOf(Table table, UnaryOperator<Dataset<Row>> query) {
    return rows(table, all -> query.apply(TableStore.ofAsOf(all, asOf())));
  }

  /** The table; no rows where the run has none of that name. */
  public Dataset<Row> read(Table table) {
    return find(table).orElseGet(() -> store.noRows(table));
  }

  /** The rows at the run's as_of; none where the run has no such table. */
  public Dataset<Row> snapshot(Table table) {
    return TableStore.ofAsOf(read(table), asOf());
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).strip().split("\\R", 2)[0];
  }
}
