package io.perennial.table;

import io.perennial.table.RunRecord.State;
import io.perennial.table.delta.DeltaCommitInfo;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * Removes data files that only versions older than {@code warehouse.keep-versions} need. Delta's
 * vacuum lists all directories of a table. It therefore runs once per that time, and only for
 * tables that lost a file before it began, by {@code runs} and the tables' commits; for all tables
 * after a run died, which may have left files that no log names.
 */
public final class Vacuum {

  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final SparkSession spark;
  private final TableStore store;

  public Vacuum(SparkSession spark, TableStore store) {
    this.spark = spark;
    this.store = store;
  }

  /** Versions of a table after {@code from} up to {@code to}, which replaced earlier ones. */
  record Replaced(long from, long to) {}

  /**
   * What has expired and may not have been removed yet.
   *
   * @param replaced expired replacements by table
   * @param haveRunsDied whether a run ended unpublished, which may have left files that no log
   *     names
   */
  record Due(Map<String, List<Replaced>> replaced, boolean haveRunsDied) {

    /**
     * @param runs all runs, oldest first, the last published one among them
     * @param keep how long the tables of a replaced run stay readable
     */
    static Due of(List<RunRecord> runs, Duration keep, Instant now) {
      List<RunRecord> published =
          runs.stream()
              .filter(run -> run.state() == State.PUBLISHED)
              .sorted(Comparator.comparing(RunRecord::started))
              .toList();
      Optional<Instant> previous =
          published.size() < 2
              ? Optional.empty()
              : Optional.of(end(published.get(published.size() - 2)));
      if (previous.filter(end -> period(end, keep) == period(now, keep)).isPresent()) {
        return new Due(Map.of(), false); // An earlier run of this period has done it.
      }
      Instant until = now.minus(keep);
      // The last vacuum removed what was replaced before this.
      Instant since = previous.map(end -> end.minus(keep.multipliedBy(2))).orElse(Instant.MIN);
      Map<String, List<Replaced>> replaced = new TreeMap<>();
      for (int i = 1; i < published.size(); i++) {
        if (!isWithin(end(published.get(i)), since, until)) {
          continue;
        }
        Map<String, Long> newer = published.get(i).tables();
        published
            .get(i - 1)
            .tables()
            .forEach(
                (table, version) -> {
                  Long next = newer.get(table);
                  if (next != null && next > version) {
                    replaced
                        .computeIfAbsent(table, name -> new ArrayList<>())
                        .add(new Replaced(version, next));
                  }
                });
      }
      boolean haveRunsDied =
          runs.stream()
              .filter(run -> run.state() != State.PUBLISHED)
              .anyMatch(run -> isWithin(end(run), since, until));
      return new Due(replaced, haveRunsDied);
    }

    /** The number of the period of length {@code keep}, counted from the epoch. */
    private static long period(Instant time, Duration keep) {
      return Math.floorDiv(time.getEpochSecond(), Math.max(1, keep.toSeconds()));
    }

    private static boolean isWithin(Instant time, Instant since, Instant until) {
      return time.isAfter(since) && !time.isAfter(until);
    }
  }

  /**
   * Removes files that no version needs that was published or replaced within {@code keep}. The
   * versions of the current run always stay.
   *
   * @param current the run that readers read
   * @param runs all runs, oldest first
   */
  public MaintenanceSummary remove(
      Collection<Table> tables,
      RunRecord current,
      List<RunRecord> runs,
      Duration keep,
      Instant now) {
    Due due = Due.of(runs, keep, now);
    // A later run with an earlier as_of does not replace the current one, whose versions age.
    Duration sinceCurrent = Duration.between(end(current), now);
    Duration spared = sinceCurrent.compareTo(keep) > 0 ? sinceCurrent : keep;
    MaintenanceSummary done = MaintenanceSummary.NONE;
    for (Table table : tables) {
      long started = System.nanoTime();
      Optional<DeltaCommitInfo> removed =
          removed(table, due.replaced().getOrDefault(table.name(), List.of()));
      boolean isAnythingOld = removed.isEmpty() || removed.get().filesRemoved() > 0;
      if ((isAnythingOld || due.haveRunsDied()) && store.exists(table)) {
        vacuum(table, spared);
        done =
            done.and(
                MaintenanceSummary.ofVacuum(
                    removed.map(DeltaCommitInfo::filesRemoved).orElse(0L),
                    removed.map(DeltaCommitInfo::bytesRemoved).orElse(0L),
                    System.nanoTime() - started));
      }
    }
    if (done.tablesVacuumed() > 0) {
      vacuum(RunsTable.TABLE, spared); // Each run replaces one small file.
    }
    return done;
  }

  /** Files that these versions removed from a table; empty where its log lacks one. */
  private Optional<DeltaCommitInfo> removed(Table table, List<Replaced> ranges) {
    long files = 0;
    long bytes = 0;
    for (Replaced range : ranges) {
      for (long version = range.from() + 1; version <= range.to(); version++) {
        Optional<DeltaCommitInfo> info = DeltaCommitInfo.of(spark, store.path(table), version);
        if (info.isEmpty()) {
          return Optional.empty();
        }
        files += info.get().filesRemoved();
        bytes += info.get().bytesRemoved();
      }
    }
    return Optional.of(new DeltaCommitInfo("", false, Optional.empty(), files, bytes));
  }

  /**
   * A full vacuum, not Delta's cheaper one by the log alone: that fails once old log entries have
   * been cleaned up, and does not find files that a dead run never committed.
   */
  private void vacuum(Table table, Duration keep) {
    String sql =
        String.format(
            Locale.ROOT,
            "VACUUM %s RETAIN %.4f HOURS",
            store.sqlName(table),
            keep.toMillis() / MILLIS_PER_HOUR);
    try (SessionSettings settings =
        SessionSettings.of(
            spark,
            Map.of(
                // The bounds of warehouse.keep-versions replace Delta's own check. A vacuum that
                // logs would commit versions that no run has published.
                "spark.databricks.delta.retentionDurationCheck.enabled", "false",
                "spark.databricks.delta.vacuum.retentionWindowIgnore.enabled", "false",
                "spark.databricks.delta.vacuum.logging.enabled", "false",
                // Delta lists directories in as many tasks as this, ten thousand by default.
                "spark.sql.sources.parallelPartitionDiscovery.parallelism",
                    Integer.toString(4 * spark.sparkContext().defaultParallelism())))) {
      // Delta prints the number of removed files for each table.
      scala.Console.withOut(OutputStream.nullOutputStream(), () -> spark.sql(sql));
    }
  }

  private static Instant end(RunRecord run) {
    return run.started().plusMillis(Math.round(run.seconds().orElse(0.0) * 1000));
  }
}
