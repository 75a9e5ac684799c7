package io.perennial.config;

import io.perennial.config.AudienceSettings.Audience;
import java.util.List;

/** The keys below {@code audiences}. */
public final class AudienceKeys {

  public static final Key<String> FILE =
      new Key<>(
          "audiences.file",
          "audiences",
          Allowed.text("the name of a file of audiences"),
          "The audiences: NAME.conf next to the configuration file, or the shipped one (audiences)."
              + " Not set: no audiences are built.");
  public static final Key<String> SUPPRESSION_LISTS =
      new Key<>(
          "audiences.suppression-lists",
          "[]",
          Allowed.text("a file"),
          "People who must not be addressed, in files on any Hadoop filesystem (also a directory or"
              + " a glob): one customer id, e-mail address, phone number with +, or SHA-256 of such"
              + " an address per line. Text after a comma is ignored.");
  public static final Key<Integer> SEASON_DAYS =
      new Key<>(
          "audiences.season-days",
          "45",
          Allowed.whole("days", 1, 180),
          "Time from as_of that counts as the coming season, for coming_season_years of"
              + " customer_profile.");
  public static final Key<Integer> LIFT_WINDOWS =
      new Key<>(
          "audiences.lift-windows",
          "[7, 30, 90]",
          Allowed.integer("whole numbers of days from 1 to 730", 1, 730),
          "Windows after a customer enters an experiment whose orders `lift` compares, ascending.");

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
