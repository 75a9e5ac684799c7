package io.perennial.cli;

import io.perennial.config.Settings;
import io.perennial.config.SettingsLoader;
import io.perennial.spark.Sessions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Options of every command that reads the configuration. */
final class ConfigOptions {

  private static final Path DEFAULT = Path.of("conf", "perennial.conf");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file (HOCON). Default: conf/perennial.conf where it exists.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets one key; wins over the file. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  Settings load() {
    return load(List.of());
  }

  /**
   * @param ofOptions {@code key=value} that other options of the command set; they win
   */
  Settings load(List<String> ofOptions) {
    Path file = config == null && Files.isRegularFile(DEFAULT) ? DEFAULT : config;
    List<String> all = new ArrayList<>(overrides);
    all.addAll(ofOptions);
    return file == null ? SettingsLoader.load(all) : SettingsLoader.load(file, all);
  }

  /** The session, configured, with Spark's progress bar on a terminal. */
  static SparkSession session(Settings settings) {
    SparkSession spark = Sessions.open(TextProgress.isOnTerminal());
    Sessions.configure(spark, settings);
    return spark;
  }
}
