package io.perennial.pipeline;

import io.perennial.config.Settings;
import io.perennial.spark.ErrorMessages;
import io.perennial.step.QualityGateException;
import io.perennial.step.StepContext;
import io.perennial.table.MaintenanceSummary;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import io.perennial.table.Runs;
import io.perennial.table.SessionCatalog;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import io.perennial.table.Vacuum;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/** What stands in {@code runs} of how a run ended, and what a published run is known by. */
final class Publication {

  private final SparkSession spark;
  private final Settings settings;
  private final TableStore store;
  private final Runs runs;
  private final Clock clock;

  Publication(Pipeline pipeline) {
    this.spark = pipeline.spark();
    this.settings = pipeline.settings();
    this.store = pipeline.store();
    this.runs = pipeline.runs();
    this.clock = pipeline.clock();
  }

  /**
   * The newest version of every table, by its name, each made by this run or there before it.
   *
   * @param before the newest versions when the run began its work
   * @throws IllegalStateException if somebody else wrote a table meanwhile: a run that was taken
   *     for dead and was not, or a hand
   */
  Map<String, Long> versions(String runId, List<Table> tables, Map<Table, Long> before) {
    Map<String, Long> versions = new LinkedHashMap<>();
    store
        .versions(tables)
        .forEach(
            (table, version) -> {
              requireOwn(table, before.getOrDefault(table, -1L), version, runId);
              versions.put(table.name(), version);
            });
    return versions;
  }

  private void requireOwn(Table table, long before, long now, String runId) {
    Set<String> writers = store.writersAfter(table, before, now);
    writers.remove(runId);
    if (!writers.isEmpty()) {
      String writer = writers.iterator().next();
      throw new IllegalStateException(
          "Cannot publish: table "
              + store.path(table)
              + " was changed by "
              + (writer.isEmpty() ? "somebody other than Perennial" : "run " + writer)
              + " while run "
              + runId
              + " was at work. Nothing was published; run again, and its tables are put back as"
              + " they were published.");
    }
  }

  /**
   * Notes why a run was not published. Where even that cannot be written the next run finds it
   * running and dead; what the user is told is the first failure.
   */
  void failed(RunRecord run, StepContext context, Exception failure) {
    boolean isRefusal = failure instanceof QualityGateException;
    try {
      runs.end(
          new RunRecord(
              run.runId(),
              run.command(),
              context.hasAsOf() ? Optional.of(context.asOf()) : run.asOf(),
              run.started(),
              Optional.of(Duration.between(run.started(), clock.instant()).toMillis() / 1000.0),
              isRefusal ? State.REFUSED : State.FAILED,
              run.configHash(),
              Map.of(),
              failure instanceof QualityGateException refusal
                  ? refusal.reconciliation()
                  : List.of(),
              Map.of(),
              Optional.of(ErrorMessages.message(failure)),
              run.version()));
    } catch (Exception second) { // SparkException is checked; Scala does not declare it.
      failure.addSuppressed(second);
    }
  }

  /**
   * Removes files of old versions, and says what keeping the tables tidy did. What fails of it
   * takes nothing from the published run, and what is left over leaves with what grows old next.
   */
  void tidy(List<Table> tables, Consumer<String> say) {
    MaintenanceSummary done = store.takeUpkeep();
    try {
      done =
          done.and(
              new Vacuum(spark, store)
                  .remove(
                      tables,
                      runs.current().orElseThrow(),
                      runs.all(),
                      settings.warehouse().keepVersions(),
                      clock.instant()));
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      say.accept(
          "  warning: files of versions older than warehouse.keep-versions could not be removed: "
              + ErrorMessages.message(e));
    }
    done.line().ifPresent(say);
  }

  /** Names are for readers of what is published: that stays so where they cannot be given. */
  void register(List<Table> tables) {
    if (settings.warehouse().catalog().isEmpty()) {
      return;
    }
    String schema = settings.warehouse().catalog().get();
    try {
      new SessionCatalog(spark, store, schema).show(tables, runs.current().orElseThrow());
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      throw new IllegalStateException(
          "Cannot register the tables in the catalog under '"
              + schema
              + "' (warehouse.catalog): "
              + ErrorMessages.message(e)
              + " What was published stays so; the next run registers it.",
          e);
    }
  }
}
