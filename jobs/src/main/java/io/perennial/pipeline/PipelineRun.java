package io.perennial.pipeline;

import io.perennial.config.Settings;
import io.perennial.config.Version;
import io.perennial.erasure.Erasure;
import io.perennial.pipeline.ProgressListener.StepDone;
import io.perennial.spark.ErrorMessages;
import io.perennial.spark.Sessions;
import io.perennial.step.Fingerprint;
import io.perennial.step.RunInputs;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepResult;
import io.perennial.table.Lease;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.IdentityCheck;
import io.perennial.table.RunRecord.State;
import io.perennial.table.Runs;
import io.perennial.table.SnapshotRetention;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import io.perennial.table.TableStore.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run from its first row in {@code runs} to its publication; holds all that changes in it. */
final class PipelineRun {

  private final RunRequest request;
  private final Settings settings;
  private final TableStore store;
  private final Runs runs;
  private final Clock clock;
  private final ProgressListener progress;
  private final Publication publication;
  private final Erasure erasure;
  private final RunRecord begun;
  private final StepState steps;
  private final List<StepResult> results = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private StepContext context;

  /**
   * @throws IllegalStateException if the request needs a published run and there is none
   */
  PipelineRun(Pipeline pipeline, String runId, RunRequest request) {
    this.request = request;
    this.settings = pipeline.settings();
    this.store = pipeline.store();
    this.runs = pipeline.runs();
    this.clock = pipeline.clock();
    this.progress = pipeline.progress();
    this.publication = new Publication(pipeline);
    Optional<RunRecord> current = runs.current();
    if (request.isStageCommand() && current.isEmpty()) {
      throw new IllegalStateException(
          "Cannot run `"
              + request.command()
              + "`: nothing is published in "
              + settings.warehouse().path()
              + " yet. Run `run` or `ingest` first.");
    }
    Optional<RunRecord> latest = runs.latest();
    this.steps = new StepState(latest.map(RunRecord::steps).orElse(Map.of()));
    this.context =
        StepContext.of(
            new RunInputs(
                pipeline.spark(),
                settings,
                store,
                runId,
                runs,
                current,
                latest,
                pipeline.erasures(),
                request.isStageCommand()
                    ? request.asOf().or(() -> current.flatMap(RunRecord::asOf))
                    : request.asOf(),
                request.isRebuild(),
                request.isErasure(),
                progress));
    this.erasure = Erasure.of(store, context.erasures().state(), Steps.tables());
    this.begun =
        new RunRecord(
            runId,
            request.command(),
            request.asOf(),
            runs.startOf(clock.instant()),
            Optional.empty(),
            State.RUNNING,
            Fingerprint.of(settings),
            Map.of(),
            List.of(),
            Map.of(),
            Optional.empty(),
            Version.TEXT);
  }

  PipelineResult execute(Lease lease) {
    if (request.isErasure()) {
      Steps.ALL.forEach(step -> step.hooks().beforeErasure(context, request.erasedCustomerIds()));
      context.erasures().enter(request.erasedCustomerIds(), begun.started());
    }
    runs.begin(begun);
    RunRecord published;
    try (Signature signature = TableStore.sign(context.spark(), begun.runId())) {
      published = work();
      lease.requireHeld();
      runs.end(published);
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      publication.failed(begun, context, e);
      throw e;
    }
    // From here on readers see the run: no failure below takes it back.
    results.stream().flatMap(result -> result.afterPublication().stream()).forEach(this::attempt);
    attempt(() -> publication.register(Steps.tables()));
    publication.tidy(Steps.tables(), progress);
    if (context.removedErasedPeople()) {
      erasure.forget(context, clock.instant());
    }
    return new PipelineResult(
        published,
        results.stream().flatMap(result -> result.refusals().stream()).toList(),
        List.copyOf(failures));
  }

  /** Runs an action that must not take back the publication; its failure is reported. */
  private void attempt(Runnable action) {
    try {
      action.run();
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      failures.add(ErrorMessages.message(e));
    }
  }

  private RunRecord work() {
    Sessions.fit(context.spark(), inputBytes());
    Map<Table, Long> before = runs.restoreHeads(Steps.tables());
    if (request.isRebuild()) {
      dropOutdatedTables();
    }
    Steps.ALL.forEach(step -> failures.addAll(step.hooks().recover(context)));
    int number = 0;
    for (Step step : request.steps()) {
      number++;
      if (step.usesAsOf()) {
        requireAsOf();
      }
      runStep(step, number);
    }
    requireAsOf();
    if (context.removedErasedPeople()) {
      erasure.removeFromHistory(context, Steps.tables(Steps.LAKE_STEPS));
    }
    List<IdentityCheck> checks = Reconciliation.check(context, steps);
    checks.forEach(progress::checked);
    Reconciliation.require(checks);
    Steps.ALL.forEach(step -> step.hooks().beforePublication(context));
    steps.expired(
        SnapshotRetention.apply(store, Steps.tables(), settings.warehouse(), context.asOf()),
        context);
    if (context.removedErasedPeople()) {
      erasure.settle(context);
      steps.versionsChanged(request.steps(), context);
    }
    return published(publication.versions(begun.runId(), Steps.tables(), before), checks);
  }

  private RunRecord published(Map<String, Long> versions, List<IdentityCheck> checks) {
    return new RunRecord(
        begun.runId(),
        begun.command(),
        Optional.of(context.asOf()),
        begun.started(),
        Optional.of(secondsSince(begun.started())),
        State.PUBLISHED,
        begun.configHash(),
        versions,
        checks,
        steps.fingerprints(),
        request.isErasure()
            ? Optional.of(Erasure.people(request.erasedCustomerIds().size()) + " erased")
            : Optional.empty(),
        begun.version());
  }

  private long inputBytes() {
    return Steps.ALL.stream()
        .mapToLong(step -> step.hooks().inputBytes(context, request.steps().contains(step)))
        .sum();
  }

  /** Tables whose declared columns changed lose their history in a rebuild. */
  private void dropOutdatedTables() {
    Steps.tables(request.steps()).stream()
        .filter(store::remake)
        .forEach(
            table ->
                progress.accept(
                    "  " + table + " has other columns now: it begins anew, without its history"));
  }

  private void requireAsOf() {
    if (!context.hasAsOf()) {
      LocalDate asOf = AsOfChoice.of(context);
      context = context.at(asOf);
      progress.accept("  as_of " + asOf);
    }
  }

  private void runStep(Step step, int number) {
    Instant started = clock.instant();
    int of = request.steps().size();
    progress.begin(number, of, step.name());
    String fingerprint = Fingerprint.of(step, context);
    boolean isUpToDate =
        !step.readsLake()
            && !context.isRebuild()
            && steps.hasFingerprint(step, fingerprint)
            && step.writes().stream().allMatch(store::exists);
    if (!isUpToDate && step.usesAsOf()) {
      steps.requireSnapshotsFor(step, context);
    }
    Optional<Long> versionBefore = version(step);
    StepResult result = isUpToDate ? StepResult.done() : step.action().run(context);
    results.add(result);
    failures.addAll(result.failures());
    if (result.removedErasedPeople()) {
      context = context.withErasedPeopleRemoved();
    }
    if (result.failures().isEmpty()) {
      steps.complete(step, fingerprint);
    } else {
      steps.incomplete(step);
    }
    Optional<Long> rows =
        version(step).equals(versionBefore)
            ? Optional.empty()
            : store.rowsLastWritten(step.writes().get(0));
    progress.done(
        new StepDone(
            number, of, step.name(), rows, secondsSince(started), isUpToDate, result.note()));
  }

  /** The version of the table that the step is named after, where the step writes one. */
  private Optional<Long> version(Step step) {
    return step.writes().stream().findFirst().flatMap(store::version);
  }

  private double secondsSince(Instant started) {
    return Duration.between(started, clock.instant()).toMillis() / 1000.0;
  }
}
