package io.perennial.config;

import java.time.Duration;

/** The keys below {@code state} and {@code warehouse}. */
public final class WarehouseKeys {

  public static final Key<String> STATE_PATH =
      new Key<>(
          "state.path",
          "",
          Allowed.text("a path"),
          "Private state that survives a rebuild: salts, ledgers of erasures and of exports."
              + " Default: warehouse.path + \"-state\".");
  public static final Key<String> PATH =
      new Key<>(
          "warehouse.path",
          "",
          Allowed.directory("a directory for the tables"),
          "The Delta tables, on any Hadoop filesystem. Must be set.");
  public static final Key<String> CATALOG =
      new Key<>(
          "warehouse.catalog",
          "",
          Allowed.text("a schema name of letters, digits and underscores", "[A-Za-z][A-Za-z0-9_]*"),
          "Schema of the session catalog that the tables are registered under. Not set: they are"
              + " read by path.");
  public static final Key<Integer> SNAPSHOT_DAYS =
      new Key<>(
          "warehouse.keep-snapshots.days",
          "35",
          Allowed.whole("days", 1, 36_500),
          "How many of the newest as_of days snapshot tables keep.");
  public static final Key<Integer> SNAPSHOT_MONTH_ENDS =
      new Key<>(
          "warehouse.keep-snapshots.month-ends",
          "36",
          Allowed.whole("months", 0, 1200),
          "For how many months snapshot tables also keep the newest as_of.");
  public static final Key<Integer> KEEP_VERSIONS =
      new Key<>(
          "warehouse.keep-versions",
          "7",
          Allowed.whole("days", 1, 30),
          "How long the tables of a published run stay readable, by the versions that the table runs"
              + " names, after a later run replaced them. Their files are then removed, once in as"
              + " many days. The versions of the current run always stay.");
  public static final Key<Integer> WAIT_FOR_OTHER_RUN =
      new Key<>(
          "warehouse.wait-for-other-run",
          "600",
          Allowed.whole("seconds", 0, 86_400),
          "How long a run waits for another run that writes the same warehouse.");
  public static final Key<Integer> SMALL_TABLE_MEGABYTES =
      new Key<>(
          "warehouse.small-table-megabytes",
          "64",
          Allowed.whole("megabytes", 0, 1_000_000),
          "Size up to which a refresh reads a table, or the files that it needs, whole, without more"
              + " queries that find the rows it needs. Changes no figure.");

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
