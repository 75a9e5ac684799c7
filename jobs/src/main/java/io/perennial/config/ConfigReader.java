package io.perennial.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads typed values and collects all problems instead of stopping at the first one. A key is known
 * once it was asked for; {@link #rejectUnknownKeys} reports the others.
 */
final class ConfigReader {

  private static final ConfigRenderOptions RENDER = ConfigRenderOptions.concise();

  private final Config config;
  private final List<Problem> problems;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * @param problems where problems are added
   */
  ConfigReader(Config config, List<Problem> problems) {
    this.config = config;
    this.problems = problems;
  }

  /** The value of a key that must have one: where it is not set, that is a problem. */
  <T> T value(Key<T> key) {
    return required(key.path(), key.allowed()).orElseGet(key::defaultValue);
  }

  /** The value of a key that may be unset. */
  <T> Optional<T> optional(Key<T> key) {
    return optional(key.path(), key.allowed());
  }

  <T> List<T> list(Key<T> key) {
    return list(key.path(), key.allowed());
  }

  /** Empty where the key is not set or its value cannot be used; the latter is a problem. */
  <T> Optional<T> optional(String key, Allowed<T> allowed) {
    known.add(key);
    if (!config.hasPath(key)) {
      return Optional.empty();
    }
    ConfigValue value = config.getValue(key);
    if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST) {
      unusable(key, value, "must be " + allowed.words());
      return Optional.empty();
    }
    String text = String.valueOf(value.unwrapped()).trim();
    return text.isEmpty() ? Optional.empty() : parsed(key, value, text, allowed);
  }

  /** As {@link #optional}; that the key is not set is a problem too. */
  <T> Optional<T> required(String key, Allowed<T> allowed) {
    int before = problems.size();
    Optional<T> value = optional(key, allowed);
    if (value.isEmpty() && problems.size() == before) {
      problems.add(new Problem(key, "not set", null, "must be set to " + allowed.words(), ""));
    }
    return value;
  }

  /** A list of values; a single value, or text with commas, counts as a list. */
  <T> List<T> list(String key, Allowed<T> allowed) {
    known.add(key);
    if (!config.hasPath(key)) {
      return List.of();
    }
    ConfigValue value = config.getValue(key);
    List<T> result = new ArrayList<>();
    if (value instanceof ConfigList list) {
      for (ConfigValue item : list) {
        parsed(key, item, String.valueOf(item.unwrapped()), allowed).ifPresent(result::add);
      }
    } else if (value.valueType() == ConfigValueType.OBJECT) {
      unusable(key, value, "must be a list");
    } else {
      Arrays.stream(String.valueOf(value.unwrapped()).split(","))
          .map(String::trim)
          .filter(item -> !item.isEmpty())
          .forEach(item -> parsed(key, value, item, allowed).ifPresent(result::add));
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
                known.add(key + "." + ConfigUtil.joinPath(name));
                if (value.valueType() == ConfigValueType.OBJECT
                    || value.valueType() == ConfigValueType.LIST) {
                  unusable(key + "." + name, value, "must be a single value");
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
    unusable(key, value, "must be a block of keys { ... }");
    return Optional.empty();
  }

  /** The list that problems are added to. */
  List<Problem> problems() {
    return problems;
  }

  private String origin(String key) {
    return Problem.describe(config.hasPath(key) ? config.getValue(key).origin() : null);
  }

  /** Marks a key as known that is read in another way. */
  void know(String key) {
    known.add(key);
  }

  boolean has(String key) {
    return config.hasPath(key);
  }

  /** Reports a key that is not set, at the place of the block that needs it. */
  void missing(String key, String block, String expected) {
    problems.add(new Problem(key, origin(block), null, expected, ""));
  }

  void problem(String key, String value, String expected, String remedy) {
    problems.add(new Problem(key, origin(key), value, expected, remedy));
  }

  /** Reports every key that is set and was not asked for. */
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
                NearestName.didYouMean(key, known)));
      }
    }
  }

  private <T> Optional<T> parsed(String key, ConfigValue value, String text, Allowed<T> allowed) {
    try {
      return Optional.of(allowed.parse().apply(text));
    } catch (IllegalArgumentException | DateTimeException | ConfigException e) {
      problems.add(
          new Problem(
              key,
              Problem.describe(value.origin()),
              text,
              "must be " + allowed.words(),
              e instanceof Allowed.Unusable unusable ? unusable.remedy() : ""));
      return Optional.empty();
    }
  }

  private void unusable(String key, ConfigValue value, String expected) {
    problems.add(Problem.of(key, value.origin(), value.render(RENDER), expected));
  }
}
