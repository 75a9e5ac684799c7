package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** What a platform's files look like and how a person becomes a row of them. */
sealed interface Format extends Serializable
    permits GoogleFormat, MetaFormat, TiktokFormat, KlaviyoFormat, GenericFormat {

  Platform platform();

  /** Names the rules of normalisation: another version makes other rows of the same people. */
  String ruleVersion();

  /** Headings of {@code full} and {@code add}. */
  List<String> headings();

  /** Headings of {@code remove}. */
  default List<String> removalHeadings() {
    return headings();
  }

  /**
   * Headings that a row is known by: whoever applies {@code add} replaces the row with the same
   * ones, whoever applies {@code remove} drops it.
   */
  default List<String> keyHeadings() {
    return headings();
  }

  /** The person's row, or empty where nothing of it can be matched. */
  Optional<Entry> entry(Person person);

  /**
   * A row of {@code remove}.
   *
   * @param kept what {@link Entry#kept()} remembered
   * @param email the plain address where it is still known, else empty
   * @param phone the plain number where it is still known, else empty
   */
  default String removalLine(List<String> kept, String email, String phone) {
    return Csv.line(kept);
  }

  /** Whether a removal is easier to apply with the plain address where it is still known. */
  default boolean isPlain() {
    return false;
  }

  /** Whether anything of an address is sent. */
  default boolean usesAddresses() {
    return true;
  }

  /** Rows below which the platform does not use a list. */
  default int minimumRows() {
    return 0;
  }

  /** Size of a file at most, in bytes. */
  default long maxFileBytes() {
    return Long.MAX_VALUE;
  }

  /** Days after which a row is sent again, where the platform forgets. */
  default Optional<Integer> resendAfterDays() {
    return Optional.empty();
  }
}
