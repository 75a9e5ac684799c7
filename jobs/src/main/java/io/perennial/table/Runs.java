package io.perennial.table;

import io.perennial.table.RunRecord.State;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Publication: a run becomes visible by its last commit, to {@code runs}, which names the version
 * of every table. Until then readers of {@code runs} see the previous run.
 */
public final class Runs {

  private final SparkSession spark;
  private final TableStore store;
  private Known known;

  /** The rows of a version of the table. */
  private record Known(long version, List<RunRecord> runs) {}

  public Runs(SparkSession spark, TableStore store) {
    this.spark = spark;
    this.store = store;
  }

  /** The run that readers should read: the published one with the greatest (as_of, started). */
  public Optional<RunRecord> current() {
    return newest(run -> true);
  }

  /** The published run with the greatest (as_of, started) of those that match. */
  public Optional<RunRecord> newest(Predicate<RunRecord> matches) {
    return published().stream()
        .filter(matches)
        .max(
            Comparator.<RunRecord, LocalDate>comparing(run -> run.asOf().orElse(LocalDate.MIN))
                .thenComparing(RunRecord::started));
  }

  /** The run that was published last: the next one builds on its tables. */
  public Optional<RunRecord> latest() {
    return published().stream().max(Comparator.comparing(RunRecord::started));
  }

  /** All runs, oldest first, as of the first call since the last {@link #refresh}. */
  public List<RunRecord> all() {
    return known().runs();
  }

  /**
   * The start of a run whose clock says {@code now}: later than every known start, however clocks
   * differ, since the order of starts decides which run the next one builds on.
   */
  public Instant startOf(Instant now) {
    return all().stream()
        .map(run -> run.started().plus(1, ChronoUnit.MICROS))
        .filter(now::isBefore)
        .max(Comparator.naturalOrder())
        .orElse(now);
  }

  /** Makes the next call read the table again: another process may have written it. */
  public void refresh() {
    known = null;
  }

  private Known known() {
    if (known == null) {
      long version = store.version(RunsTable.TABLE).orElse(TableStore.NO_VERSION);
      List<Row> rows =
          version == TableStore.NO_VERSION
              ? List.of()
              : store.read(RunsTable.TABLE, version).collectAsList();
      Comparator<RunRecord> byStart = Comparator.comparing(RunRecord::started);
      known = new Known(version, rows.stream().map(RunRecord::of).sorted(byStart).toList());
    }
    return known;
  }

  private List<RunRecord> published() {
    return all().stream().filter(run -> run.state() == State.PUBLISHED).toList();
  }

  /** Adds the row of a new run, and marks runs that never ended as abandoned. */
  public void begin(RunRecord run) {
    List<RunRecord> rows = new ArrayList<>(all());
    rows.replaceAll(other -> other.state() == State.RUNNING ? other.as(State.ABANDONED) : other);
    rows.add(run);
    write(rows);
    requireStateOf(run);
  }

  /**
   * Replaces the row of a running run by its final state. A run that was taken over finds its row
   * abandoned, and can no longer publish.
   *
   * @throws IllegalStateException if the run has ended in another state before
   */
  public void end(RunRecord run) {
    refresh();
    if (state(run.runId()).filter(State.RUNNING::equals).isPresent()) {
      try {
        write(
            all().stream().map(other -> other.runId().equals(run.runId()) ? run : other).toList());
      } catch (Exception e) { // Spark's exceptions are checked; Scala does not declare them.
        if (!hasEndedAs(run)) {
          throw e;
        }
        return; // The commit succeeded although the call failed.
      }
    }
    requireStateOf(run);
  }

  private boolean hasEndedAs(RunRecord run) {
    try {
      refresh();
      return state(run.runId()).filter(run.state()::equals).isPresent();
    } catch (Exception e) { // A table that cannot be written may not be readable either.
      return false;
    }
  }

  private Optional<State> state(String runId) {
    return all().stream()
        .filter(run -> run.runId().equals(runId))
        .map(RunRecord::state)
        .findFirst();
  }

  private void requireStateOf(RunRecord run) {
    Optional<State> state = state(run.runId());
    if (!state.equals(Optional.of(run.state()))) {
      throw new IllegalStateException(
          "Cannot note run %s as %s: %s has it %s%s"
              .formatted(
                  run.runId(),
                  run.state().label(),
                  store.path(RunsTable.TABLE),
                  state.map(other -> "as " + other.label()).orElse("not at all"),
                  run.state() == State.PUBLISHED || run.state() == State.RUNNING
                      ? ", since another run took over the warehouse. Nothing was published; run"
                          + " again."
                      : "."));
    }
  }

  /**
   * Rewrites the whole table, which has at most thousands of rows, unless another process has
   * written it since it was read.
   */
  private void write(List<RunRecord> rows) {
    store.overwriteUnlessChanged(
        RunsTable.TABLE,
        spark
            .createDataFrame(
                rows.stream().map(RunRecord::toRow).toList(),
                RunsTable.TABLE.schema(store.minorDigits()))
            .coalesce(1),
        known().version());
    refresh();
  }

  /**
   * Restores the tables to the versions of the last published run: a run that died since may have
   * written newer versions, and tables that were never published.
   *
   * @param written the tables that runs write
   * @return the newest version of each table afterwards
   */
  public Map<Table, Long> restoreHeads(Collection<Table> written) {
    Map<String, Long> published = latest().map(RunRecord::tables).orElse(Map.of());
    Map<Table, Long> heads = store.versions(written);
    heads.replaceAll((table, head) -> restoredHead(table, head, published.get(table.name())));
    return heads;
  }

  /**
   * @param published the published version; null for a table that is in no published run
   */
  private long restoredHead(Table table, Long head, Long published) {
    if (head.equals(published)) {
      return head;
    }
    if (published == null) {
      store.clear(table);
    } else {
      store.restore(table, published);
    }
    return store.version(table).orElseThrow();
  }
}
