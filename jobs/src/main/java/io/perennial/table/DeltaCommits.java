package io.perennial.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

  /** Whether a commit is still in the log. */
  static boolean exists(SparkSession spark, String table, long version) {
    Path commit = commit(table, version);
    try {
      return files(spark, commit).exists(commit);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the Delta log of " + table, e);
    }
  }

  /** The rows that a commit added, where its commit information says so. */
  static Optional<Long> rowsWritten(SparkSession spark, String table, long version) {
    Path commit = commit(table, version);
    try (BufferedReader lines = open(spark, commit)) {
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

  /**
   * The values of a table's one partition column whose rows may differ between two versions. Files
   * that came and went in between, or went and came back, change nothing; nor do commits that only
   * arrange rows anew.
   *
   * @return empty where the log does not tell: commits are gone, or the table was cut in another
   *     way meanwhile
   */
  static Optional<Set<String>> partitionsChanged(
      SparkSession spark, String table, String partitionColumn, long from, long to) {
    Map<String, String> partitions = new HashMap<>();
    Map<String, Boolean> wasThere = new HashMap<>();
    Map<String, Boolean> isThere = new HashMap<>();
    for (long version = from + 1; version <= to; version++) {
      Path commit = commit(table, version);
      try (BufferedReader lines = open(spark, commit)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          JsonNode action = JSON.readTree(line);
          JsonNode cut = action.at("/metaData/partitionColumns");
          if (!cut.isMissingNode() && !cut.toString().equals("[\"" + partitionColumn + "\"]")) {
            return Optional.empty();
          }
          boolean isAdded = action.has("add");
          JsonNode file = isAdded ? action.get("add") : action.get("remove");
          if (file == null || !file.path("dataChange").asBoolean(true)) {
            continue;
          }
          JsonNode value = file.path("partitionValues").path(partitionColumn);
          if (!value.isTextual()) {
            return Optional.empty();
          }
          String path = file.get("path").asText();
          partitions.put(path, value.asText());
          wasThere.putIfAbsent(path, !isAdded);
          isThere.put(path, isAdded);
        }
      } catch (FileNotFoundException e) {
        return Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + commit, e);
      }
    }
    Set<String> changed = new TreeSet<>();
    partitions.forEach(
        (path, partition) -> {
          if (!wasThere.get(path).equals(isThere.get(path))) {
            changed.add(partition);
          }
        });
    return Optional.of(changed);
  }

  private static Path commit(String table, long version) {
    return new Path(table, String.format(Locale.ROOT, "_delta_log/%020d%s", version, SUFFIX));
  }

  private static BufferedReader open(SparkSession spark, Path commit) throws IOException {
    return new BufferedReader(
        new InputStreamReader(files(spark, commit).open(commit), StandardCharsets.UTF_8));
  }

  private static FileSystem files(SparkSession spark, Path path) throws IOException {
    return path.getFileSystem(spark.sparkContext().hadoopConfiguration());
  }
}
