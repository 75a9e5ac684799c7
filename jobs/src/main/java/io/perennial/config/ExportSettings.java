package io.perennial.config;

import io.perennial.config.AudienceSettings.Platform;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Files of audiences for platforms.
 *
 * @param path directory that files go below; empty: no files
 * @param formats platforms that files are made for, where an audience names them
 * @param google Google Ads Customer Match
 * @param metaValue column of customer_profile that fills {@code value}; empty: the cells are
 * @param klaviyo Klaviyo's import
 * @param generic files by customer id
 */
public record ExportSettings(
    Optional<String> path,
    List<Platform> formats,
    Google google,
    Optional<String> metaValue,
    Klaviyo klaviyo,
    Generic generic) {

  /**
   * Google Ads Customer Match.
   *
   * @param isGmailMailbox whether an address of Gmail loses its dots and what follows a plus
   * @param resendAfterDays days after which a member is sent again; membership ends after 540
   */
  public record Google(boolean isGmailMailbox, int resendAfterDays) implements Serializable {}

  /**
   * Klaviyo's import.
   *
   * @param properties columns of customer_profile that become properties
   * @param maxFileBytes size of a file at most
   */
  public record Klaviyo(List<Property> properties, long maxFileBytes) implements Serializable {}

  /**
   * Files by customer id.
   *
   * @param columns columns of customer_profile beside the customer_id
   * @param fileFormats CSV always; Parquet beside it where wanted
   */
  public record Generic(List<Property> columns, Set<FileFormat> fileFormats)
      implements Serializable {}

  /**
   * A column of customer_profile and the heading it gets.
   *
   * @param column name of the column
   * @param heading heading in the file
   */
  public record Property(String column, String heading) implements Serializable {}

  /** How generic files are stored. */
  public enum FileFormat {
    CSV,
    PARQUET
  }
}
