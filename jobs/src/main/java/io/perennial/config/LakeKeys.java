package io.perennial.config;

import io.perennial.config.Settings.OnMissingFile;
import io.perennial.config.Settings.OnUnreadableFile;
import java.time.LocalDate;

/** The keys below {@code lake}. */
public final class LakeKeys {

  /** The content of the source, for a step that depends on the mapping; not a key. */
  public static final String MAPPING = "source";

  public static final Key<String> PATH =
      new Key<>(
          "lake.path",
          "",
          Allowed.text("a file, a directory or a glob with orders"),
          "The raw orders, on any Hadoop filesystem; a directory is read with its sub-directories."
              + " Must be set.");
  public static final Key<String> SOURCE =
      new Key<>(
          "lake.source",
          "perennial",
          Allowed.text("the name of a source"),
          "The mapping: conf/sources/NAME.conf next to the configuration file, or a shipped one ("
              + String.join(", ", NamedFiles.Kind.SOURCES.shipped)
              + ").");
  public static final Key<SourceSettings.Format> FORMAT =
      new Key<>(
          "lake.format",
          "",
          Allowed.oneOf(SourceSettings.Format.class),
          "Storage format of a lake that is stored in another one than its source says.");
  public static final Key<LocalDate> EARLIEST =
      new Key<>(
          "lake.earliest",
          "1990-01-01",
          Allowed.date(),
          "Records dated before this day, local to the shop, are rejected.");
  public static final Key<LocalDate> LATEST =
      new Key<>(
          "lake.latest",
          "2100-01-01",
          Allowed.date(),
          "Records dated after this day, local to the shop, are rejected.");
  public static final Key<Double> MAX_REJECT_SHARE =
      new Key<>(
          "lake.max-reject-share",
          "0.05",
          Allowed.share("1"),
          "Records of one file, or of the lake, that may be rejected; above it nothing is"
              + " published.");
  public static final Key<Integer> MAX_GAP_DAYS =
      new Key<>(
          "lake.max-gap-days",
          "62",
          Allowed.whole("days", 0, 36_500),
          "How far a run may move as_of past the current run's as_of without --as-of.");
  public static final Key<OnMissingFile> ON_MISSING_FILE =
      new Key<>(
          "lake.on-missing-file",
          "stop",
          Allowed.oneOf(OnMissingFile.class),
          "What happens when a file that was read is no longer there: the run stops, keeps the"
              + " file's records, or retracts them.");
  public static final Key<OnUnreadableFile> ON_UNREADABLE_FILE =
      new Key<>(
          "lake.on-unreadable-file",
          "stop",
          Allowed.oneOf(OnUnreadableFile.class),
          "What happens to a file that cannot be read. A skipped file is named and read again by"
              + " the next run; its earlier records stay. A file that was read before and is needed"
              + " again, as for an erasure, is never skipped.");
  public static final Key<Integer> REJECTS_RETENTION =
      new Key<>(
          "lake.rejects-retention",
          "90",
          Allowed.whole("days", 0, 36_500),
          "How long rejected records are kept, counted in as_of days from the run that read them. An"
              + " order that is rejected as a whole keeps its rows without the record. 0 keeps them"
              + " for ever.");

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
