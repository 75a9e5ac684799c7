package io.perennial.table.delta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;

/**
 * Removes all versions of a Delta table but its newest. Delta's own vacuum leaves the log, whose
 * commits hold the smallest and largest values of removed files until {@code
 * delta.logRetentionDuration} has passed.
 */
public final class HistoryPurge {

  private static final String LOG = "_delta_log";
  private static final Pattern VERSIONED = Pattern.compile("(\\d{20})\\..*");

  private final SparkSession spark;
  private final Path table;

  public HistoryPurge(SparkSession spark, String table) {
    this.spark = spark;
    this.table = new Path(table);
  }

  /**
   * Writes a checkpoint of the newest version, which holds no statistics of removed files. Then
   * removes every older commit, checkpoint and checksum, and all data files that the newest version
   * does not name. A complete checkpoint and the commits after it stay, as the protocol requires.
   * Later reads of older versions fail.
   */
  @SuppressWarnings("deprecation") // Its successor wants a catalog table, which a path has not.
  public void purge() {
    try {
      FileSystem files = table.getFileSystem(spark.sparkContext().hadoopConfiguration());
      DeltaLog.invalidateCache(spark, table);
      DeltaLog log = DeltaLog.forTable((org.apache.spark.sql.classic.SparkSession) spark, table);
      long newest = log.unsafeVolatileSnapshot().version();
      log.checkpoint();
      removeLogBefore(files, newest);
      DeltaLog.invalidateCache(spark, table);
      removeUnreferenced(files);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot remove the history of %s: %s. The next run tries again."
              .formatted(table, e.getMessage()),
          e);
    }
  }

  private void removeLogBefore(FileSystem files, long newest) throws IOException {
    FileStatus[] entries = files.listStatus(new Path(table, LOG));
    boolean hasCheckpoint =
        Arrays.stream(entries)
            .map(entry -> entry.getPath().getName())
            .anyMatch(name -> versionOf(name) == newest && name.endsWith(".checkpoint.parquet"));
    if (!hasCheckpoint) {
      throw new IOException("its version " + newest + " has no checkpoint");
    }
    for (FileStatus entry : entries) {
      long version = versionOf(entry.getPath().getName());
      if (version >= 0 && version < newest) {
        files.delete(entry.getPath(), false);
      }
    }
  }

  /** Data files have random names, which identify them in any directory. */
  private void removeUnreferenced(FileSystem files) throws IOException {
    Set<String> named =
        Arrays.stream(spark.read().format("delta").load(table.toString()).inputFiles())
            .map(file -> new Path(file).getName())
            .collect(Collectors.toSet());
    RemoteIterator<LocatedFileStatus> all = files.listFiles(table, true);
    while (all.hasNext()) {
      Path file = all.next().getPath();
      boolean isLog = file.toString().contains("/" + LOG + "/");
      boolean isChecksum = file.getName().endsWith(".crc");
      if (!isLog && !isChecksum && !named.contains(file.getName())) {
        files.delete(file, false);
      }
    }
  }

  private static long versionOf(String name) {
    Matcher matcher = VERSIONED.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }
}
