package io.perennial.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A source, a segment scheme or a list of audiences that is named in the configuration: {@code
 * KIND/NAME.conf} beside the configuration file, else the shipped file of that name, which travels
 * in the jar. A file without a kind lies beside the configuration file itself.
 */
record NamedFile(String kind, String name, Optional<Path> beside) {

  /** The kind of a file that lies beside the configuration file. */
  static final String NO_KIND = "";

  /** The shipped names; a jar cannot list its entries portably. */
  private static final Map<String, List<String>> SHIPPED =
      Map.of(
          "sources",
          List.of("perennial", "shopify", "woocommerce", "uci-online-retail", "cdnow"),
          "segments",
          List.of("r5-fm5", "r3-f3-m3"),
          NO_KIND,
          List.of("audiences"));

  static NamedFile find(String kind, String name, Optional<Path> configFile) {
    Path folder =
        configFile
            .map(file -> Optional.ofNullable(file.toAbsolutePath().getParent()))
            .orElse(Optional.of(Path.of("conf").toAbsolutePath()))
            .orElseThrow();
    return new NamedFile(kind, name, Optional.of(folder.resolve(kind)));
  }

  Optional<Config> load(ConfigReader reader, String key, List<Problem> problems) {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Path own = beside.orElseThrow().resolve(name + ".conf");
    if (name.matches("[A-Za-z0-9._-]+") && Files.isRegularFile(own)) {
      return Optional.of(SettingsLoader.resolve(SettingsLoader.parseFile(own)));
    }
    String path = (kind.isEmpty() ? "" : kind + "/") + name + ".conf";
    String resource = "/io/perennial/conf/" + path;
    try (InputStream stream = NamedFile.class.getResourceAsStream(resource)) {
      if (stream != null) {
        return Optional.of(
            ConfigFactory.parseReader(
                    new InputStreamReader(stream, StandardCharsets.UTF_8),
                    ConfigParseOptions.defaults().setOriginDescription("shipped " + path))
                .resolve());
      }
    } catch (IOException | ConfigException e) {
      throw new IllegalStateException("Cannot read the shipped file " + resource, e);
    }
    Set<String> names = known();
    reader.problem(
        key,
        name,
        "must be one of " + String.join(", ", names),
        ConfigReader.nearest(name, names).map(near -> "Did you mean " + near + "? ").orElse("")
            + "A new one is a file "
            + own
            + ".");
    return Optional.empty();
  }

  private Set<String> known() {
    Set<String> names = new TreeSet<>(SHIPPED.getOrDefault(kind, new ArrayList<>()));
    if (!kind.isEmpty() && Files.isDirectory(beside.orElseThrow())) {
      try (Stream<Path> files = Files.list(beside.orElseThrow())) {
        files
            .map(file -> file.getFileName().toString())
            .filter(file -> file.endsWith(".conf"))
            .forEach(file -> names.add(file.substring(0, file.length() - ".conf".length())));
      } catch (IOException e) {
        throw new IllegalStateException("Cannot list " + beside.orElseThrow(), e);
      }
    }
    return names;
  }
}
