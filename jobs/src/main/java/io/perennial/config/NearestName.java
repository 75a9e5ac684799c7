package io.perennial.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The known name that a mistyped one most likely means. */
public final class NearestName {

  private NearestName() {}

  /** The name that takes the fewest edits, if it takes at most half as many as it has letters. */
  static Optional<String> of(String name, Collection<String> names) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return names.stream()
        .min(
            Comparator.<String>comparingInt(candidate -> distance.apply(name, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .filter(best -> distance.apply(name, best) <= Math.max(1, name.length() / 2));
  }

  /** {@code Did you mean NAME?}, or nothing where no name is near. */
  public static String didYouMean(String name, Collection<String> names) {
    return of(name, names).map(near -> "Did you mean " + near + "?").orElse("");
  }
}
