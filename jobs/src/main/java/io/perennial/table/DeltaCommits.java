package io.perennial.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Looks into a Delta log's commit files, as the protocol describes them. Delta's own history
 * answers the same by a Spark job, which costs more than a small table's write.
 */
final class DeltaCommits {

  private static final String SUFFIX = ".json";
  private static final ObjectMapper JSON = new ObjectMapper();

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

  /** The rows that a commit added, where its commit information says so. */
  static Optional<Long> rowsWritten(SparkSession spark, String table, long version) {
    Path commit =
        new Path(table, String.format(Locale.ROOT, "_delta_log/%020d%s", version, SUFFIX));
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(files(spark, commit).open(commit), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode rows = JSON.readTree(line).at("/commitInfo/operationMetrics/numOutputRows");
        if (!rows.isMissingNode()) {
          return Optional.of(rows.asLong());
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + commit, e);
    }
  }

  private static FileSystem files(SparkSession spark, Path path) throws IOException {
    return path.getFileSystem(spark.sparkContext().hadoopConfiguration());
  }
}
