package io.perennial.table;

import io.perennial.table.RunRecord.State;
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
 * warehouse.keep-versions}. Delta's vacuum does it. What is decided here is when: {@code runs} says
 * which versions were replaced so long ago, and their commits whether a file left with them. No
 * directory is listed but for files that a dead run left.
 */
public final class OldVersions {

  private static final double MILLIS_PER_HOUR = 3_600_000;

  private final SparkSession spark;
  private final TableStore store;

  public OldVersions(SparkSession spark, TableStore store) {
    this.spark = spark;
    this.store = store;
  }

  /** Versions of a table after {@code from} up to {@code to}, by which others were replaced. */
  record Replaced(long from, long to) {}

  /**
   * What has become old since the run before published.
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
      Instant until = now.minus(keep);
      Instant since =
          published.size() < 2 ? Instant.MIN : end(published.get(published.size() - 2)).minus(keep);
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
  public Upkeep remove(
      Collection<Table> tables,
      RunRecord current,
      List<RunRecord> runs,
      Duration keep,
      Instant now) {
    Due due = Due.of(runs, keep, now);
    // A later run as of an earlier day leaves the current one as it is: its versions grow old too.
    Duration sinceCurrent = Duration.between(end(current), now);
    Duration spared = sinceCurrent.compareTo(keep) > 0 ? sinceCurrent : keep;
    Upkeep done = Upkeep.NONE;
    for (Table table : tables) {
      long started = System.nanoTime();
      Optional<DeltaCommitInfo> removed =
          removed(table, due.replaced().getOrDefault(table.name(), List.of()));
      boolean isAnythingOld = removed.isEmpty() || removed.get().filesRemoved() > 0;
      if (store.exists(table) && (isAnythingOld || due.haveRunsDied())) {
        vacuum(table, due.haveRunsDied(), spared);
        done =
            done.and(
                Upkeep.ofVacuum(
                    removed.map(DeltaCommitInfo::filesRemoved).orElse(0L),
                    removed.map(DeltaCommitInfo::bytesRemoved).orElse(0L),
                    System.nanoTime() - started));
      }
    }
    if (done.tablesVacuumed() > 0) {
      vacuum(RunsTable.TABLE, due.haveRunsDied(), spared); // Each run replaces a file of a few KB.
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
    return Optional.of(new DeltaCommitInfo("", false, files, bytes));
  }

  /**
   * By the log alone, or by a listing of the table's directory: what a dead run wrote and never
   * committed is in no log.
   */
  private void vacuum(Table table, boolean byListing, Duration keep) {
    String retained =
        String.format(Locale.ROOT, "RETAIN %.4f HOURS", keep.toMillis() / MILLIS_PER_HOUR);
    String path = "VACUUM delta.`" + store.path(table).replace("`", "``") + "` ";
    try (SessionSettings settings =
        SessionSettings.of(
            spark,
            Map.of(
                // The bounds of warehouse.keep-versions stand in for Delta's own check, and a
                // vacuum that writes to the log would make versions that no run has published.
                "spark.databricks.delta.retentionDurationCheck.enabled", "false",
                "spark.databricks.delta.vacuum.logging.enabled", "false"))) {
      if (byListing) {
        spark.sql(path + retained);
        return;
      }
      try {
        spark.sql(path + "LITE " + retained);
      } catch (Exception e) { // Spark's exceptions are checked; Scala does not declare them.
        if (!String.valueOf(e.getMessage()).contains("DELTA_CANNOT_VACUUM_LITE")) {
          throw e;
        }
        spark.sql(path + retained); // The log does not reach back to what left first.
      }
    }
  }

  private static Instant end(RunRecord run) {
    return run.started().plusMillis(Math.round(run.seconds().orElse(0.0) * 1000));
  }
}
