package io.perennial.config;

import java.math.BigDecimal;
import java.util.List;

/**
 * A name for values from {@code from} up to the next threshold, written as {@code "silver 300"}.
 *
 * @param from the least value, at least 0
 */
record Threshold(String name, BigDecimal from) {

  /** Thresholds up to a greatest value. */
  static Allowed<Threshold> upTo(String most, String words) {
    BigDecimal limit = new BigDecimal(most);
    return new Allowed<>(words, Threshold::parse)
        .where(threshold -> threshold.from.signum() >= 0 && threshold.from.compareTo(limit) <= 0);
  }

  private static Threshold parse(String text) {
    String[] parts = text.strip().split("\\s+");
    if (parts.length != 2) {
      throw new IllegalArgumentException(text);
    }
    return new Threshold(parts[0], new BigDecimal(parts[1]));
  }

  /**
   * The thresholds of a key, which must ascend from 0 and have different names.
   *
   * @param word what one is called in errors
   */
  static List<Threshold> read(ConfigReader reader, Key<Threshold> key, String word) {
    List<Threshold> all = reader.list(key);
    for (int i = 0; i < all.size(); i++) {
      Threshold one = all.get(i);
      boolean isInOrder =
          i == 0 ? one.from.signum() == 0 : one.from.compareTo(all.get(i - 1).from) > 0;
      if (!isInOrder) {
        reader.problem(
            key.path(),
            one.name + " " + one.from.toPlainString(),
            i == 0 ? "the first " + word + " must begin at 0" : word + "s must ascend",
            "");
      }
    }
    if (all.stream().map(Threshold::name).distinct().count() < all.size()) {
      reader.problem(key.path(), null, "must name each " + word + " once", "");
    }
    if (all.isEmpty()) {
      reader.problem(key.path(), null, "must have at least one " + word, "");
    }
    return all;
  }
}
