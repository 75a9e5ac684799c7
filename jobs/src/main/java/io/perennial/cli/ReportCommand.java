package io.perennial.cli;

import io.perennial.cohorts.CohortReconciliation;
import io.perennial.config.Settings;
import io.perennial.ingest.IngestSteps;
import io.perennial.pipeline.Pipeline;
import io.perennial.spark.Sessions;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import io.perennial.table.Runs;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the report of a published run; it changes no table. */
@Command(
    name = "report",
    description = "Writes the current run's report: one HTML file that opens anywhere, offline.")
final class ReportCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options;

  @Option(
      names = "--run",
      paramLabel = "RUN_ID",
      description = "The published run to report on. Default: the current one.")
  private String runId;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = options.load();
    SparkSession spark = Sessions.open(PerennialCommand.isOnTerminal());
    Sessions.configure(spark, settings);
    Pipeline pipeline = new Pipeline(spark, settings, PerennialCommand.clock(), line -> {});
    RunRecord run = run(pipeline, settings);
    Sessions.fit(spark, IngestSteps.bytesRead(pipeline.store()));
    ReportWriter.write(
        spark,
        pipeline.store(),
        run,
        settings,
        settings.report().path(),
        spec.commandLine().getOut());
    return 0;
  }

  private RunRecord run(Pipeline pipeline, Settings settings) {
    if (runId == null) {
      return newest(pipeline.runs(), settings);
    }
    List<RunRecord> published =
        pipeline.runs().all().stream().filter(run -> run.state() == State.PUBLISHED).toList();
    return published.stream()
        .filter(run -> run.runId().equals(runId))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Cannot make a report of run '%s': no published run has that id. Published are %s."
                        .formatted(runId, published.stream().map(RunRecord::runId).toList())));
  }

  /** The current run; where that only read files, the newest that made figures. */
  private RunRecord newest(Runs runs, Settings settings) {
    RunRecord current =
        runs.current()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Cannot make a report: nothing is published in "
                            + settings.warehouse().path()
                            + " yet. Run `run` first."));
    if (CohortReconciliation.isPartOf(current)) {
      return current;
    }
    RunRecord newest =
        runs.newest(CohortReconciliation::isPartOf)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Cannot make a report: no run has made cohort_matrix yet. Run `run`"
                            + " first."));
    spec.commandLine()
        .getOut()
        .printf(
            "The run as of %s has made no cohort_matrix: the report is of the run before it, as of"
                + " %s. `run` makes all figures of now.%n",
            current.asOf().orElseThrow(), newest.asOf().orElseThrow());
    return newest;
  }
}
