package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * A platform's files: columns, normalisation of a person into a row, and limits. Each {@link
 * Platform} has one implementation, listed in {@link PlatformFormats}.
 */
interface PlatformFormat extends Serializable {

  Platform platform();

  /** Version of the normalisation rules; a new version gives other rows for the same people. */
  String ruleVersion();

  /** Headings of {@code full} and {@code add}. */
  List<String> headings();

  /** Headings of {@code remove}. */
  default List<String> removalHeadings() {
    return headings();
  }

  /** Headings that identify a row: {@code add} replaces and {@code remove} drops an equal one. */
  default List<String> keyHeadings() {
    return headings();
  }

  /** Columns of customer_profile that the rows take, as configured. */
  default List<String> profileColumns() {
    return List.of();
  }

  /** Whether the rows state the consent to e-mail. */
  default boolean usesEmailConsent() {
    return false;
  }

  /** The person's row, or empty where the platform could not match it. */
  Optional<ListEntry> entry(Person person);

  /**
   * A line of {@code remove}.
   *
   * @param removalCells {@link ListEntry#removalCells()} of the row as it was sent
   * @param email the plain address where contacts still has the one that was sent, else empty
   * @param phone the plain number where contacts still has the one that was sent, else empty
   */
  default String removalLine(List<String> removalCells, String email, String phone) {
    return Csv.line(removalCells);
  }

  /** Whether a removal names the plain address and number where they are still known. */
  default boolean removesByPlainAddress() {
    return false;
  }

  /** Whether rows hold an e-mail address or a phone number. */
  default boolean usesAddresses() {
    return true;
  }

  /** Rows below which the platform does not use a list. */
  default int minimumRows() {
    return 0;
  }

  /** Largest size of a file, in bytes; a longer list continues in further parts. */
  default long maxFileBytes() {
    return Long.MAX_VALUE;
  }

  /** Days after which a row is sent again, where memberships of the platform expire. */
  default Optional<Integer> resendAfterDays() {
    return Optional.empty();
  }

  /** Whether the files are written as Parquet too. */
  default boolean writesParquet() {
    return false;
  }
}
