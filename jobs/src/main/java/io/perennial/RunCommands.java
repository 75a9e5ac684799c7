package io.perennial;

import io.perennial.config.Settings;
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

    @Mixin private Options options;

    @Option(
        names = "--as-of",
        paramLabel = "YYYY-MM-DD",
        description =
            "Local day at whose midnight knowledge ends. Default: the day after the"
                + " newest valid order; for a single stage, the current run's.")
    private LocalDate asOf;

    @Spec private CommandSpec spec;

    abstract List<Step> steps();

    boolean rebuild() {
      return false;
    }

    @Override
    public final Integer call() {
      Settings settings = options.load();
      PrintWriter out = spec.commandLine().getOut();
      SparkSession spark = Sessions.open(Main.isOnTerminal());
      Sessions.configure(spark, settings);
      Pipeline pipeline = new Pipeline(spark, settings, Main.clock(), out::println);
      RunRecord run = pipeline.run(spec.name(), steps(), Optional.ofNullable(asOf), rebuild());
      out.printf(
          "Published run %s as of %s in %.1f s. Tables: %s%n",
          run.runId(),
          run.asOf().orElseThrow(),
          run.seconds().orElseThrow(),
          settings.warehouse().path());
      Summary.print(pipeline.store(), run, settings.shop().currency(), out);
      return 0;
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
}
