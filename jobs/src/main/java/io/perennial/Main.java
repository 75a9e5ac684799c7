package io.perennial;

import io.perennial.config.ConfigurationException;
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
    versionProvider = Main.Versions.class,
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
public final class Main {

  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int REFUSED = 3;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Also print where a failure came from.")
  private boolean stacktrace;

  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    int code = execute(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
    SparkSession.getActiveSession().foreach(Main::stop);
    System.exit(code);
  }

  /** Runs a command in this JVM; the session stays open. */
  static int execute(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = commandLine();
    Main main = line.getCommand();
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
          err.println(Failures.message(failure));
          if (main.stacktrace) {
            err.print(Failures.stackTrace(failure));
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
      err.println(Failures.message(e));
      if (main.stacktrace) {
        err.print(Failures.stackTrace(e));
      }
      return FAILED;
    }
  }

  /** The command line as it is declared. */
  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  private static int exitCode(Exception failure) {
    if (failure instanceof ConfigurationException) {
      return USAGE;
    }
    return failure instanceof Refusal ? REFUSED : FAILED;
  }

  private static Object stop(SparkSession spark) {
    spark.stop();
    return null;
  }

  static Clock clock() {
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
