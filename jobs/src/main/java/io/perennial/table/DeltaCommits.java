package io.perennial.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** The commits of a Delta log, by their numbers. */
final class DeltaCommits {

  private static final String SUFFIX = ".json";

  private DeltaCommits() {}

  /** The number of the newest commit. */
  static long newest(SparkSession spark, String table) {
    Path log = new Path(table, "_delta_log");
    try {
      long newest = -1;
      for (FileStatus file : files(spark, log).listStatus(log)) {
        String name = file.getPath().getName();
        if (name.matches("\\d{20}\\.json")) {
          newest =
              Math.max(newest, Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
        }
      }
      return newest;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the Delta log of " + table, e);
    }
  }

  /** Whether a commit is still in the log. */
  static boolean exists(SparkSession spark, String table, long version) {
    Path commit = file(table, version);
    try {
      return files(spark, commit).exists(commit);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the Delta log of " + table, e);
    }
  }

  /** Reads a commit: one action as JSON on each line. */
  static BufferedReader open(SparkSession spark, String table, long version) throws IOException {
    Path commit = file(table, version);
    return new BufferedReader(
        new InputStreamReader(files(spark, commit).open(commit), StandardCharsets.UTF_8));
  }

  /** Where the log has a commit. */
  static Path file(String table, long version) {
    return new Path(table, String.format(Locale.ROOT, "_delta_log/%020d%s", version, SUFFIX));
  }

  private static FileSystem files(SparkSession spark, Path path) throws IOException {
    return path.getFileSystem(spark.sparkContext().hadoopConfiguration());
  }
}
