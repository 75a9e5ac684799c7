package io.perennial.cli;

import io.perennial.pipeline.ProgressListener;
import io.perennial.spark.ErrorMessages;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** How a run is told: in words, in nothing but failures, or as JSON. */
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

  /** Whether words for people are wanted. */
  boolean isWords() {
    return !kind.isQuiet && !kind.isJson;
  }

  /** Where words for people go; nowhere if they are not wanted. */
  PrintWriter words(PrintWriter out) {
    return isWords() ? out : new PrintWriter(Writer.nullWriter());
  }

  ProgressListener progress(PrintWriter out) {
    if (kind.isJson) {
      return new JsonProgress(out);
    }
    return kind.isQuiet ? line -> {} : new TextProgress(out, Ansi.AUTO);
  }

  /**
   * The last thing that is said of a published run.
   *
   * @param digest asked for only if something is said
   */
  void published(
      Supplier<RunSummary> digest,
      List<String> refusals,
      List<String> failures,
      int exitCode,
      PrintWriter out) {
    if (kind.isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("exit_code", exitCode);
      fields.putAll(digest.get().fields());
      fields.put("refusals", refusals);
      fields.put("failures", failures);
      new JsonProgress(out).event("published", fields);
    } else if (!kind.isQuiet) {
      out.println();
      List<String> lines = new ArrayList<>(digest.get().lines());
      lines.set(0, TextProgress.styled(Ansi.AUTO, "bold", lines.get(0)));
      lines.forEach(out::println);
    }
  }

  /**
   * The last thing that is said of a run that failed: what to do now.
   *
   * @param published the run that was published all the same, before what failed
   */
  void failed(
      Exception failure,
      int exitCode,
      Optional<String> published,
      PrintWriter out,
      PrintWriter err) {
    String next = next(exitCode, published);
    err.println(next);
    if (kind.isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("exit_code", exitCode);
      fields.put("message", ErrorMessages.message(failure));
      fields.put("next", next);
      published.ifPresent(run -> fields.put("run_id", run));
      new JsonProgress(out).event("failed", fields);
    }
  }

  private static String next(int exitCode, Optional<String> published) {
    if (published.isPresent()) {
      return "The tables of run "
          + published.get()
          + " are published all the same. When the cause is gone, `perennial report` writes the"
          + " report.";
    }
    return switch (exitCode) {
      case PerennialCommand.USAGE ->
          "Nothing was changed. Correct what is named above; `perennial check` tries a"
              + " configuration on the lake and changes nothing.";
      case PerennialCommand.REFUSED ->
          "Nothing was published: readers see the run before this one. Do what is said above, then"
              + " run the same command again.";
      default ->
          "Nothing was published: readers see the run before this one. When the cause is gone, run"
              + " the same command again; --stacktrace says where it came from.";
    };
  }
}
