package io.perennial.pipeline;

import io.perennial.config.Settings;
import io.perennial.state.Erasures;
import io.perennial.state.PrivateState;
import io.perennial.step.Step;
import io.perennial.table.Lease;
import io.perennial.table.RunRecord;
import io.perennial.table.Runs;
import io.perennial.table.TableStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Runs steps in order, skips those that are up to date, reconciles, and publishes. A run that fails
 * in between leaves readers with the run before. One run works on a warehouse at a time.
 */
public final class Pipeline {

  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final SparkSession spark;
  private final Settings settings;
  private final TableStore store;
  private final Runs runs;
  private final Clock clock;
  private final ProgressListener progress;

  public Pipeline(SparkSession spark, Settings settings, Clock clock, ProgressListener progress) {
    this.spark = spark;
    this.settings = settings;
    this.store = new TableStore(spark, settings.warehouse().path(), settings.shop().minorDigits());
    this.runs = new Runs(store);
    this.clock = clock;
    this.progress = progress;
  }

  public TableStore store() {
    return store;
  }

  public Runs runs() {
    return runs;
  }

  /** The ledger of erased people. */
  public Erasures erasures() {
    return new Erasures(
        new PrivateState(spark, settings.statePath(), settings.shop().minorDigits()));
  }

  /**
   * Runs steps and publishes what they wrote.
   *
   * @throws io.perennial.step.QualityGateException if a quality gate refuses to publish
   * @throws io.perennial.config.ConfigurationException if a step cannot be done as configured,
   *     before any work
   */
  public PipelineResult run(RunRequest request) {
    validate(request.steps());
    return exclusively(() -> request);
  }

  /**
   * Erases people for good: recomputes without them all that earlier runs made, and publishes it.
   * Reads no new files.
   */
  public PipelineResult erase(Set<String> customerIds) {
    return exclusively(
        () -> {
          Map<String, String> known = runs.latest().map(RunRecord::steps).orElse(Map.of());
          List<Step> steps =
              Steps.ALL.stream()
                  .filter(step -> Steps.LAKE_STEPS.contains(step) || known.containsKey(step.name()))
                  .toList();
          validate(steps);
          RunRequest erasure = RunRequest.erasure(steps, customerIds);
          return runs.current().flatMap(RunRecord::asOf).map(erasure::asOf).orElse(erasure);
        });
  }

  private void validate(List<Step> steps) {
    steps.forEach(step -> step.hooks().validate(spark, settings));
  }

  /**
   * Waits until no other run is at work, then runs.
   *
   * @param request asked for after waiting, since what other runs published counts
   */
  private PipelineResult exclusively(Supplier<RunRequest> request) {
    String runId = ID_TIME.format(clock.instant()) + "-" + randomPart();
    try (Lease lease =
        Lease.take(
            spark,
            settings.warehouse().path(),
            runId,
            settings.warehouse().waitForOtherRun(),
            Lease.Heartbeat.DEFAULT,
            progress)) {
      runs.refresh();
      return new PipelineRun(this, runId, request.get()).execute(lease);
    }
  }

  SparkSession spark() {
    return spark;
  }

  Settings settings() {
    return settings;
  }

  Clock clock() {
    return clock;
  }

  ProgressListener progress() {
    return progress;
  }

  private static String randomPart() {
    return String.format(Locale.ROOT, "%06x", new SecureRandom().nextInt(1 << 24));
  }
}
