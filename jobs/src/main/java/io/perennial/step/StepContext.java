package io.perennial.step;

import io.perennial.config.Settings;
import io.perennial.spark.ErrorMessages;
import io.perennial.state.Erasures;
import io.perennial.state.PrivateState;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What the steps of one run share. */
public final class StepContext {

  private final SparkSession spark;
  private final Settings settings;
  private final TableStore store;
  private final String runId;
  private final Optional<RunRecord> current;
  private final Optional<RunRecord> latest;
  private final Erasures erasures;
  private final Optional<LocalDate> wantedAsOf;
  private final boolean rebuild;
  private final Consumer<String> say;
  private final List<String> refusals = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<Runnable> afterPublication = new ArrayList<>();
  private LocalDate asOf;
  private boolean isErasing;
  private boolean areErasedPeopleRemoved;

  public StepContext(
      SparkSession spark,
      Settings settings,
      TableStore store,
      String runId,
      Optional<RunRecord> current,
      Optional<RunRecord> latest,
      Erasures erasures,
      Optional<LocalDate> wantedAsOf,
      boolean rebuild,
      Consumer<String> say) {
    this.spark = spark;
    this.settings = settings;
    this.store = store;
    this.runId = runId;
    this.current = current;
    this.latest = latest;
    this.erasures = erasures;
    this.wantedAsOf = wantedAsOf;
    this.rebuild = rebuild;
    this.say = say;
  }

  public SparkSession spark() {
    return spark;
  }

  /** What no reader of the warehouse sees: salts, assignments, what was sent. */
  public PrivateState state() {
    return new PrivateState(spark, settings.statePath(), store.minorDigits());
  }

  public Settings settings() {
    return settings;
  }

  public int minorDigits() {
    return settings.shop().minorDigits();
  }

  public TableStore store() {
    return store;
  }

  public String runId() {
    return runId;
  }

  /** Replaces the rows of a snapshot table as of this run's day. */
  public void write(Table table, Dataset<Row> rows) {
    store.replaceSnapshot(table, asOf(), rows);
  }

  public void write(Table table, List<Row> rows) {
    write(table, store.rows(table, rows));
  }

  /** Whether a table is read whole in less time than it takes to ask what of it is needed. */
  public boolean isSmall(Table table) {
    return store.bytes(table).stream()
        .anyMatch(bytes -> bytes <= settings.warehouse().smallTableBytes());
  }

  /** The run that readers read while this one works. */
  public Optional<RunRecord> current() {
    return current;
  }

  /** The run whose tables this one builds on. */
  public Optional<RunRecord> latest() {
    return latest;
  }

  /** Who was erased. */
  public Erasures erasures() {
    return erasures;
  }

  /** Whether this run only takes people out: it reads no new files. */
  public boolean isErasing() {
    return isErasing;
  }

  public void erase() {
    isErasing = true;
  }

  /** Notes that tables held people who are erased. */
  public void removedErasedPeople() {
    areErasedPeopleRemoved = true;
  }

  public boolean areErasedPeopleRemoved() {
    return areErasedPeopleRemoved;
  }

  public Optional<LocalDate> wantedAsOf() {
    return wantedAsOf;
  }

  public boolean rebuild() {
    return rebuild;
  }

  public void say(String line) {
    say.accept(line);
  }

  /** Notes that a gate kept something of a step from being published, while the run goes on. */
  public void refuse(String message) {
    refusals.add(message);
  }

  public List<String> refusals() {
    return List.copyOf(refusals);
  }

  /**
   * Notes that something could not be done, while the run goes on: its step is done again next
   * time.
   */
  public void fail(String message) {
    failures.add(message);
  }

  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Has something done once this run is published, and not otherwise. */
  public void afterPublication(Runnable action) {
    afterPublication.add(action);
  }

  /** Does what was to wait for the publication; what fails of it is noted. */
  public void published() {
    for (Runnable action : afterPublication) {
      try {
        action.run();
      } catch (Exception e) { // SparkException is checked; Scala does not declare it.
        fail(ErrorMessages.message(e));
      }
    }
  }

  public void choose(LocalDate chosen) {
    this.asOf = chosen;
  }

  public boolean knowsAsOf() {
    return asOf != null;
  }

  public LocalDate asOf() {
    if (asOf == null) {
      throw new IllegalStateException("as_of is not chosen yet");
    }
    return asOf;
  }
}
