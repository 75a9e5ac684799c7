package io.perennial.cli;

import io.perennial.config.Settings;
import io.perennial.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that every command which reads the configuration has. */
final class ConfigOptions {

  private static final Path USUAL = Path.of("conf", "perennial.conf");

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
   * @param more {@code key=value} that other options of the command stand for; they win
   */
  Settings load(List<String> more) {
    Optional<Path> file = Optional.ofNullable(config);
    if (file.isEmpty() && Files.isRegularFile(USUAL)) {
      file = Optional.of(USUAL);
    }
    List<String> all = new ArrayList<>(overrides);
    all.addAll(more);
    return file.map(path -> SettingsLoader.load(path, all))
        .orElseGet(() -> SettingsLoader.load(all));
  }
}
