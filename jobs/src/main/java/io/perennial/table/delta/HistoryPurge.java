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
 * Makes a Delta table forget all versions but its newest. Delta's own vacuum leaves the log:
 * commits keep the smallest and largest values of files that are long gone, and whole days of them
 * are cleaned up only after {@code delta.logRetentionDuration}.
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
   * Writes a checkpoint of the newest version, which holds no statistics of removed files; then
   * removes every older commit, checkpoint and checksum, and all data files that the newest version
   * does not name. What the protocol asks for stays: a complete checkpoint and the commits from it
   * on. Readers of older versions fail from then on.
   */
  public void forget() {
    try {
      FileSystem files = table.getFileSystem(spark.sparkContext().hadoopConfiguration());
      DeltaLog.invalidateCache(spark, table);
      DeltaLog log = DeltaLog.forTable((org.apache.spark.sql.classic.SparkSession) spark, table);
      long newest = log.unsafeVolatileSnapshot().version();
      log.checkpoint();
      removeLogBefore(files, newest);
      DeltaLog.invalidateCache(spark, table);
      removeUnnamed(files);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot remove the history of "
              + table
              + ": "
              + e.getMessage()
              + ". The next run tries again.",
          e);
    }
  }

  private void removeLogBefore(FileSystem files, long newest) throws IOException {
    FileStatus[] entries = files.listStatus(new Path(table, LOG));
    boolean isCheckpointThere =
        Arrays.stream(entries)
            .map(entry -> entry.getPath().getName())
            .anyMatch(name -> versionOf(name) == newest && name.endsWith(".checkpoint.parquet"));
    if (!isCheckpointThere) {
      throw new IOException("its version " + newest + " has no checkpoint");
    }
    for (FileStatus entry : entries) {
      long version = versionOf(entry.getPath().getName());
      if (version >= 0 && version < newest) {
        files.delete(entry.getPath(), false);
      }
    }
  }

  /** Files are named by random ids: a name is enough to know one by. */
  private void removeUnnamed(FileSystem files) throws IOException {
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
