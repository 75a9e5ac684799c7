package io.perennial.pipeline;

import io.perennial.audiences.AudienceSteps;
import io.perennial.cli.EraseCommand;
import io.perennial.config.Settings;
import io.perennial.config.Version;
import io.perennial.erasure.Erasure;
import io.perennial.export.ExportSteps;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.RejectsRetention;
import io.perennial.lake.LakeFile;
import io.perennial.lake.LakeListing;
import io.perennial.pipeline.ProgressListener.StepDone;
import io.perennial.spark.Sessions;
import io.perennial.state.Erasures;
import io.perennial.state.PrivateState;
import io.perennial.step.Fingerprint;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.table.Lease;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.IdentityCheck;
import io.perennial.table.RunRecord.State;
import io.perennial.table.Runs;
import io.perennial.table.SessionSettings;
import io.perennial.table.SnapshotRetention;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/**
 * Runs steps in order, skips those whose inputs did not change, reconciles, and publishes. A run
 * that fails in between leaves readers with the run before.
 */
public final class Pipeline {

  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final SparkSession spark;
  private final Settings settings;
  private final TableStore store;
  private final Runs runs;
  private final Clock clock;
  private final ProgressListener say;
  private final Publication publication;
  private List<String> refusals = List.of();
  private List<String> failures = List.of();

  public Pipeline(SparkSession spark, Settings settings, Clock clock, ProgressListener say) {
    this.spark = spark;
    this.settings = settings;
    this.store = new TableStore(spark, settings.warehouse().path(), settings.shop().minorDigits());
    this.runs = new Runs(spark, store);
    this.clock = clock;
    this.say = say;
    this.publication = new Publication(spark, settings, store, runs, clock);
  }

  public TableStore store() {
    return store;
  }

  /** What gates kept from being published in the last run, though the rest of it was. */
  public List<String> refusals() {
    return refusals;
  }

  /** What could not be done in the last run, though the rest of it was published. */
  public List<String> failures() {
    return failures;
  }

  public Runs runs() {
    return runs;
  }

  /** Every table that steps write. */
  public static List<Table> tables() {
    return Steps.ALL.stream().flatMap(step -> step.writes().stream()).toList();
  }

  /**
   * Runs steps and publishes what they wrote.
   *
   * @param command the command, for {@code runs}
   * @param wantedAsOf as_of where the user gave one
   * @param rebuild whether to make everything anew from the lake
   * @throws QualityGateException if a quality gate refuses to publish
   * @throws io.perennial.config.ConfigurationException if an audience cannot be made, before any
   *     work
   */
  public RunRecord run(
      String command, List<Step> steps, Optional<LocalDate> wantedAsOf, boolean rebuild) {
    checkAudiences(steps);
    return alone(
        runId ->
            new Order(
                runId,
                command,
                runs.startOf(clock.instant()),
                steps,
                wantedAsOf,
                rebuild,
                Set.of()));
  }

  /**
   * Erases people for good: makes everything that was made before without them, and publishes it.
   * Reads no new files.
   */
  public RunRecord erase(Set<String> customerIds) {
    return alone(
        runId -> {
          Map<String, String> made = runs.latest().map(RunRecord::steps).orElse(Map.of());
          List<Step> steps =
              Steps.ALL.stream()
                  .filter(step -> Steps.LAKE_STEPS.contains(step) || made.containsKey(step.name()))
                  .toList();
          checkAudiences(steps);
          return new Order(
              runId,
              "erase",
              runs.startOf(clock.instant()),
              steps,
              runs.current().flatMap(RunRecord::asOf),
              false,
              customerIds);
        });
  }

  /** Who was erased. */
  public Erasures erasures() {
    return new Erasures(
        spark, new PrivateState(spark, settings.statePath(), settings.shop().minorDigits()));
  }

  private void checkAudiences(List<Step> steps) {
    if (steps.containsAll(AudienceSteps.AUDIENCE_STEPS)) {
      AudienceSteps.check(spark, settings);
    }
  }

  /**
   * Runs alone, once no other run is at work.
   *
   * @param order what is to be done, by the run's id; it is asked when others have ended: what they
   *     published counts
   */
  private RunRecord alone(Function<String, Order> order) {
    String runId = ID_TIME.format(clock.instant()) + "-" + randomPart();
    try (Lease lease =
        Lease.take(
            spark,
            settings.warehouse().path(),
            runId,
            settings.warehouse().waitForOtherRun(),
            Lease.Heartbeat.DEFAULT,
            say)) {
      runs.refresh();
      return run(lease, order.apply(runId));
    }
  }

  /** What a run is to do. */
  private record Order(
      String runId,
      String command,
      Instant started,
      List<Step> steps,
      Optional<LocalDate> wantedAsOf,
      boolean rebuild,
      Set<String> erased) {

    boolean isErasure() {
      return !erased.isEmpty();
    }
  }

  private RunRecord run(Lease lease, Order order) {
    List<Step> steps = order.steps();
    Optional<RunRecord> current = runs.current();
    boolean isStageCommand = !steps.contains(Steps.INGEST);
    if (isStageCommand && current.isEmpty()) {
      throw new IllegalStateException(
          "Cannot run `"
              + order.command()
              + "`: nothing is published in "
              + settings.warehouse().path()
              + " yet. Run `run` or `ingest` first.");
    }
    StepContext context =
        new StepContext(
            spark,
            settings,
            store,
            order.runId(),
            current,
            runs.latest(),
            erasures(),
            isStageCommand && order.wantedAsOf().isEmpty()
                ? current.flatMap(RunRecord::asOf)
                : order.wantedAsOf(),
            order.rebuild(),
            say);
    if (order.isErasure()) {
      context.erase();
      ExportSteps.erase(context, order.erased());
      context.erasures().enter(order.erased(), order.started());
    }
    RunRecord run =
        new RunRecord(
            order.runId(),
            order.command(),
            order.wantedAsOf(),
            order.started(),
            Optional.empty(),
            State.RUNNING,
            Fingerprint.of(settings),
            Map.of(),
            List.of(),
            Map.of(),
            Optional.empty(),
            Version.TEXT);
    runs.begin(run);
    RunRecord published;
    try (SessionSettings signature = TableStore.sign(spark, order.runId())) {
      published = work(context, run, order);
      lease.requireHeld();
      runs.end(published);
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      publication.failed(run, context, e);
      throw e;
    }
    // From here on readers see it: nothing that fails below takes it back.
    refusals = context.refusals();
    context.afterPublication(() -> publication.register(tables()));
    context.published();
    publication.tidy(tables(), say);
    failures = context.failures();
    if (context.areErasedPeopleRemoved()) {
      Erasure.forget(context, clock.instant());
    }
    return published;
  }

  private RunRecord work(StepContext context, RunRecord run, Order order) {
    List<Step> steps = order.steps();
    Sessions.fit(spark, lakeBytes(steps));
    Sessions.configureWrites(spark, tables());
    Map<Table, Long> before = runs.restoreHeads(tables());
    if (order.rebuild()) {
      steps.stream()
          .flatMap(step -> step.writes().stream())
          .filter(store::remake)
          .forEach(
              table ->
                  say.accept(
                      "  "
                          + table
                          + " has other columns now: it begins anew, without its history"));
    }
    AudienceSteps.recover(context);
    ExportSteps.recover(context);
    StepState made = new StepState(context);
    int number = 0;
    for (Step step : steps) {
      number++;
      if (step.usesAsOf() && !context.knowsAsOf()) {
        chooseAsOf(context);
      }
      doStep(context, step, made, number, steps.size());
    }
    if (!context.knowsAsOf()) {
      chooseAsOf(context);
    }
    if (context.areErasedPeopleRemoved()) {
      Erasure.removeFromHistory(context);
    }
    List<IdentityCheck> checks =
        Reconciliation.check(context, made.isUpToDate(Steps.COHORT_STEPS.get(0)));
    checks.forEach(say::checked);
    Reconciliation.require(checks);
    RejectsRetention.apply(
        store, runs.all(), context.asOf(), settings.lake().rejectsRetentionDays());
    made.lostSnapshots(
        SnapshotRetention.apply(store, tables(), settings.warehouse(), context.asOf()));
    if (context.areErasedPeopleRemoved()) {
      Erasure.settle(context);
      made.onlyVersionsMoved(steps);
    }
    return new RunRecord(
        run.runId(),
        run.command(),
        Optional.of(context.asOf()),
        run.started(),
        Optional.of(secondsSince(run.started())),
        State.PUBLISHED,
        run.configHash(),
        publication.versions(run.runId(), tables(), before),
        checks,
        made.fingerprints(),
        order.isErasure()
            ? Optional.of(EraseCommand.people(order.erased().size()) + " erased")
            : Optional.empty(),
        run.version());
  }

  private long lakeBytes(List<Step> steps) {
    if (steps.contains(Steps.INGEST)) {
      return LakeListing.listOrNone(spark, settings.lake().path(), settings.source().format())
          .stream()
          .mapToLong(LakeFile::size)
          .sum();
    }
    return bytesRead();
  }

  /** Bytes of the lake's files as they were read. */
  public long bytesRead() {
    return store
        .read(IngestedFilesTable.TABLE)
        .select(IngestedFilesTable.SIZE.col())
        .collectAsList()
        .stream()
        .mapToLong(row -> row.getLong(0))
        .sum();
  }

  private void chooseAsOf(StepContext context) {
    context.choose(Steps.chooseAsOf(context));
    say.accept("  as_of " + context.asOf());
  }

  private void doStep(StepContext context, Step step, StepState made, int number, int of) {
    Instant started = clock.instant();
    say.begin(number, of, step.name());
    boolean isIngest = step == Steps.INGEST;
    String fingerprint = Fingerprint.of(step, context);
    boolean isUpToDate =
        !isIngest
            && !context.rebuild()
            && made.isMadeOf(step, fingerprint)
            && step.writes().stream().allMatch(store::exists);
    if (!isUpToDate && step.usesAsOf()) {
      made.requireSnapshotsFor(step);
    }
    Optional<Long> versionBefore = version(step);
    int failuresBefore = context.failures().size();
    String note = isUpToDate ? "" : step.action().run(context);
    boolean isWhole = context.failures().size() == failuresBefore;
    made.made(step, fingerprint, isWhole);
    Optional<Long> rows =
        version(step).equals(versionBefore)
            ? Optional.empty()
            : store.rowsLastWritten(step.writes().get(0));
    say.done(new StepDone(number, of, step.name(), rows, secondsSince(started), isUpToDate, note));
  }

  /** Of the table that the step is named after, where it writes one. */
  private Optional<Long> version(Step step) {
    return step.writes().stream().findFirst().flatMap(store::version);
  }

  private double secondsSince(Instant started) {
    return Duration.between(started, clock.instant()).toMillis() / 1000.0;
  }

  private static String randomPart() {
    return String.format(Locale.ROOT, "%06x", new SecureRandom().nextInt(1 << 24));
  }
}
