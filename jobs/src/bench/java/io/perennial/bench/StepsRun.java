package io.perennial.bench;

import io.perennial.config.Settings;
import io.perennial.config.SettingsLoader;
import io.perennial.customers.ContactSteps;
import io.perennial.pipeline.Pipeline;
import io.perennial.pipeline.RunRequest;
import io.perennial.pipeline.Steps;
import io.perennial.spark.Sessions;
import io.perennial.step.Step;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * Lets the benchmark run some of the pipeline's steps the way {@code run} does: the same session,
 * settings, reconciliation and publishing. It lies in this package because steps are nobody else's
 * business.
 */
public final class StepsRun {

  private final SparkSession spark;
  private final Settings settings;
  private final Pipeline pipeline;

  private StepsRun(SparkSession spark, Settings settings, Pipeline pipeline) {
    this.spark = spark;
    this.settings = settings;
    this.pipeline = pipeline;
  }

  /**
   * Opens the session that {@code run} would open.
   *
   * @param config configuration file
   * @param overrides {@code key=value}, winning over the file
   * @param say gets the lines that users see
   */
  public static StepsRun open(Path config, List<String> overrides, Consumer<String> say) {
    Settings settings = SettingsLoader.load(config, overrides);
    SparkSession spark = Sessions.open(false);
    Sessions.configure(spark, settings);
    return new StepsRun(
        spark, settings, new Pipeline(spark, settings, Clock.systemUTC(), say::accept));
  }

  /**
   * Makes and publishes the tables of {@code ingest}, the cohort matrix and RFM; not contacts,
   * which the other side does not make.
   */
  public void lakeCohortMatrixAndRfm() {
    List<Step> steps = new ArrayList<>(Steps.LAKE_STEPS);
    steps.remove(ContactSteps.CONTACTS);
    steps.add(Steps.COHORT_STEPS.get(0));
    steps.addAll(Steps.RFM_STEPS);
    run(steps);
  }

  /** Makes and publishes everything. */
  public void everything() {
    run(Steps.ALL);
  }

  private void run(List<Step> steps) {
    RunRecord run = pipeline.run(RunRequest.of("benchmark", steps)).run();
    if (run.state() != RunRecord.State.PUBLISHED) {
      throw new IllegalStateException("Cannot measure: the run is " + run.state());
    }
  }

  /** Makes every published table answer SQL by its name. */
  public SparkSession withTablesAsViews() {
    for (Table table : Steps.tables()) {
      if (pipeline.store().exists(table)) {
        pipeline.store().read(table).createOrReplaceTempView(table.name());
      }
    }
    return spark;
  }

  public SparkSession spark() {
    return spark;
  }

  /** The checked settings, for what the other side must be told. */
  public Settings settings() {
    return settings;
  }
}
