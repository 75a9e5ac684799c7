package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.config.ExportSettings;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which lists an export writes, in an order of its own: by audience, then platform. */
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
   * The lists of the configured audiences, and those that are on a platform and no longer
   * configured: they are emptied, since nobody looks after the consent of their members any more.
   */
  List<ExportList> lists(List<Audience> audiences, LocalDate asOf) {
    Map<String, Audience> byName = new HashMap<>();
    audiences.forEach(audience -> byName.put(audience.name(), audience));
    Map<String, Wanted> wanted = new TreeMap<>();
    for (Audience audience : audiences) {
      for (Platform platform : settings.formats()) {
        if (audience.platforms().contains(platform) && audience.isMade()) {
          wanted.put(
              key(audience.name(), platform.label()),
              new Wanted(audience.name(), audience.platformName(), platform, false));
        }
      }
    }
    for (SentExport export : last.values()) {
      Audience audience = byName.get(export.audience());
      boolean couldNotBeMade = audience != null && !audience.isMade();
      if (export.rows() > 0 && !couldNotBeMade) {
        wanted.putIfAbsent(
            key(export.audience(), export.platform()),
            new Wanted(
                export.audience(),
                audience == null ? "" : audience.platformName(),
                Platform.valueOf(export.platform().toUpperCase(Locale.ROOT)),
                true));
      }
    }
    List<ExportList> lists = new ArrayList<>();
    wanted.values().forEach(list -> lists.add(list(list, lists.size(), asOf)));
    return lists;
  }

  /** The same lists with the places that they have after some were taken out. */
  static List<ExportList> renumbered(List<ExportList> lists) {
    List<ExportList> result = new ArrayList<>();
    for (ExportList list : lists) {
      result.add(
          new ExportList(
              result.size(),
              list.audience(),
              list.platformName(),
              list.format(),
              list.number(),
              list.exportId(),
              list.directory(),
              list.isRetired()));
    }
    return List.copyOf(result);
  }

  private record Wanted(
      String audience, String platformName, Platform platform, boolean isRetired) {}

  private ExportList list(Wanted wanted, int index, LocalDate asOf) {
    int number =
        1
            + Optional.ofNullable(last.get(key(wanted.audience(), wanted.platform().label())))
                .map(SentExport::number)
                .orElse(0);
    return new ExportList(
        index,
        wanted.audience(),
        wanted.platformName(),
        PlatformFormats.of(wanted.platform(), settings),
        number,
        String.format(Locale.ROOT, "%s-%04d", asOf, number),
        settings.path().orElseThrow() + "/" + wanted.audience() + "/" + wanted.platform().label(),
        wanted.isRetired());
  }

  private static String key(String audience, String platform) {
    return audience + "/" + platform;
  }
}
