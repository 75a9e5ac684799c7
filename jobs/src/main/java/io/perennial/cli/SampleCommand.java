package io.perennial.cli;

import io.perennial.sample.SampleLake;
import io.perennial.sample.SampleReport;
import io.perennial.sample.SampleSettings;
import io.perennial.spark.Sessions;
import java.io.PrintWriter;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a synthetic lake. */
@Command(
    name = "sample",
    description =
        "Writes a synthetic lake: believable customers, dirty records, late files. The true"
            + " parameters are written beside it.")
final class SampleCommand implements Callable<Integer> {

  @Option(names = "--path", required = true, description = "Where to write; must not exist.")
  private String path;

  @Option(
      names = "--format",
      defaultValue = "csv",
      description = "csv, json, parquet, delta or orc. Default: ${DEFAULT-VALUE}.")
  private String format;

  @Option(
      names = "--customers",
      defaultValue = "10000",
      description = "Customers; one makes about 9 lines. Default: ${DEFAULT-VALUE}.")
  private long customers;

  @Option(names = "--months", defaultValue = "36", description = "Default: ${DEFAULT-VALUE}.")
  private int months;

  @Option(
      names = "--start",
      defaultValue = "2023-01",
      paramLabel = "YYYY-MM",
      description = "First month. Default: ${DEFAULT-VALUE}.")
  private YearMonth start;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "The same seed gives the same rows. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--zone",
      defaultValue = "America/New_York",
      description = "The shop's time zone. Default: ${DEFAULT-VALUE}.")
  private ZoneId zone;

  @Option(
      names = "--dirty-share",
      defaultValue = "0.003",
      description = "Share of unusable records, 0 to 1. Default: ${DEFAULT-VALUE}.")
  private double dirtyShare;

  @Option(names = "--no-late", description = "No late and overlapping files.")
  private boolean noLate;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    SampleSettings settings =
        new SampleSettings(path, format, customers, months, start, seed, zone, dirtyShare, !noLate);
    SparkSession spark = Sessions.open(TextProgress.isOnTerminal());
    SampleReport report = SampleLake.write(spark, settings);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "Wrote %,d records (%,d of them dirty) in %,d files to %s, from %s to %s.%n",
        report.lines(),
        report.dirty(),
        report.files(),
        path,
        report.firstDay(),
        report.lastDay());
    return ExitCode.DONE.code();
  }
}
