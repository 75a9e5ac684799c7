package io.perennial.config;

import java.util.Optional;

/** The keys below {@code rfm}. */
public final class RfmKeys {

  /** All keys of the group, for a step that depends on all. */
  public static final String GROUP = "rfm";

  public static final Key<String> SCHEME =
      new Key<>("rfm.scheme", Allowed.text("the name of a segment scheme"));
  public static final Key<Integer> WINDOW =
      new Key<>("rfm.window", Allowed.whole("days", 1, 36_500));

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
