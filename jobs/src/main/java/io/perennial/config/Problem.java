package io.perennial.config;

import com.typesafe.config.ConfigOrigin;

/**
 * One problem of a configuration.
 *
 * @param key full path of the key, such as {@code lake.path}
 * @param origin where it is set: file and line, or {@code --set}
 * @param value the value, or {@code null} for a key that is not set
 * @param expected the allowed values in words
 * @param remedy what to do, such as the nearest known key; may be empty
 */
public record Problem(String key, String origin, String value, String expected, String remedy) {

  static Problem of(String key, ConfigOrigin origin, Object value, String expected) {
    return new Problem(
        key, describe(origin), value == null ? null : String.valueOf(value), expected, "");
  }

  /** The same problem with the path of the block before its key. */
  Problem below(String block) {
    return new Problem(block + "." + key, origin, value, expected, remedy);
  }

  /** The same problem at the place of the block that lacks the key. */
  Problem at(String place) {
    return new Problem(key, place, value, expected, remedy);
  }

  static String describe(ConfigOrigin origin) {
    if (origin == null) {
      return "not set";
    }
    String place =
        origin.filename() != null
            ? origin.filename()
            : origin.description().replaceAll(": \\d+$", "");
    return origin.lineNumber() > 0 ? place + ", line " + origin.lineNumber() : place;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(key).append(" (").append(origin).append(")");
    if (value != null) {
      text.append(" is '").append(value).append("'");
    }
    text.append(": ").append(expected);
    if (!remedy.isEmpty()) {
      text.append(". ").append(remedy);
    }
    return text.toString();
  }
}
