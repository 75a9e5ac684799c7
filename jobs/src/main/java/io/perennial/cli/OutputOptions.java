package io.perennial.cli;

import io.perennial.config.Settings;
import io.perennial.pipeline.PipelineResult;
import io.perennial.pipeline.ProgressListener;
import io.perennial.spark.ErrorMessages;
import io.perennial.table.PublishedTables;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** How a run is reported: as text, as JSON, or by failures alone. */
final class OutputOptions {

  @ArgGroup private Kind kind = new Kind();

  private static final class Kind {

    @Option(
        names = "--quiet",
        description = "Print nothing unless something fails, so that cron sends no mail.")
    private boolean isQuiet;

    @Option(
        names = "--json",
        description = "Print one JSON object per line: each step, and how it ended.")
    private boolean isJson;
  }

  /** Whether text for people is wanted. */
  boolean isText() {
    return !kind.isQuiet && !kind.isJson;
  }

  /** Where text for people goes; nowhere if it is not wanted. */
  PrintWriter text(PrintWriter out) {
    return isText() ? out : new PrintWriter(Writer.nullWriter());
  }

  ProgressListener progress(PrintWriter out) {
    if (kind.isJson) {
      return new JsonProgress(out);
    }
    return kind.isQuiet ? line -> {} : new TextProgress(out, Ansi.AUTO);
  }

  /**
   * Prints the summary of a published run.
   *
   * @param report path of the report; null where none was written
   */
  void published(
      PublishedTables tables,
      Settings settings,
      String report,
      PipelineResult result,
      ExitCode exitCode,
      PrintWriter out) {
    if (kind.isQuiet) {
      return;
    }
    RunSummary summary = RunSummary.read(tables, settings, report);
    if (kind.isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("exit_code", exitCode.code());
      fields.putAll(RunSummaryJson.fields(summary));
      fields.put("refusals", result.refusals());
      fields.put("failures", result.failures());
      new JsonProgress(out).event("published", fields);
    } else {
      RunSummaryText.print(summary, RunSummary.readTables(tables), out);
    }
  }

  /**
   * Prints what to do after a failure whose message was printed.
   *
   * @param publishedRun the run that was published before the failure; null where none was
   */
  void failed(Exception failure, String publishedRun, PrintWriter out, PrintWriter err) {
    ExitCode exitCode = ExitCode.of(failure);
    String next = publishedRun == null ? next(exitCode) : nextAfterPublication(publishedRun);
    err.println(next);
    if (kind.isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("exit_code", exitCode.code());
      fields.put("message", ErrorMessages.message(failure));
      fields.put("next", next);
      if (publishedRun != null) {
        fields.put("run_id", publishedRun);
      }
      new JsonProgress(out).event("failed", fields);
    }
  }

  private static String nextAfterPublication(String run) {
    return "The tables of run "
        + run
        + " are published all the same. When the cause is gone, `perennial report` writes the"
        + " report.";
  }

  private static String next(ExitCode exitCode) {
    return switch (exitCode) {
      case USAGE ->
          "Nothing was changed. Correct what is named above; `perennial check` tries a"
              + " configuration on the lake and changes nothing.";
      case REFUSED ->
          "Nothing was published: readers see the run before this one. Do what is said above, then"
              + " run the same command again.";
      default ->
          "Nothing was published: readers see the run before this one. When the cause is gone, run"
              + " the same command again; --stacktrace says where it came from.";
    };
  }
}
