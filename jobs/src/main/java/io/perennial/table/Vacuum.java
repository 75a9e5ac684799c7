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
 * Removes data files that only versions need which no reader may go by any more: {@code
 * warehouse.keep-versions}. Delta's vacuum does it, by listing a table's directories; so it is done
 * once in so many days, and only for tables of which {@code runs} and their commits say that a file
 * has left them so long ago, or where a run has died that may have left files in no log.
 */
public final class Vacuum {

  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final SparkSession spark;
  private final TableStore store;

  public Vacuum(SparkSession spark, TableStore store) {
    this.spark = spark;
    this.store = store;
  }

  /** Versions of a table after {@code from} up to {@code to}, by which others were replaced. */
  record Replaced(long from, long to) {}

  /**
   * What has become old and may not have been removed yet.
   *
   * @param replaced by table
   * @param haveRunsDied whether a run was not published that may have left files in no log
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
      if (published.size() > 1
          && period(end(published.get(published.size() - 2)), keep) == period(now, keep)) {
        return new Due(Map.of(), false); // The run before has done it, or one before that.
      }
      Instant until = now.minus(keep);
      // Whatever the last vacuum could not take was replaced after this.
      Instant since =
          published.size() < 2
              ? Instant.MIN
              : end(published.get(published.size() - 2)).minus(keep.multipliedBy(2));
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

    /** So many days after so many days, from the epoch on. */
    private static long period(Instant time, Duration keep) {
      return Math.floorDiv(time.getEpochSecond(), Math.max(1, keep.toSeconds()));
    }

    private static boolean isWithin(Instant time, Instant since, Instant until) {
      return time.isAfter(since) && !time.isAfter(until);
    }
  }

  /**
   * Removes what no version needs that was published or replaced within {@code keep}; what the
   * current run names always stays.
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
    // A later run as of an earlier day leaves the current one as it is: its versions grow old too.
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
      vacuum(RunsTable.TABLE, spared); // Each run replaces a file of a few KB.
    }
    return done;
  }

  /** Files that left a table by these versions; empty where its log has them no more. */
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
   * Not Delta's cheaper way, by the log alone: a log that has been tidied up once keeps it from
   * working, and what a dead run never committed is in no log.
   */
  private void vacuum(Table table, Duration keep) {
    String sql =
        String.format(
            Locale.ROOT,
            "VACUUM delta.`%s` RETAIN %.4f HOURS",
            store.path(table).replace("`", "``"),
            keep.toMillis() / MILLIS_PER_HOUR);
    try (SessionSettings settings =
        SessionSettings.of(
            spark,
            Map.of(
                // The bounds of warehouse.keep-versions stand in for Delta's own check, and a
                // vacuum that writes to the log would make versions that no run has published.
                "spark.databricks.delta.retentionDurationCheck.enabled", "false",
                "spark.databricks.delta.vacuum.retentionWindowIgnore.enabled", "false",
                "spark.databricks.delta.vacuum.logging.enabled", "false",
                // Delta lists directories in as many tasks as this, ten thousand by default.
                "spark.sql.sources.parallelPartitionDiscovery.parallelism",
                    Integer.toString(4 * spark.sparkContext().defaultParallelism())))) {
      // Delta tells the console how many files it removed, table by table.
      scala.Console.withOut(OutputStream.nullOutputStream(), () -> spark.sql(sql));
    }
  }

  private static Instant end(RunRecord run) {
    return run.started().plusMillis(Math.round(run.seconds().orElse(0.0) * 1000));
  }
}
