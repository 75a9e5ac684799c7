package io.perennial.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** The commits of a Delta log, by the names of their files. */
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

  private static FileSystem files(SparkSession spark, Path path) throws IOException {
    return path.getFileSystem(spark.sparkContext().hadoopConfiguration());
  }
}
