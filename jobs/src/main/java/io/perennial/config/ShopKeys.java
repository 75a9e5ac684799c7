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
          "UTC",
          new Allowed<>("a time zone such as Europe/London or UTC", ShopKeys::zone),
          "Time zone of the shop (IANA name). Days and months are local to it; text timestamps"
              + " without an offset are read in it.");
  public static final Key<Currency> CURRENCY =
      new Key<>(
          "shop.currency",
          "USD",
          new Allowed<>(
              "an ISO 4217 currency code such as EUR",
              text -> Currency.getInstance(text.toUpperCase(Locale.ROOT))),
          "Records in another currency are rejected. Money columns have the minor digits of this"
              + " currency.");
  public static final Key<String> DEFAULT_REGION =
      new Key<>(
          "shop.default-region",
          "",
          new Allowed<>(
                  "an ISO 3166 country code of two letters such as GB",
                  text -> text.toUpperCase(Locale.ROOT))
              .where(code -> Arrays.asList(Locale.getISOCountries()).contains(code)),
          "Country of phone numbers without a country code; the report writes numbers as this"
              + " country does.");

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
