package io.perennial.config;

import java.util.Optional;

/** The keys below {@code rfm}. */
public final class RfmKeys {

  public static final String GROUP = "rfm";

  public static final Key<String> SCHEME =
      new Key<>(
          "rfm.scheme",
          "r5-fm5",
          Allowed.text("the name of a segment scheme"),
          "Segment scheme: conf/segments/NAME.conf next to the configuration file, or a shipped one ("
              + String.join(", ", NamedFiles.Kind.SEGMENTS.shipped)
              + ").");
  public static final Key<Integer> WINDOW =
      new Key<>(
          "rfm.window",
          "",
          Allowed.whole("days", 1, 36_500),
          "History that scores look at. Not set: all history.");

  private RfmKeys() {}

  /** The scheme and window; empty where the scheme cannot be used. */
  static Optional<Settings.Rfm> load(ConfigReader reader, NamedFiles files) {
    String name = reader.value(SCHEME);
    Optional<Integer> window = reader.optional(WINDOW);
    return files
        .load(NamedFiles.Kind.SEGMENTS, name, SCHEME.path(), reader)
        .flatMap(config -> SegmentSchemeLoader.load(name, config, reader.problems()))
        .map(scheme -> new Settings.Rfm(scheme, window));
  }
}
