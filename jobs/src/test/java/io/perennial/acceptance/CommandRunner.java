package io.perennial.acceptance;

import io.perennial.cli.PerennialCommand;
import io.perennial.config.Settings;
import io.perennial.config.SettingsLoader;
import io.perennial.spark.Sessions;
import io.perennial.testing.SharedSpark;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Runs command lines in this JVM on the session that all tests share. */
public final class CommandRunner {

  private CommandRunner() {}

  /**
   * The outcome of a command.
   *
   * @param code exit code
   * @param out standard output
   * @param err standard error
   */
  public record CommandResult(int code, String out, String err) {}

  /** Runs a command line. */
  public static CommandResult run(List<String> args) {
    open();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        PerennialCommand.execute(
            new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
    return new CommandResult(code, out.toString(), err.toString());
  }

  /** Runs a command with a configuration file and keys in the form {@code key=value}. */
  public static CommandResult run(String command, Path config, List<String> keys, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--config", config.toString()));
    keys.forEach(
        key -> {
          args.add("--set");
          args.add(key);
        });
    args.addAll(List.of(more));
    return run(args);
  }

  /** The session, configured as a command configures it. */
  public static SparkSession session(Settings settings) {
    SparkSession spark = open();
    Sessions.configure(spark, settings);
    Sessions.fit(spark, 0);
    return spark;
  }

  public static Settings settings(Path config, List<String> keys) {
    return SettingsLoader.load(config, keys);
  }

  private static SparkSession open() {
    SharedSpark.session();
    // With spark.master set, as by spark-submit, open() leaves the shared session unchanged.
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.databricks.delta.snapshotPartitions", "1");
    return Sessions.open(false);
  }
}
