package io.perennial.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Path;

/** Parses HOCON; what cannot be parsed is a {@link ConfigurationException} with file and line. */
final class HoconFiles {

  private HoconFiles() {}

  static Config parse(Path path) {
    try {
      return ConfigFactory.parseFile(
          path.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException e) {
      throw unreadable(path.toString(), e);
    }
  }

  static Config resolve(Config config) {
    try {
      return config.resolve();
    } catch (ConfigException e) {
      throw unreadable("configuration", e);
    }
  }

  private static ConfigurationException unreadable(String place, ConfigException e) {
    String reason =
        e.origin() == null
            ? e.getMessage()
            : e.getMessage().replace(e.origin().description() + ": ", "");
    return new ConfigurationException(
        new Problem(
            place, Problem.describe(e.origin()), null, "cannot be read as HOCON: " + reason, ""));
  }
}
