package io.perennial.config;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The values that a setting may have.
 *
 * @param words the values in words, with unit and range, as errors and reference.conf say them
 * @param parse the value of a text; throws an {@link IllegalArgumentException} or a {@link
 *     java.time.DateTimeException} for any other text
 */
record Allowed<T>(String words, Function<String, T> parse) {

  static Allowed<String> text(String words) {
    return new Allowed<>(words, Function.identity());
  }

  /** Text that a regular expression matches. */
  static Allowed<String> text(String words, String pattern) {
    return text(words).where(text -> text.matches(pattern));
  }

  /** A directory without its trailing slash, so that a name can be appended. */
  static Allowed<String> directory(String words) {
    return new Allowed<>(words, text -> text.length() > 1 ? text.replaceAll("/+$", "") : text);
  }

  static Allowed<Integer> whole(int from, int to) {
    return integer("a whole number from " + from + " to " + to, from, to);
  }

  static Allowed<Integer> whole(String unit, int from, int to) {
    return integer("a whole number of " + unit + " from " + from + " to " + to, from, to);
  }

  static Allowed<Integer> integer(String words, int from, int to) {
    return new Allowed<>(words, Integer::parseInt).where(value -> value >= from && value <= to);
  }

  static Allowed<Double> share(String to) {
    double most = Double.parseDouble(to);
    return new Allowed<>("a share from 0 to " + to, Double::parseDouble)
        .where(value -> value >= 0 && value <= most);
  }

  static Allowed<LocalDate> date() {
    return new Allowed<>("a date YYYY-MM-DD", LocalDate::parse);
  }

  static Allowed<Boolean> flag() {
    Allowed<String> text = text("true or false", "(?i)true|false");
    return new Allowed<>(text.words, value -> Boolean.valueOf(text.parse.apply(value)));
  }

  /** The constants of an enumeration, in lower case with hyphens. */
  static <E extends Enum<E>> Allowed<E> oneOf(Class<E> type) {
    return new Allowed<>(
        "one of " + String.join(", ", labels(type)),
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')));
  }

  /** As {@link #oneOf}; an error suggests the constant whose name is nearest. */
  static <E extends Enum<E>> Allowed<E> oneOfOrNearest(Class<E> type) {
    Allowed<E> oneOf = oneOf(type);
    return new Allowed<>(
        oneOf.words,
        text -> {
          try {
            return oneOf.parse.apply(text);
          } catch (IllegalArgumentException e) {
            throw new Unusable(
                text, NearestName.didYouMean(text.toLowerCase(Locale.ROOT), labels(type)));
          }
        });
  }

  private static List<String> labels(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  /** Only those of the values that satisfy a predicate. */
  Allowed<T> where(Predicate<T> isAllowed) {
    return new Allowed<>(
        words,
        text ->
            Optional.ofNullable(parse.apply(text))
                .filter(isAllowed)
                .orElseThrow(() -> new IllegalArgumentException(text)));
  }

  /** A value that cannot be used, with what may have been meant. */
  static final class Unusable extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    Unusable(String value, String remedy) {
      super(value);
      this.remedy = remedy;
    }

    String remedy() {
      return remedy;
    }
  }
}
