package io.perennial.config;

import java.util.function.Predicate;

/**
 * One setting. {@code reference.conf} has its default and help.
 *
 * @param path full path, such as {@code churn.horizon}
 * @param allowed the values it may have, with their unit and range
 */
public record Key<T>(String path, Allowed<T> allowed) {

  /** The default, also where a value cannot be used and further problems are looked for. */
  T defaultValue() {
    return allowed.parse().apply(HoconFiles.REFERENCE.getString(path));
  }

  /** The same setting where another setting narrows the values. */
  Key<T> where(Predicate<T> isAllowed) {
    return new Key<>(path, allowed.where(isAllowed));
  }
}
