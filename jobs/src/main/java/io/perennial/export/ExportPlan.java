package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Decides which lists an export writes, ordered by audience and platform; not yet indexed. */
final class ExportPlan {

  private final ExportSettings settings;
  private final Map<String, SentExport> last = new TreeMap<>();

  /**
   * @param exports every export so far
   */
  ExportPlan(ExportSettings settings, List<SentExport> exports) {
    this.settings = settings;
    exports.stream()
        .sorted(Comparator.comparingInt(SentExport::number))
        .forEach(export -> last.put(key(export.audience(), export.platform()), export));
  }

  /** The list's export before this one. */
  Optional<SentExport> previous(ExportList list) {
    return Optional.ofNullable(last.get(key(list.audience(), list.platform().label())));
  }

  /** Whether any of the lists has rows on its platform. */
  boolean haveRows(List<ExportList> lists) {
    return lists.stream().flatMap(list -> previous(list).stream()).anyMatch(e -> e.rows() > 0);
  }

  /**
   * The lists of the configured audiences, and those that are on a platform but no longer
   * configured: they are emptied, since the consent of their members is no longer checked. Lists of
   * an audience that could not be built are left out and stay as they are.
   */
  List<ExportList> lists(List<ExportAudience> audiences, LocalDate asOf) {
    Map<String, ExportAudience> byName = new HashMap<>();
    audiences.forEach(audience -> byName.put(audience.name(), audience));
    Map<String, ExportList> planned = new TreeMap<>();
    for (ExportAudience audience : audiences) {
      for (Platform platform : settings.formats()) {
        if (audience.platforms().contains(platform) && audience.isBuilt()) {
          planned.put(
              key(audience.name(), platform.label()),
              list(audience.name(), audience.platformName(), platform, asOf));
        }
      }
    }
    for (SentExport export : last.values()) {
      ExportAudience audience = byName.get(export.audience());
      boolean hasFailed = audience != null && !audience.isBuilt();
      if (export.rows() > 0 && !hasFailed) {
        Platform platform = Platform.valueOf(export.platform().toUpperCase(Locale.ROOT));
        String platformName = audience == null ? "" : audience.platformName();
        planned.putIfAbsent(
            key(export.audience(), export.platform()),
            list(export.audience(), platformName, platform, asOf).retired());
      }
    }
    return List.copyOf(planned.values());
  }

  private ExportList list(String audience, String platformName, Platform platform, LocalDate asOf) {
    SentExport previous = last.get(key(audience, platform.label()));
    int number = previous == null ? 1 : previous.number() + 1;
    return new ExportList(
        0,
        audience,
        platformName,
        PlatformFormats.of(platform, settings),
        number,
        String.format(Locale.ROOT, "%s-%04d", asOf, number),
        settings.path().orElseThrow() + "/" + audience + "/" + platform.label(),
        false);
  }

  private static String key(String audience, String platform) {
    return audience + "/" + platform;
  }
}
