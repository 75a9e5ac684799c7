package io.perennial.config;

import io.perennial.config.AudienceSettings.Platform;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Audience files for platforms.
 *
 * @param path directory of the files; empty: no files
 * @param formats platforms that files are written for, where an audience names them
 * @param google Google Ads Customer Match
 * @param metaValue column of customer_profile that fills {@code value}; empty: empty cells
 * @param klaviyo the import of Klaviyo
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
   * @param isGmailMailbox whether a Gmail address loses its dots and the text after a plus
   * @param resendAfterDays days after which a member is sent again; membership ends after 540
   */
  public record Google(boolean isGmailMailbox, int resendAfterDays) implements Serializable {}

  /**
   * The import of Klaviyo.
   *
   * @param properties columns of customer_profile that become properties
   * @param maxFileBytes maximum size of a file
   */
  public record Klaviyo(List<Property> properties, long maxFileBytes) implements Serializable {}

  /**
   * Files by customer id.
   *
   * @param columns columns of customer_profile besides customer_id
   * @param fileFormats file formats; CSV is always written
   */
  public record Generic(List<Property> columns, Set<FileFormat> fileFormats)
      implements Serializable {}

  /**
   * A column of customer_profile and its heading.
   *
   * @param column name of the column
   * @param heading heading in the file
   */
  public record Property(String column, String heading) implements Serializable {}

  /** Formats of generic files. */
  public enum FileFormat {
    CSV,
    PARQUET
  }
}
