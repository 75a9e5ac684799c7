package io.perennial.config;

import com.ibm.icu.util.ULocale;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Optional;

/** The keys below {@code report}. */
public final class ReportKeys {

  public static final Key<String> PATH =
      new Key<>(
          "report.path",
          "",
          Allowed.text("a file ending in .html", "(?is).*\\.html"),
          "The HTML file that `report` and the end of `run` write, on any Hadoop filesystem."
              + " Default: warehouse.path + \"-report/report.html\".");
  public static final Key<Boolean> AFTER_RUN =
      new Key<>(
          "report.after-run",
          "true",
          Allowed.flag(),
          "Whether `run` writes the report after publication.");
  public static final Key<Locale> LOCALE =
      new Key<>(
          "report.locale",
          "",
          new Allowed<>("a language tag such as de-CH", ReportKeys::locale),
          "How the report writes numbers and money. Default: as most people in shop.default-region"
              + " do.");

  private ReportKeys() {}

  static ReportSettings load(
      ConfigReader reader, Settings.Shop shop, Settings.Warehouse warehouse) {
    return new ReportSettings(
        reader.optional(PATH).orElse(warehouse.path() + "-report/report.html"),
        reader.value(AFTER_RUN),
        reader.optional(LOCALE).orElseGet(() -> likelyLocale(shop.defaultRegion())));
  }

  /** The locale of most people in a country; English without a country or a known language. */
  private static Locale likelyLocale(String region) {
    if (region.isEmpty()) {
      return Locale.ENGLISH;
    }
    ULocale likely = ULocale.addLikelySubtags(new ULocale.Builder().setRegion(region).build());
    return Optional.of(likely.getLanguage())
        .filter(language -> !language.isEmpty())
        .map(language -> new Locale.Builder().setLanguage(language).setRegion(region).build())
        .orElse(Locale.ENGLISH);
  }

  private static Locale locale(String text) {
    try {
      return new Locale.Builder().setLanguageTag(text).build();
    } catch (IllformedLocaleException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
