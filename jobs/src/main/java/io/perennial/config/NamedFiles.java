package io.perennial.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Files that the configuration names: a file of the user wins over the shipped one of the same
 * name, which is in the jar.
 *
 * @param folder the folder of the configuration file
 */
record NamedFiles(Path folder) {

  /** What a file holds, and the names of the shipped ones, as a jar cannot list its entries. */
  enum Kind {
    SOURCES("sources/", "perennial", "shopify", "woocommerce", "uci-online-retail", "cdnow"),
    SEGMENTS("segments/", "r5-fm5", "r3-f3-m3"),
    AUDIENCES("", "audiences");

    final String subfolder;
    final List<String> shipped;

    Kind(String subfolder, String... shipped) {
      this.subfolder = subfolder;
      this.shipped = List.of(shipped);
    }
  }

  /**
   * The content of a file; empty, and a problem, where no such file exists.
   *
   * @param key the key that names it
   */
  Optional<Config> load(Kind kind, String name, String key, ConfigReader reader) {
    Path own = folder.resolve(kind.subfolder).resolve(name + ".conf");
    if (name.matches("[A-Za-z0-9._-]+") && Files.isRegularFile(own)) {
      return Optional.of(HoconFiles.resolve(HoconFiles.parse(own)));
    }
    if (kind.shipped.contains(name)) {
      return Optional.of(shipped(kind.subfolder + name + ".conf"));
    }
    Set<String> names = known(kind);
    reader.problem(
        key,
        name,
        "must be one of " + String.join(", ", names),
        NearestName.of(name, names).map(near -> "Did you mean " + near + "? ").orElse("")
            + "A new one is a file "
            + own
            + ".");
    return Optional.empty();
  }

  private static Config shipped(String path) {
    try (InputStream stream = NamedFiles.class.getResourceAsStream("/io/perennial/conf/" + path)) {
      return ConfigFactory.parseReader(
              new InputStreamReader(stream, StandardCharsets.UTF_8),
              ConfigParseOptions.defaults().setOriginDescription("shipped " + path))
          .resolve();
    } catch (IOException | ConfigException e) {
      throw new IllegalStateException("Cannot read the shipped file " + path, e);
    }
  }

  private Set<String> known(Kind kind) {
    Set<String> names = new TreeSet<>(kind.shipped);
    Path directory = folder.resolve(kind.subfolder);
    if (kind != Kind.AUDIENCES && Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(file -> file.endsWith(".conf"))
            .forEach(file -> names.add(file.substring(0, file.length() - ".conf".length())));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot list " + directory, e);
      }
    }
    return names;
  }
}
