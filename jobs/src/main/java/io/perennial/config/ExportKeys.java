package io.perennial.config;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.ExportSettings.Property;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The keys below {@code export}. */
public final class ExportKeys {

  public static final String GROUP = "export";

  private static final int MEMBERSHIP_DAYS = 540;
  private static final long BYTES_PER_MB = 1_000_000;
  private static final Allowed<String> COLUMN =
      Allowed.text("a column of customer_profile", "[A-Za-z_][A-Za-z0-9_]*");

  public static final Key<String> PATH =
      new Key<>(
          "export.path",
          "",
          Allowed.directory("a directory for the files"),
          "Files for platforms, on any Hadoop filesystem: path/AUDIENCE/PLATFORM/EXPORT. They hold"
              + " addresses, so the directory is created for its owner only. Not set: no files are"
              + " written.");
  public static final Key<Platform> FORMATS =
      new Key<>(
          "export.formats",
          "[google, meta, tiktok, klaviyo, generic]",
          Allowed.oneOfOrNearest(Platform.class),
          "Platforms that files are written for, where an audience names them.");
  public static final Key<Boolean> GMAIL_MAILBOX =
      new Key<>(
          "export.google.gmail-mailbox",
          "true",
          Allowed.flag(),
          "Whether addresses of gmail.com and googlemail.com lose their dots and the text after a"
              + " plus, as the rules of Google say.");
  public static final Key<Integer> RESEND_AFTER =
      new Key<>(
          "export.google.resend-after",
          "500",
          Allowed.integer(
              "a whole number of days from 1 to 539 (membership ends after 540)",
              1,
              MEMBERSHIP_DAYS - 1),
          "Time after which a member is sent again.");
  public static final Key<String> META_VALUE =
      new Key<>(
          "export.meta.value",
          "",
          COLUMN,
          "Column that fills `value`. Not set: its cells are empty. When the value changes, the row"
              + " is removed and added again.");
  public static final Key<Property> KLAVIYO_PROPERTIES =
      new Key<>(
          "export.klaviyo.properties",
          "[\"segment as Segment\", \"risk_band as Churn Risk\", \"churn_probability as Churn"
              + " Probability\", \"expected_net as Expected Value\", \"last_order_day as Last Order"
              + " Date\"]",
          property(ExportKeys::titleCase),
          "Columns that become properties; without a heading, the property has the column's name in"
              + " title case.");
  public static final Key<Integer> KLAVIYO_MAX_FILE_MB =
      new Key<>(
          "export.klaviyo.max-file-mb",
          "50",
          Allowed.whole(1, 50),
          "Megabytes (1,000,000 bytes) of a file at most; further rows go to further files.");
  public static final Key<Property> GENERIC_COLUMNS =
      new Key<>(
          "export.generic.columns",
          "[]",
          property(UnaryOperator.identity()),
          "Columns besides customer_id.");
  public static final Key<FileFormat> GENERIC_FORMATS =
      new Key<>(
          "export.generic.formats",
          "[csv]",
          Allowed.oneOf(FileFormat.class),
          "File formats: csv, parquet or both. CSV is always written.");

  private ExportKeys() {}

  static ExportSettings load(ConfigReader reader) {
    return new ExportSettings(
        reader.optional(PATH),
        reader.list(FORMATS).stream().distinct().toList(),
        new ExportSettings.Google(reader.value(GMAIL_MAILBOX), reader.value(RESEND_AFTER)),
        reader.optional(META_VALUE),
        new ExportSettings.Klaviyo(
            properties(reader, KLAVIYO_PROPERTIES),
            reader.value(KLAVIYO_MAX_FILE_MB) * BYTES_PER_MB),
        new ExportSettings.Generic(properties(reader, GENERIC_COLUMNS), genericFormats(reader)));
  }

  private static Set<FileFormat> genericFormats(ConfigReader reader) {
    Set<FileFormat> formats = EnumSet.noneOf(FileFormat.class);
    formats.addAll(reader.list(GENERIC_FORMATS));
    if (formats.isEmpty()) {
      reader.problem(GENERIC_FORMATS.path(), null, "must name csv, parquet or both", "");
    }
    return formats;
  }

  private static List<Property> properties(ConfigReader reader, Key<Property> key) {
    List<Property> properties = reader.list(key);
    Set<String> headings = new HashSet<>();
    for (Property property : properties) {
      if (!headings.add(property.heading().toLowerCase(Locale.ROOT))) {
        reader.problem(key.path(), property.heading(), "must give each heading once", "");
      }
    }
    return properties;
  }

  private static Allowed<Property> property(UnaryOperator<String> defaultHeading) {
    return new Allowed<>(
        "a column of customer_profile, or column as Heading",
        text -> {
          String[] parts = text.strip().split("\\s+(?i:as)\\s+", 2);
          String column = COLUMN.parse().apply(parts[0]);
          return new Property(
              column, parts.length > 1 ? parts[1].strip() : defaultHeading.apply(column));
        });
  }

  /** {@code churn_probability} becomes {@code Churn Probability}. */
  private static String titleCase(String column) {
    return Arrays.stream(column.split("_"))
        .filter(word -> !word.isEmpty())
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining(" "));
  }
}
