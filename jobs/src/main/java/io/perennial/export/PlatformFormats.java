package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import io.perennial.config.ExportSettings.Property;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The format of each platform, as configured: the one place to add a platform. */
final class PlatformFormats {

  private PlatformFormats() {}

  static Format of(Platform platform, ExportSettings settings) {
    return switch (platform) {
      case GOOGLE -> new GoogleFormat(settings.google());
      case META -> new MetaFormat(settings.metaValue().orElse(""));
      case TIKTOK -> new TiktokFormat();
      case KLAVIYO -> new KlaviyoFormat(settings.klaviyo());
      case GENERIC -> new GenericFormat(settings.generic());
    };
  }

  /** Columns of customer_profile that a platform's files take. */
  static List<String> profileColumns(Platform platform, ExportSettings settings) {
    return switch (platform) {
      case GOOGLE, TIKTOK -> List.of();
      case META -> settings.metaValue().stream().toList();
      case KLAVIYO -> settings.klaviyo().properties().stream().map(Property::column).toList();
      case GENERIC -> settings.generic().columns().stream().map(Property::column).toList();
    };
  }

  /** Columns of customer_profile that any of the platforms' files take. */
  static List<String> profileColumns(Collection<Platform> platforms, ExportSettings settings) {
    Stream<String> columns =
        platforms.stream().flatMap(platform -> profileColumns(platform, settings).stream());
    return List.copyOf(columns.collect(Collectors.toCollection(TreeSet::new)));
  }
}
