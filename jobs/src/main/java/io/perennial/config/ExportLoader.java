package io.perennial.config;

import static io.perennial.config.SettingsLoader.constant;
import static io.perennial.config.SettingsLoader.oneOf;
import static io.perennial.config.SettingsLoader.whole;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings.FileFormat;
import io.perennial.config.ExportSettings.Property;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the keys below {@code export}. */
final class ExportLoader {

  private static final String FORMATS = "export.formats";
  private static final String GENERIC_FORMATS = "export.generic.formats";
  private static final String COLUMN = "a column of customer_profile, or column as Heading";
  private static final int MEMBERSHIP_DAYS = 540;
  private static final long BYTES_PER_MB = 1_000_000;

  private ExportLoader() {}

  static ExportSettings load(ConfigReader reader) {
    List<Platform> formats =
        reader.list(FORMATS, oneOf(Platform.values()), platform()).stream().distinct().toList();
    return new ExportSettings(
        reader.value("export.path", "a directory for the files", ExportLoader::directory),
        formats,
        new ExportSettings.Google(
            reader.required("export.google.gmail-mailbox", "true or false", flag(), true),
            reader.required(
                "export.google.resend-after",
                "a whole number of days from 1 to 539 (membership ends after 540)",
                whole(1, MEMBERSHIP_DAYS - 1),
                500)),
        reader.value("export.meta.value", "a column of customer_profile", ExportLoader::column),
        new ExportSettings.Klaviyo(
            properties(reader, "export.klaviyo.properties", ExportLoader::titled),
            reader.required(
                    "export.klaviyo.max-file-mb", "a whole number from 1 to 50", whole(1, 50), 50)
                * BYTES_PER_MB),
        new ExportSettings.Generic(
            properties(reader, "export.generic.columns", Function.identity()),
            genericFormats(reader)));
  }

  private static Set<FileFormat> genericFormats(ConfigReader reader) {
    Set<FileFormat> formats = EnumSet.noneOf(FileFormat.class);
    formats.addAll(
        reader.list(GENERIC_FORMATS, oneOf(FileFormat.values()), constant(FileFormat.class)));
    if (formats.isEmpty()) {
      reader.problem(GENERIC_FORMATS, null, "must name csv, parquet or both", "");
    }
    return formats;
  }

  private static List<Property> properties(
      ConfigReader reader, String key, Function<String, String> heading) {
    List<Property> properties = reader.list(key, COLUMN, text -> property(text, heading));
    Set<String> headings = new LinkedHashSet<>();
    for (Property property : properties) {
      if (!headings.add(property.heading().toLowerCase(Locale.ROOT))) {
        reader.problem(key, property.heading(), "must give each heading once", "");
      }
    }
    return properties;
  }

  private static Property property(String text, Function<String, String> heading) {
    String[] parts = text.strip().split("\\s+(?i:as)\\s+", 2);
    String column = column(parts[0]);
    return new Property(column, parts.length > 1 ? parts[1].strip() : heading.apply(column));
  }

  private static String column(String text) {
    if (!text.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  /** {@code churn_probability} becomes {@code Churn Probability}. */
  private static String titled(String column) {
    return Arrays.stream(column.split("_"))
        .filter(word -> !word.isEmpty())
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining(" "));
  }

  private static Function<String, Platform> platform() {
    Set<String> names =
        Arrays.stream(Platform.values()).map(Platform::label).collect(Collectors.toSet());
    return text -> {
      String name = text.toLowerCase(Locale.ROOT);
      if (!names.contains(name)) {
        throw new ConfigReader.Unusable(text, ConfigReader.didYouMean(name, names));
      }
      return Platform.valueOf(name.toUpperCase(Locale.ROOT));
    };
  }

  private static Function<String, Boolean> flag() {
    return text -> {
      if (!text.matches("(?i)true|false")) {
        throw new IllegalArgumentException(text);
      }
      return Boolean.parseBoolean(text.toLowerCase(Locale.ROOT));
    };
  }

  /** Without a trailing slash, so that names can be put behind it. */
  private static String directory(String text) {
    return text.length() > 1 ? text.replaceAll("/+$", "") : text;
  }
}
