package io.perennial.cli;

import io.perennial.config.Settings;
import io.perennial.pipeline.Pipeline;
import io.perennial.pipeline.Steps;
import io.perennial.table.RunRecord;
import io.perennial.table.RunsTable;
import io.perennial.table.Table;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the tables of the current run. */
@Command(name = "tables", description = "What is where: path, rows, version, as_of, doc.")
final class TablesCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = options.load();
    SparkSession spark = ConfigOptions.session(settings);
    PrintWriter out = spec.commandLine().getOut();
    Pipeline pipeline = new Pipeline(spark, settings, Clock.systemUTC(), out::println);
    Optional<RunRecord> current = pipeline.runs().current();
    if (current.isEmpty()) {
      out.println("Nothing is published in " + settings.warehouse().path() + " yet.");
    } else {
      out.println(
          "Run "
              + current.get().runId()
              + " as of "
              + current.get().asOf().orElseThrow()
              + "; read the versions below together.");
    }
    List<Table> tables = new ArrayList<>(Steps.tables());
    tables.add(RunsTable.TABLE);
    for (Table table : tables) {
      Optional<Long> version =
          table.equals(RunsTable.TABLE)
              ? pipeline.store().version(table)
              : current.map(run -> run.tables().get(table.name()));
      String rows =
          version
              .map(
                  number ->
                      String.format(
                          Locale.ROOT, "%,d", pipeline.store().read(table, number).count()))
              .orElse("-");
      out.printf(
          Locale.ROOT,
          "%n%s%n  %s%n  rows %s, version %s%n  One row per %s. %s%n",
          table.name(),
          pipeline.store().path(table),
          rows,
          version.map(String::valueOf).orElse("-"),
          table.grain(),
          table.doc());
    }
    return ExitCode.DONE.code();
  }
}
