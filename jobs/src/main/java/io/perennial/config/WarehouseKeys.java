package io.perennial.config;

import java.time.Duration;

/** The keys below {@code state} and {@code warehouse}. */
public final class WarehouseKeys {

  public static final Key<String> STATE_PATH = new Key<>("state.path", Allowed.text("a path"));
  public static final Key<String> PATH =
      new Key<>("warehouse.path", Allowed.directory("a directory for the tables"));
  public static final Key<String> CATALOG =
      new Key<>(
          "warehouse.catalog",
          Allowed.text(
              "a schema name of letters, digits and underscores", "[A-Za-z][A-Za-z0-9_]*"));
  public static final Key<Integer> SNAPSHOT_DAYS =
      new Key<>("warehouse.keep-snapshots.days", Allowed.whole("days", 1, 36_500));
  public static final Key<Integer> SNAPSHOT_MONTH_ENDS =
      new Key<>("warehouse.keep-snapshots.month-ends", Allowed.whole("months", 0, 1200));
  public static final Key<Integer> KEEP_VERSIONS =
      new Key<>("warehouse.keep-versions", Allowed.whole("days", 1, 30));
  public static final Key<Integer> WAIT_FOR_OTHER_RUN =
      new Key<>("warehouse.wait-for-other-run", Allowed.whole("seconds", 0, 86_400));
  public static final Key<Integer> SMALL_TABLE_MEGABYTES =
      new Key<>("warehouse.small-table-megabytes", Allowed.whole("megabytes", 0, 1_000_000));

  private static final long BYTES_PER_MEGABYTE = 1024L * 1024;

  private WarehouseKeys() {}

  static Settings.Warehouse load(ConfigReader reader) {
    return new Settings.Warehouse(
        reader.value(PATH),
        reader.optional(CATALOG),
        reader.value(SNAPSHOT_DAYS),
        reader.value(SNAPSHOT_MONTH_ENDS),
        Duration.ofDays(reader.value(KEEP_VERSIONS)),
        Duration.ofSeconds(reader.value(WAIT_FOR_OTHER_RUN)),
        BYTES_PER_MEGABYTE * reader.value(SMALL_TABLE_MEGABYTES));
  }
}
