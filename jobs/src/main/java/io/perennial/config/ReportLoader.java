package io.perennial.config;

import com.ibm.icu.util.ULocale;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the keys below {@code report}. */
final class ReportLoader {

  private static final Map<String, Boolean> ANSWERS = Map.of("true", true, "false", false);

  private ReportLoader() {}

  static ReportSettings load(
      ConfigReader reader, Settings.Shop shop, Settings.Warehouse warehouse) {
    return new ReportSettings(
        reader
            .value("report.path", "a file ending in .html", ReportLoader::htmlFile)
            .orElse(warehouse.path() + "-report/report.html"),
        reader.required("report.after-run", "true or false", ReportLoader::answer, true),
        reader
            .value("report.locale", "a language tag such as de-CH", ReportLoader::locale)
            .orElseGet(() -> usualIn(shop.defaultRegion())));
  }

  /** The locale that most people of a country write numbers in; plain English without a country. */
  private static Locale usualIn(String region) {
    if (region.isEmpty()) {
      return Locale.ENGLISH;
    }
    ULocale likely = ULocale.addLikelySubtags(new ULocale.Builder().setRegion(region).build());
    return Optional.of(likely.getLanguage())
        .filter(language -> !language.isEmpty())
        .map(language -> new Locale.Builder().setLanguage(language).setRegion(region).build())
        .orElse(Locale.ENGLISH);
  }

  private static String htmlFile(String text) {
    if (!text.toLowerCase(Locale.ROOT).endsWith(".html")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static boolean answer(String text) {
    return Optional.ofNullable(ANSWERS.get(text))
        .orElseThrow(() -> new IllegalArgumentException(text));
  }

  private static Locale locale(String text) {
    try {
      return new Locale.Builder().setLanguageTag(text).build();
    } catch (IllformedLocaleException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
