package io.perennial.cli;

import io.perennial.config.Version;
import io.perennial.spark.ErrorMessages;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line; {@link ExitCode} lists how it ends. */
@Command(
    name = "perennial",
    description = "True retention figures from a raw order lake.",
    mixinStandardHelpOptions = true,
    versionProvider = PerennialCommand.Versions.class,
    scope = ScopeType.INHERIT,
    subcommands = {
      RunCommands.Run.class,
      RunCommands.IngestOnly.class,
      RunCommands.CohortsOnly.class,
      RunCommands.RfmOnly.class,
      RunCommands.ChurnOnly.class,
      EraseCommand.class,
      RunCommands.AudiencesOnly.class,
      RunCommands.LiftOnly.class,
      RunCommands.ExportOnly.class,
      ReportCommand.class,
      TablesCommand.class,
      CheckCommand.class,
      SampleCommand.class
    })
public final class PerennialCommand {

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Also print where a failure came from.")
  private boolean stacktrace;

  private PerennialCommand() {}

  /** Runs a command, closes the session, and returns the exit code. */
  public static int execute(String[] args) {
    int code = execute(writer(System.out), writer(System.err), args);
    SparkSession.getActiveSession().foreach(PerennialCommand::stop);
    return code;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }

  /** Runs a command in this JVM; the session stays open. */
  public static int execute(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = commandLine();
    PerennialCommand main = line.getCommand();
    line.setOut(out);
    line.setErr(err);
    line.setExecutionStrategy(
        parsed -> {
          if (!parsed.hasSubcommand()
              && !line.isUsageHelpRequested()
              && !line.isVersionHelpRequested()) {
            line.usage(err);
            return ExitCode.USAGE.code();
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          String publishedRun =
              failure instanceof AfterPublicationException late ? late.runId() : null;
          Exception cause = publishedRun == null ? failure : (Exception) failure.getCause();
          main.print(cause, err);
          if (command.getCommand() instanceof RunCommands.StepsCommand steps) {
            steps.failed(cause, publishedRun);
          }
          return ExitCode.of(cause).code();
        });
    try {
      return line.execute(args);
    } catch (Error e) { // Hadoop reports a full local disk by an error; memory may be short too.
      main.print(e, err);
      return ExitCode.FAILED.code();
    }
  }

  private void print(Throwable failure, PrintWriter err) {
    err.println(ErrorMessages.message(failure));
    if (stacktrace) {
      err.print(ErrorMessages.stackTrace(failure));
    }
  }

  /** The command line as it is declared. */
  public static CommandLine commandLine() {
    return new CommandLine(new PerennialCommand());
  }

  private static Object stop(SparkSession spark) {
    spark.stop();
    return null;
  }

  /** The version for {@code --version}. */
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"perennial " + Version.TEXT};
    }
  }
}
