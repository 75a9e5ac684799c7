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
 * Runs pipeline steps for the benchmarks as {@code run} does, with the same session, settings,
 * reconciliation and publication.
 */
public final class BenchmarkPipeline {

  private final SparkSession spark;
  private final Settings settings;
  private final Pipeline pipeline;

  private BenchmarkPipeline(SparkSession spark, Settings settings, Pipeline pipeline) {
    this.spark = spark;
    this.settings = settings;
    this.pipeline = pipeline;
  }

  /**
   * Opens the same session as {@code run}.
   *
   * @param config configuration file
   * @param overrides {@code key=value}, which take precedence over the file
   * @param output receives the lines that users see
   */
  public static BenchmarkPipeline open(
      Path config, List<String> overrides, Consumer<String> output) {
    Settings settings = SettingsLoader.load(config, overrides);
    SparkSession spark = Sessions.open(false);
    Sessions.configure(spark, settings);
    return new BenchmarkPipeline(
        spark, settings, new Pipeline(spark, settings, Clock.systemUTC(), output::accept));
  }

  /**
   * Publishes the tables of {@code ingest}, the cohort matrix and RFM; not contacts, which DuckDB
   * does not create.
   */
  public void runComparedSteps() {
    List<Step> steps = new ArrayList<>(Steps.LAKE_STEPS);
    steps.remove(ContactSteps.CONTACTS);
    steps.add(Steps.COHORT_STEPS.get(0));
    steps.addAll(Steps.RFM_STEPS);
    run(steps);
  }

  /** Publishes all tables. */
  public void runAllSteps() {
    run(Steps.ALL);
  }

  private void run(List<Step> steps) {
    RunRecord run = pipeline.run(RunRequest.of("benchmark", steps)).run();
    if (run.state() != RunRecord.State.PUBLISHED) {
      throw new IllegalStateException("Cannot measure: the run is " + run.state());
    }
  }

  /** Creates a view for every published table. */
  public SparkSession createViews() {
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

  public Settings settings() {
    return settings;
  }
}
