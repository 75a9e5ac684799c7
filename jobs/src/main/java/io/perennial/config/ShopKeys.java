package io.perennial.config;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.Currency;
import java.util.Locale;

/** The keys below {@code shop}. */
public final class ShopKeys {

  public static final Key<ZoneId> TIME_ZONE =
      new Key<>(
          "shop.time-zone",
          new Allowed<>("a time zone such as Europe/London or UTC", ShopKeys::zone));
  public static final Key<Currency> CURRENCY =
      new Key<>(
          "shop.currency",
          new Allowed<>(
              "an ISO 4217 currency code such as EUR",
              text -> Currency.getInstance(text.toUpperCase(Locale.ROOT))));
  public static final Key<String> DEFAULT_REGION =
      new Key<>(
          "shop.default-region",
          new Allowed<>(
                  "an ISO 3166 country code of two letters such as GB",
                  text -> text.toUpperCase(Locale.ROOT))
              .where(code -> Arrays.asList(Locale.getISOCountries()).contains(code)));

  private ShopKeys() {}

  static Settings.Shop load(ConfigReader reader) {
    return new Settings.Shop(
        reader.value(TIME_ZONE),
        reader.value(CURRENCY),
        reader.optional(DEFAULT_REGION).orElse(""));
  }

  private static ZoneId zone(String text) {
    if (!text.matches("[+-].*|Z") && !ZoneId.getAvailableZoneIds().contains(text)) {
      throw new Allowed.Unusable(text, NearestName.didYouMean(text, ZoneId.getAvailableZoneIds()));
    }
    return ZoneId.of(text);
  }
}
