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
  private Read read;

  /** What a version of the table holds: it is asked for again and again. */
  private record Read(Optional<Long> version, List<RunRecord> runs) {}

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

  /** All runs, oldest first. */
  public List<RunRecord> all() {
    Optional<Long> version = store.version(RunsTable.TABLE);
    if (read == null || !read.version().equals(version)) {
      read =
          new Read(
              version,
              version.isEmpty()
                  ? List.of()
                  : store.read(RunsTable.TABLE, version.get()).collectAsList().stream()
                      .map(RunRecord::of)
                      .sorted(Comparator.comparing(RunRecord::started))
                      .toList());
    }
    return read.runs();
  }

  private List<RunRecord> published() {
    return all().stream().filter(run -> run.state() == State.PUBLISHED).toList();
  }

  /** Writes the first row of a run; runs that never said how they ended are marked abandoned. */
  public void begin(RunRecord run) {
    List<RunRecord> rows =
        new ArrayList<>(
            all().stream()
                .filter(other -> other.state() == State.RUNNING)
                .map(dead -> dead.as(State.ABANDONED))
                .toList());
    if (rows.isEmpty()) {
      store.append(RunsTable.TABLE, rows(List.of(run)));
    } else {
      rows.add(run);
      store.replaceWhere(
          RunsTable.TABLE,
          RunsTable.RUN_ID
              + " IN ("
              + String.join(", ", rows.stream().map(row -> "'" + row.runId() + "'").toList())
              + ")",
          rows(rows));
    }
  }

  /**
   * Replaces the row of a run by how it ended, in one commit that takes nothing but a row that is
   * still running. So a run ends once: said again it changes nothing, and who was taken over, and
   * found abandoned by the next, cannot publish any more.
   *
   * @throws IllegalStateException if the run had ended otherwise before
   */
  public void end(RunRecord run) {
    try {
      store.updateWhere(
          RunsTable.TABLE,
          rows(List.of(run)),
          RunsTable.STATE + " = '" + State.RUNNING.label() + "'");
    } catch (Exception e) { // Spark's exceptions are checked; Scala does not declare them.
      if (!hasEndedAs(run)) {
        throw e;
      }
      return; // The commit is there, whatever became of the call.
    }
    State state = state(run.runId()).orElse(State.ABANDONED);
    if (state != run.state()) {
      throw new IllegalStateException(
          "Cannot end run "
              + run.runId()
              + " as "
              + run.state().label()
              + ": "
              + store.path(RunsTable.TABLE)
              + " has it as "
              + state.label()
              + (state == State.ABANDONED
                  ? ", since another run took over the warehouse. Nothing was published; run again."
                  : "."));
    }
  }

  private boolean hasEndedAs(RunRecord run) {
    try {
      return state(run.runId()).filter(run.state()::equals).isPresent();
    } catch (Exception e) { // What could not be written may not be readable either.
      return false;
    }
  }

  /** What became of a run; empty where it never began. */
  public Optional<State> state(String runId) {
    return all().stream()
        .filter(run -> run.runId().equals(runId))
        .map(RunRecord::state)
        .findFirst();
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
