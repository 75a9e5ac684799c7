package io.perennial.cli;

import io.perennial.config.ConfigurationException;
import io.perennial.config.Version;
import io.perennial.spark.ErrorMessages;
import io.perennial.step.QualityGateException;
import java.io.PrintWriter;
import java.time.Clock;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command line. Exit codes: 0 done, 1 failed while running, 2 wrong usage or configuration, 3 a
 * quality gate refused to publish.
 */
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

  static final int FAILED = 1;
  public static final int USAGE = 2;
  static final int REFUSED = 3;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Also print where a failure came from.")
  private boolean stacktrace;

  private PerennialCommand() {}

  /** Runs a command, closes the session, and returns the exit code. */
  public static int execute(String[] args) {
    int code = execute(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
    SparkSession.getActiveSession().foreach(PerennialCommand::stop);
    return code;
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
            return USAGE;
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          err.println(ErrorMessages.message(failure));
          if (main.stacktrace) {
            err.print(ErrorMessages.stackTrace(failure));
          }
          int code = exitCode(failure);
          if (command.getCommand() instanceof RunCommands.Making making) {
            making.failed(failure, code);
          }
          return code;
        });
    try {
      return line.execute(args);
    } catch (Error e) { // Hadoop tells of a full local disk by an error; memory may be short too.
      err.println(ErrorMessages.message(e));
      if (main.stacktrace) {
        err.print(ErrorMessages.stackTrace(e));
      }
      return FAILED;
    }
  }

  /** The command line as it is declared. */
  public static CommandLine commandLine() {
    return new CommandLine(new PerennialCommand());
  }

  private static int exitCode(Exception failure) {
    if (failure instanceof ConfigurationException) {
      return USAGE;
    }
    return failure instanceof QualityGateException ? REFUSED : FAILED;
  }

  private static Object stop(SparkSession spark) {
    spark.stop();
    return null;
  }

  public static Clock clock() {
    return Clock.systemUTC();
  }

  static boolean isOnTerminal() {
    return System.console() != null;
  }

  /** The version for {@code --version}. */
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"perennial " + Version.TEXT};
    }
  }
}
