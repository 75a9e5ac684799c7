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
import org.apache.spark.sql.SparkSession;

/**
 * Publication: a run becomes visible by its last commit, to {@code runs}, which names the version
 * of every table. Until then readers who go by {@code runs} see the run before.
 */
public final class Runs {

  private final SparkSession spark;
  private final TableStore store;
  private Known known;

  /** What a version of the table holds. */
  private record Known(Optional<Long> version, List<RunRecord> runs) {}

  public Runs(SparkSession spark, TableStore store) {
    this.spark = spark;
    this.store = store;
  }

  /** The run that readers should read: the published one with the greatest (as_of, started). */
  public Optional<RunRecord> current() {
    return newest(run -> true);
  }

  /** The same of those published runs that are as wanted. */
  public Optional<RunRecord> newest(Predicate<RunRecord> isWanted) {
    return published().stream()
        .filter(isWanted)
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
    return known().runs();
  }

  /**
   * When a run starts whose clock says {@code now}: after all that started before, whatever their
   * clocks said. What is published last is what the next run builds on.
   */
  public Instant startOf(Instant now) {
    return all().stream()
        .map(run -> run.started().plus(1, ChronoUnit.MICROS))
        .filter(now::isBefore)
        .max(Comparator.naturalOrder())
        .orElse(now);
  }

  /** Looks again when next asked: another process may have run in the meantime. */
  public void refresh() {
    known = null;
  }

  private Known known() {
    if (known == null) {
      Optional<Long> version = store.version(RunsTable.TABLE);
      known =
          new Known(
              version,
              version
                  .map(newest -> store.read(RunsTable.TABLE, newest).collectAsList())
                  .orElse(List.of())
                  .stream()
                  .map(RunRecord::of)
                  .sorted(Comparator.comparing(RunRecord::started))
                  .toList());
    }
    return known;
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
    write(rows);
    requireStateOf(run);
  }

  /**
   * Replaces the row of a run by how it ended, if it is still running: a run ends once. Who was
   * taken over finds its row abandoned, and cannot publish any more.
   *
   * @throws IllegalStateException if the run had ended otherwise before
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
        return; // The commit is there, whatever became of the call.
      }
    }
    requireStateOf(run);
  }

  private boolean hasEndedAs(RunRecord run) {
    try {
      refresh();
      return state(run.runId()).filter(run.state()::equals).isPresent();
    } catch (Exception e) { // What could not be written may not be readable either.
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
          "Cannot note run "
              + run.runId()
              + " as "
              + run.state().label()
              + ": "
              + store.path(RunsTable.TABLE)
              + " has it "
              + state.map(other -> "as " + other.label()).orElse("not at all")
              + (run.state() == State.PUBLISHED || run.state() == State.RUNNING
                  ? ", since another run took over the warehouse. Nothing was published; run again."
                  : "."));
    }
  }

  /**
   * Thousands of rows are little: all are written anew, unless somebody else has written since they
   * were read.
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
   * Makes the tables hold what the last published run left: a run that died in between may have
   * written newer versions, and tables that were never published.
   *
   * @param written the tables that runs write
   * @return the newest version of each table then
   */
  public Map<Table, Long> restoreHeads(Collection<Table> written) {
    Map<String, Long> published = latest().map(RunRecord::tables).orElse(Map.of());
    Map<Table, Long> heads = store.versions(written);
    heads.replaceAll(
        (table, head) ->
            restoredHead(table, head, Optional.ofNullable(published.get(table.name()))));
    return heads;
  }

  private long restoredHead(Table table, long head, Optional<Long> published) {
    if (published.equals(Optional.of(head))) {
      return head;
    }
    published.ifPresentOrElse(version -> store.restore(table, version), () -> store.clear(table));
    return store.version(table).orElseThrow();
  }
}
