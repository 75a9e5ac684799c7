package io.perennial;

import io.perennial.config.Settings;
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
final class RunContext {

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

  RunContext(
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

  SparkSession spark() {
    return spark;
  }

  /** What no reader of the warehouse sees: salts, assignments, what was sent. */
  PrivateState state() {
    return new PrivateState(spark, settings.statePath(), store.minorDigits());
  }

  Settings settings() {
    return settings;
  }

  int minorDigits() {
    return settings.shop().minorDigits();
  }

  TableStore store() {
    return store;
  }

  String runId() {
    return runId;
  }

  /** Replaces the rows of a snapshot table as of this run's day. */
  void write(Table table, Dataset<Row> rows) {
    store.replaceSnapshot(table, asOf(), rows);
  }

  void write(Table table, List<Row> rows) {
    write(table, store.rows(table, rows));
  }

  /** Whether a table is read whole in less time than it takes to ask what of it is needed. */
  boolean isSmall(Table table) {
    return store.bytes(table).stream()
        .anyMatch(bytes -> bytes <= settings.warehouse().smallTableBytes());
  }

  /** The run that readers read while this one works. */
  Optional<RunRecord> current() {
    return current;
  }

  /** The run whose tables this one builds on. */
  Optional<RunRecord> latest() {
    return latest;
  }

  /** Who was erased. */
  Erasures erasures() {
    return erasures;
  }

  /** Whether this run only takes people out: it reads no new files. */
  boolean isErasing() {
    return isErasing;
  }

  void erase() {
    isErasing = true;
  }

  /** Notes that tables held people who are erased. */
  void removedErasedPeople() {
    areErasedPeopleRemoved = true;
  }

  boolean areErasedPeopleRemoved() {
    return areErasedPeopleRemoved;
  }

  Optional<LocalDate> wantedAsOf() {
    return wantedAsOf;
  }

  boolean rebuild() {
    return rebuild;
  }

  void say(String line) {
    say.accept(line);
  }

  /** Notes that a gate kept something of a step from being published, while the run goes on. */
  void refuse(String message) {
    refusals.add(message);
  }

  List<String> refusals() {
    return List.copyOf(refusals);
  }

  /**
   * Notes that something could not be done, while the run goes on: its step is done again next
   * time.
   */
  void fail(String message) {
    failures.add(message);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Has something done once this run is published, and not otherwise. */
  void afterPublication(Runnable action) {
    afterPublication.add(action);
  }

  /** Does what was to wait for the publication; what fails of it is noted. */
  void published() {
    for (Runnable action : afterPublication) {
      try {
        action.run();
      } catch (Exception e) { // SparkException is checked; Scala does not declare it.
        fail(Failures.message(e));
      }
    }
  }

  void choose(LocalDate chosen) {
    this.asOf = chosen;
  }

  boolean knowsAsOf() {
    return asOf != null;
  }

  LocalDate asOf() {
    if (asOf == null) {
      throw new IllegalStateException("as_of is not chosen yet");
    }
    return asOf;
  }
}
