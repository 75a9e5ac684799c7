package io.perennial.config;

import io.perennial.config.AudienceSettings.Audience;
import java.util.List;

/** The keys below {@code audiences}. */
public final class AudienceKeys {

  public static final Key<String> FILE =
      new Key<>("audiences.file", Allowed.text("the name of a file of audiences"));
  public static final Key<String> SUPPRESSION_LISTS =
      new Key<>("audiences.suppression-lists", Allowed.text("a file"));
  public static final Key<Integer> SEASON_DAYS =
      new Key<>("audiences.season-days", Allowed.whole("days", 1, 180));
  public static final Key<Integer> LIFT_WINDOWS =
      new Key<>(
          "audiences.lift-windows", Allowed.integer("whole numbers of days from 1 to 730", 1, 730));

  private AudienceKeys() {}

  static AudienceSettings load(ConfigReader reader, NamedFiles files) {
    List<Audience> audiences =
        reader
            .optional(FILE)
            .flatMap(name -> files.load(NamedFiles.Kind.AUDIENCES, name, FILE.path(), reader))
            .map(config -> AudienceLoader.load(config, reader.problems()))
            .orElse(List.of());
    List<Integer> windows = reader.list(LIFT_WINDOWS);
    if (!windows.equals(windows.stream().sorted().distinct().toList())) {
      reader.problem(LIFT_WINDOWS.path(), windows.toString(), "must ascend", "");
    }
    return new AudienceSettings(
        audiences, reader.list(SUPPRESSION_LISTS), reader.value(SEASON_DAYS), windows);
  }
}
