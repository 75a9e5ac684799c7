package io.perennial.config;

import java.util.function.Predicate;

/**
 * One setting. {@code reference.conf} is these constants written as HOCON, which a test checks.
 *
 * @param path full path, such as {@code churn.horizon}
 * @param defaultText the default as text, a list in brackets; empty for a key without a default
 * @param allowed the values it may have, with their unit and range
 * @param help what it decides, in a sentence or two
 */
public record Key<T>(String path, String defaultText, Allowed<T> allowed, String help) {

  /** The default, also where a value cannot be used and further problems are looked for. */
  T defaultValue() {
    return allowed.parse().apply(defaultText);
  }

  /** The same setting where another setting narrows the values. */
  Key<T> where(Predicate<T> isAllowed) {
    return new Key<>(path, defaultText, allowed.where(isAllowed), help);
  }
}
