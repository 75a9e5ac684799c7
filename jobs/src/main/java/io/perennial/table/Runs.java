package io.perennial.table;

import io.perennial.table.RunRecord.State;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Publication: a run becomes visible by its last commit, to {@code runs}, which names the version
 * of every table. Until then readers who go by {@code runs} see the run before.
 */
public final class Runs {

  private final SparkSession spark;
  private final TableStore store;
  private List<RunRecord> known;

  public Runs(SparkSession spark, TableStore store) {
    this.spark = spark;
    this.store = store;
  }

  /** The run that readers should read: the published one with the greatest (as_of, started). */
  public Optional<RunRecord> current() {
    return published().stream()
        .max(
            Comparator.<RunRecord, LocalDate>comparing(run -> run.asOf().orElse(LocalDate.MIN))
                .thenComparing(RunRecord::started));
  }

  /** The run whose tables the next one builds on: the one that was published last. */
  public Optional<RunRecord> latest() {
    return published().stream().max(Comparator.comparing(RunRecord::started));
  }

  /** All runs, oldest first, as they were when they were first asked for. */
  public List<RunRecord> all() {
    if (known == null) {
      known =
          store.read(RunsTable.TABLE).collectAsList().stream()
              .map(RunRecord::of)
              .sorted(Comparator.comparing(RunRecord::started))
              .toList();
    }
    return known;
  }

  /** Looks again when next asked: another process may have run in the meantime. */
  public void refresh() {
    known = null;
  }

  private List<RunRecord> published() {
    return all().stream().filter(run -> run.state() == State.PUBLISHED).toList();
  }

  /** Writes the first row of a run; runs that never said how they ended are marked abandoned. */
  public void begin(RunRecord run) {
    List<RunRecord> rows = new ArrayList<>();
    all()
        .forEach(
            other -> rows.add(other.state() == State.RUNNING ? other.as(State.ABANDONED) : other));
    rows.add(run);
    store.overwrite(RunsTable.TABLE, rows(rows));
    known = List.copyOf(rows);
  }

  /**
   * Replaces the row of a run by how it ended, and no other: a run that lost its lease ends too,
   * when it no longer knows what others wrote.
   */
  public void end(RunRecord run) {
    store.replaceWhere(
        RunsTable.TABLE, RunsTable.RUN_ID + " = '" + run.runId() + "'", rows(List.of(run)));
    refresh();
  }

  /**
   * Makes the tables hold what the last published run left: a run that died in between may have
   * written newer versions, and tables that were never published.
   *
   * @param written the tables that runs write
   */
  public void restoreHeads(Iterable<Table> written) {
    Map<String, Long> versions = latest().map(RunRecord::tables).orElse(Map.of());
    for (Table table : written) {
      Optional<Long> head = store.version(table);
      Long published = versions.get(table.name());
      if (head.isPresent() && published == null) {
        store.delete(table, "true");
      } else if (head.isPresent() && !head.get().equals(published)) {
        store.restore(table, published);
      }
    }
  }

  private Dataset<Row> rows(List<RunRecord> runs) {
    return spark.createDataFrame(
        runs.stream().map(RunRecord::toRow).toList(), RunsTable.TABLE.schema(store.minorDigits()));
  }
}
