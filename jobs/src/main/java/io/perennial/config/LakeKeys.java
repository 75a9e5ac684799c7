package io.perennial.config;

import io.perennial.config.Settings.OnMissingFile;
import io.perennial.config.Settings.OnUnreadableFile;
import java.time.LocalDate;

/** The keys below {@code lake}. */
public final class LakeKeys {

  /** The content of the source, for a step that depends on the mapping; not a key. */
  public static final String MAPPING = "source";

  public static final Key<String> PATH =
      new Key<>("lake.path", Allowed.text("a file, a directory or a glob with orders"));
  public static final Key<String> SOURCE =
      new Key<>("lake.source", Allowed.text("the name of a source"));
  public static final Key<SourceSettings.Format> FORMAT =
      new Key<>("lake.format", Allowed.oneOf(SourceSettings.Format.class));
  public static final Key<LocalDate> EARLIEST = new Key<>("lake.earliest", Allowed.date());
  public static final Key<LocalDate> LATEST = new Key<>("lake.latest", Allowed.date());
  public static final Key<Double> MAX_REJECT_SHARE =
      new Key<>("lake.max-reject-share", Allowed.share("1"));
  public static final Key<Integer> MAX_GAP_DAYS =
      new Key<>("lake.max-gap-days", Allowed.whole("days", 0, 36_500));
  public static final Key<OnMissingFile> ON_MISSING_FILE =
      new Key<>("lake.on-missing-file", Allowed.oneOf(OnMissingFile.class));
  public static final Key<OnUnreadableFile> ON_UNREADABLE_FILE =
      new Key<>("lake.on-unreadable-file", Allowed.oneOf(OnUnreadableFile.class));
  public static final Key<Integer> REJECTS_RETENTION =
      new Key<>("lake.rejects-retention", Allowed.whole("days", 0, 36_500));

  private LakeKeys() {}

  static Settings.Lake load(ConfigReader reader) {
    LocalDate earliest = reader.value(EARLIEST);
    LocalDate latest = reader.value(LATEST);
    if (!earliest.isBefore(latest)) {
      reader.problem(
          LATEST.path(), latest.toString(), "must be after lake.earliest, " + earliest, "");
    }
    return new Settings.Lake(
        reader.value(PATH),
        earliest,
        latest,
        reader.value(MAX_REJECT_SHARE),
        reader.value(MAX_GAP_DAYS),
        reader.value(ON_MISSING_FILE),
        reader.value(ON_UNREADABLE_FILE),
        reader.value(REJECTS_RETENTION));
  }
}
