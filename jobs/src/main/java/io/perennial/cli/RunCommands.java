package io.perennial.cli;

import io.perennial.audiences.AudienceSteps;
import io.perennial.config.ConfigurationException;
import io.perennial.config.Problem;
import io.perennial.config.Settings;
import io.perennial.export.ExportSteps;
import io.perennial.pipeline.Pipeline;
import io.perennial.pipeline.PipelineResult;
import io.perennial.pipeline.RunRequest;
import io.perennial.pipeline.Steps;
import io.perennial.spark.Sessions;
import io.perennial.step.Step;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The commands that make tables. */
final class RunCommands {

  private RunCommands() {}

  /** Runs a list of steps. */
  abstract static class Making implements Callable<Integer> {

    @Mixin private ConfigOptions options;

    @Mixin private OutputOptions telling;

    @Option(
        names = "--as-of",
        paramLabel = "YYYY-MM-DD",
        description =
            "Local day at whose midnight knowledge ends. Default: the day after the"
                + " newest valid order; for a single stage, the current run's.")
    private LocalDate asOf;

    @Spec private CommandSpec spec;

    private Optional<String> published = Optional.empty();

    abstract List<Step> steps();

    boolean rebuild() {
      return false;
    }

    /**
     * Looks at settings that only this command needs.
     *
     * @throws ConfigurationException if they are not there
     */
    void check(Settings settings) {}

    /** Whether the report is written when the run is published. */
    boolean reports(Settings settings) {
      return false;
    }

    /** Settings, as {@code key=value}, that the command's own options stand for. */
    List<String> more() {
      return List.of();
    }

    /**
     * @param refusals what gates kept from being published, though the rest of the run was
     */
    int exitCode(List<String> refusals) {
      return 0;
    }

    @Override
    public final Integer call() {
      Settings settings = options.load(more());
      check(settings);
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter words = telling.words(out);
      PrintWriter err = spec.commandLine().getErr();
      SparkSession spark = Sessions.open(telling.isWords() && PerennialCommand.isOnTerminal());
      Sessions.configure(spark, settings);
      Pipeline pipeline =
          new Pipeline(spark, settings, PerennialCommand.clock(), telling.progress(out));
      PipelineResult result = pipeline.run(request());
      RunRecord run = result.run();
      published = Optional.of(run.runId());
      PublishedTables tables = new PublishedTables(pipeline.store(), run);
      words.printf(
          "Published run %s as of %s in %.1f s. Tables: %s%n",
          run.runId(),
          run.asOf().orElseThrow(),
          run.seconds().orElseThrow(),
          settings.warehouse().path());
      Optional<String> written =
          reports(settings) ? Optional.of(settings.report().path()) : Optional.empty();
      written.ifPresent(
          path -> ReportWriter.write(spark, pipeline.store(), run, settings, path, words));
      if (telling.isWords()) {
        TerminalSummary.print(tables, settings.shop().currency(), words);
      }
      int code =
          result.failures().isEmpty() ? exitCode(result.refusals()) : PerennialCommand.FAILED;
      telling.published(
          () -> RunSummary.of(tables, settings, written),
          result.refusals(),
          result.failures(),
          code,
          out);
      if (code != 0) {
        result.refusals().forEach(err::println);
        result.failures().forEach(err::println);
      }
      if (!result.failures().isEmpty()) {
        err.println(
            "All else is published as run "
                + run.runId()
                + ". When the cause is gone, run the same command again: what is up to date is not"
                + " made again.");
      }
      return code;
    }

    private RunRequest request() {
      RunRequest request = RunRequest.of(spec.name(), steps());
      request = asOf == null ? request : request.asOf(asOf);
      return rebuild() ? request.rebuilding() : request;
    }

    /** Says what to do after a failure whose message was printed. */
    void failed(Exception failure, int exitCode) {
      telling.failed(
          failure, exitCode, published, spec.commandLine().getOut(), spec.commandLine().getErr());
    }
  }

  @Command(name = "run", description = "Everything, in order, skipping what is up to date.")
  static final class Run extends Making {

    @Option(names = "--rebuild", description = "Make everything anew from the lake.")
    private boolean rebuild;

    @Override
    List<Step> steps() {
      return Steps.ALL;
    }

    @Override
    boolean rebuild() {
      return rebuild;
    }

    @Override
    boolean reports(Settings settings) {
      return settings.report().afterRun();
    }
  }

  @Command(name = "ingest", description = "Reads new and changed files, up to customer_months.")
  static final class IngestOnly extends Making {
    @Override
    List<Step> steps() {
      return Steps.LAKE_STEPS;
    }
  }

  @Command(
      name = "cohorts",
      description = "Cohort matrix, retention and repurchase curve of the current run.")
  static final class CohortsOnly extends Making {
    @Override
    List<Step> steps() {
      return Steps.COHORT_STEPS;
    }
  }

  @Command(name = "rfm", description = "RFM scores and segments of the current run.")
  static final class RfmOnly extends Making {
    @Override
    List<Step> steps() {
      return Steps.RFM_STEPS;
    }
  }

  @Command(
      name = "churn",
      description =
          "Churn model, its record on unseen windows, and scores of the current run. Exit code 3"
              + " where no new model may score.")
  static final class ChurnOnly extends Making {

    @Option(
        names = "--model",
        paramLabel = "ID",
        description = "Score with this model of churn_models instead of training one.")
    private String model;

    @Override
    List<Step> steps() {
      return Steps.CHURN_STEPS;
    }

    /** Whoever asks for churn alone wants its verdict, known or not. */
    @Override
    boolean rebuild() {
      return true;
    }

    @Override
    List<String> more() {
      return model == null ? List.of() : List.of("churn.model=" + model);
    }

    @Override
    int exitCode(List<String> refusals) {
      return refusals.isEmpty() ? 0 : PerennialCommand.REFUSED;
    }
  }

  @Command(
      name = "audiences",
      description = "Customer profiles, audiences and their suppressions of the current run.")
  static final class AudiencesOnly extends Making {
    @Override
    List<Step> steps() {
      return AudienceSteps.AUDIENCE_STEPS;
    }

    @Override
    int exitCode(List<String> refusals) {
      return refusals.isEmpty() ? 0 : PerennialCommand.FAILED;
    }
  }

  @Command(
      name = "lift",
      description = "What addressing customers changed, against those who were held out.")
  static final class LiftOnly extends Making {
    @Override
    List<Step> steps() {
      return AudienceSteps.LIFT_STEPS;
    }
  }

  @Command(
      name = "export",
      description =
          "Files of the current run's audiences for the platforms: full, add, remove, manifest.")
  static final class ExportOnly extends Making {
    @Override
    List<Step> steps() {
      return ExportSteps.EXPORT_STEPS;
    }

    /** Whoever asks for an export wants one, changed or not. */
    @Override
    boolean rebuild() {
      return true;
    }

    @Override
    void check(Settings settings) {
      if (settings.export().path().isEmpty()) {
        throw new ConfigurationException(
            new Problem(
                "export.path",
                "not set",
                null,
                "must be set to a directory for the files",
                "They hold addresses: choose one that only its owner can read."));
      }
    }
  }
}
