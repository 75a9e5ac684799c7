package io.perennial.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Reads typed values out of a configuration and collects what is wrong instead of stopping at the
 * first fault. A key counts as known once it was asked for; {@link #rejectUnknownKeys} reports the
 * others.
 */
final class ConfigReader {

  private final Config config;
  private final List<Problem> problems;
  private final Set<String> known = new LinkedHashSet<>();

  ConfigReader(Config config, List<Problem> problems) {
    this.config = config;
    this.problems = problems;
  }

  /**
   * The value of a key, read by {@code parse}.
   *
   * @param expected what is allowed, in words, for the error
   * @param parse gives the value, or throws an {@link IllegalArgumentException}
   * @return empty where the key is not set or cannot be used; the latter has become a problem
   */
  <T> Optional<T> value(String key, String expected, Function<String, T> parse) {
    known.add(key);
    if (!config.hasPath(key)) {
      return Optional.empty();
    }
    ConfigValue value = config.getValue(key);
    if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST) {
      problems.add(Problem.of(key, value.origin(), value.render(RENDER), "must be " + expected));
      return Optional.empty();
    }
    String text = String.valueOf(value.unwrapped()).trim();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return parsed(key, value, text, expected, parse);
  }

  /** As {@link #value}, for a key that must be set. */
  <T> T required(String key, String expected, Function<String, T> parse, T placeholder) {
    int before = problems.size();
    Optional<T> value = value(key, expected, parse);
    if (value.isEmpty() && problems.size() == before) {
      problems.add(new Problem(key, "not set", null, "must be set to " + expected, ""));
    }
    return value.orElse(placeholder);
  }

  /** A list of values; one value, or text with commas, counts as a list. */
  <T> List<T> list(String key, String expected, Function<String, T> parse) {
    known.add(key);
    if (!config.hasPath(key)) {
      return List.of();
    }
    ConfigValue value = config.getValue(key);
    List<T> result = new ArrayList<>();
    if (value instanceof ConfigList list) {
      for (ConfigValue item : list) {
        parsed(key, item, String.valueOf(item.unwrapped()), expected, parse).ifPresent(result::add);
      }
    } else if (value.valueType() == ConfigValueType.OBJECT) {
      problems.add(Problem.of(key, value.origin(), value.render(RENDER), "must be a list"));
    } else {
      Arrays.stream(String.valueOf(value.unwrapped()).split(","))
          .map(String::trim)
          .filter(item -> !item.isEmpty())
          .forEach(item -> parsed(key, value, item, expected, parse).ifPresent(result::add));
    }
    return result;
  }

  /** All entries below a key as text, in the order of their names; any name is allowed there. */
  Map<String, String> texts(String key) {
    Map<String, String> result = new LinkedHashMap<>();
    object(key)
        .ifPresent(
            object -> {
              for (String name : object.keySet().stream().sorted().toList()) {
                ConfigValue value = object.get(name);
                known.add(key + "." + quote(name));
                if (value.valueType() == ConfigValueType.OBJECT
                    || value.valueType() == ConfigValueType.LIST) {
                  problems.add(
                      Problem.of(
                          key + "." + name,
                          value.origin(),
                          value.render(RENDER),
                          "must be a single value"));
                } else {
                  result.put(name, String.valueOf(value.unwrapped()));
                }
              }
            });
    return result;
  }

  Optional<ConfigObject> object(String key) {
    known.add(key);
    if (!config.hasPath(key)) {
      return Optional.empty();
    }
    ConfigValue value = config.getValue(key);
    if (value instanceof ConfigObject object) {
      return Optional.of(object);
    }
    problems.add(
        Problem.of(key, value.origin(), value.render(RENDER), "must be a block of keys { ... }"));
    return Optional.empty();
  }

  /** Where a key was written, for problems that are found later. */
  String origin(String key) {
    return Problem.describe(config.hasPath(key) ? config.getValue(key).origin() : null);
  }

  /** Counts a key as known that is read in another way. */
  void know(String key) {
    known.add(key);
  }

  boolean has(String key) {
    return config.hasPath(key);
  }

  /** Reports a key that nobody wrote, at the place of the block that should have it. */
  void missing(String key, String block, String expected) {
    problems.add(new Problem(key, origin(block), null, expected, ""));
  }

  void problem(String key, String value, String expected, String remedy) {
    problems.add(new Problem(key, origin(key), value, expected, remedy));
  }

  /**
   * @throws IllegalStateException if a key was asked for that {@code reference} does not document
   */
  void requireDocumented(Config reference) {
    known.stream()
        .filter(key -> !reference.hasPath(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw new IllegalStateException("reference.conf does not document " + key);
            });
  }

  /** Everything that was written and never asked for is a mistake of the writer's. */
  void rejectUnknownKeys() {
    for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
      String key = entry.getKey();
      boolean isKnown =
          known.contains(key) || known.stream().anyMatch(prefix -> key.startsWith(prefix + "."));
      if (!isKnown) {
        ConfigValue value = entry.getValue();
        problems.add(
            new Problem(
                key,
                Problem.describe(value.origin()),
                value.render(RENDER).replaceAll("^\"|\"$", ""),
                "no such key",
                didYouMean(key, known)));
      }
    }
  }

  /** The known name that takes the fewest edits, if any is near. */
  static Optional<String> nearest(String name, Set<String> names) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return names.stream()
        .min(
            Comparator.<String>comparingInt(candidate -> distance.apply(name, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .filter(best -> distance.apply(name, best) <= Math.max(1, name.length() / 2));
  }

  /** A value that cannot be used, with what may have been meant. */
  static final class Unusable extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    Unusable(String value, String remedy) {
      super(value);
      this.remedy = remedy;
    }
  }

  /** {@code Did you mean NAME?} of the nearest name, or nothing. */
  static String didYouMean(String name, Set<String> names) {
    return nearest(name, names).map(near -> "Did you mean " + near + "?").orElse("");
  }

  private <T> Optional<T> parsed(
      String key, ConfigValue value, String text, String expected, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException | DateTimeException | ConfigException e) {
      problems.add(
          new Problem(
              key,
              Problem.describe(value.origin()),
              text,
              "must be " + expected,
              e instanceof Unusable unusable ? unusable.remedy : ""));
      return Optional.empty();
    }
  }

  private static String quote(String name) {
    return com.typesafe.config.ConfigUtil.joinPath(name);
  }

  private static final com.typesafe.config.ConfigRenderOptions RENDER =
      com.typesafe.config.ConfigRenderOptions.concise();
}
