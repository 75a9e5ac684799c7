package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;

/**
 * The list of platforms. To add one, declare its name and identifiers in {@link Platform}, write
 * its {@link PlatformFormat} and add the class here; the compiler refuses a platform without one.
 */
final class PlatformFormats {

  private PlatformFormats() {}

  /** The format of a platform, as configured. */
  static PlatformFormat of(Platform platform, ExportSettings settings) {
    return switch (platform) {
      case GOOGLE -> new GoogleFormat(settings.google());
      case META -> new MetaFormat(settings.metaValue().orElse(""));
      case TIKTOK -> new TiktokFormat();
      case KLAVIYO -> new KlaviyoFormat(settings.klaviyo());
      case GENERIC -> new GenericFormat(settings.generic());
    };
  }
}
