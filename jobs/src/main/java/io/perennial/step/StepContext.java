package io.perennial.step;

import io.perennial.config.Settings;
import io.perennial.spark.Sessions;
import io.perennial.state.Erasures;
import io.perennial.state.PrivateState;
import io.perennial.table.Months;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** All that a stage may know of the run it works for. Immutable. */
public final class StepContext {

  private final RunInputs run;

  /** Null until it is chosen. */
  private final LocalDate asOf;

  private final boolean removedErasedPeople;

  private StepContext(RunInputs run, LocalDate asOf, boolean removedErasedPeople) {
    this.run = run;
    this.asOf = asOf;
    this.removedErasedPeople = removedErasedPeople;
  }

  /** The context before as_of is chosen. */
  public static StepContext of(RunInputs run) {
    return new StepContext(run, null, false);
  }

  /** The same context as of a day. */
  public StepContext at(LocalDate day) {
    return new StepContext(run, day, removedErasedPeople);
  }

  /** The same context after a step removed people who are erased. */
  public StepContext withErasedPeopleRemoved() {
    return new StepContext(run, asOf, true);
  }

  public SparkSession spark() {
    return run.spark();
  }

  public Settings settings() {
    return run.settings();
  }

  public int minorDigits() {
    return settings().shop().minorDigits();
  }

  public TableStore store() {
    return run.store();
  }

  /** The private state, which no reader of the warehouse sees: salts, assignments, sent hashes. */
  public PrivateState state() {
    return new PrivateState(spark(), settings().statePath(), store().minorDigits());
  }

  public Erasures erasures() {
    return run.erasures();
  }

  public String runId() {
    return run.runId();
  }

  /** All runs of the warehouse, oldest first. */
  public List<RunRecord> allRuns() {
    return run.runs().all();
  }

  /** The run that readers see while this one works. */
  public Optional<RunRecord> current() {
    return run.current();
  }

  /** The run whose tables this one builds on. */
  public Optional<RunRecord> latest() {
    return run.latest();
  }

  /** Whether this run only removes people and reads no new files. */
  public boolean isErasure() {
    return run.isErasure();
  }

  public boolean isRebuild() {
    return run.isRebuild();
  }

  public boolean removedErasedPeople() {
    return removedErasedPeople;
  }

  public Optional<LocalDate> requestedAsOf() {
    return run.requestedAsOf();
  }

  public boolean hasAsOf() {
    return asOf != null;
  }

  /** The local day at whose midnight knowledge ends, exclusive. */
  public LocalDate asOf() {
    if (asOf == null) {
      throw new IllegalStateException("as_of is not chosen yet");
    }
    return asOf;
  }

  /** Shows a line to the user. */
  public void say(String line) {
    run.messages().accept(line);
  }

  public void warn(String message) {
    say("  warning: " + message);
  }

  /** The newest rows of a table. */
  public Dataset<Row> read(Table table) {
    return store().read(table);
  }

  /** The rows of a snapshot table as of this run's day. */
  public Dataset<Row> snapshot(Table table) {
    return store().snapshot(table, asOf());
  }

  /** The rows that count for this run: of a snapshot table those as of its day. */
  public Dataset<Row> readOrSnapshot(Table table) {
    return table.isSnapshot() ? snapshot(table) : read(table);
  }

  /** Replaces the rows of a snapshot table as of this run's day. */
  public void write(Table table, Dataset<Row> rows) {
    store().replaceSnapshot(table, asOf(), rows);
  }

  public void write(Table table, List<Row> rows) {
    write(table, store().rows(table, rows));
  }

  /** Replaces all rows of a table that is partitioned by month. */
  public void overwrite(Table table, Dataset<Row> rows) {
    store().overwrite(table, Sessions.inFewFilesPerMonth(rows));
  }

  /** Replaces the rows of some months; {@code rows} may hold other months, which are appended. */
  public void exchangeMonths(Table table, Months months, Dataset<Row> rows) {
    store().exchangeMonths(table, months, Sessions.inFewFilesPerMonth(rows));
  }

  /** Replaces the rows of some months; {@code rows} holds these months alone. */
  public void replaceMonths(Table table, Months months, Dataset<Row> rows) {
    store().replaceMonths(table, months, Sessions.inFewFilesPerMonth(rows));
  }

  /** Whether reading a table whole is faster than asking which part of it is needed. */
  public boolean isSmall(Table table) {
    return store().bytes(table).stream()
        .anyMatch(bytes -> bytes <= settings().warehouse().smallTableBytes());
  }
}
