package io.perennial.table.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** The commits of a Delta log, by their numbers. */
public final class DeltaCommits {

  private static final String SUFFIX = ".json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private DeltaCommits() {}

  /** Whether a commit is still in the log. */
  public static boolean exists(SparkSession spark, String table, long version) {
    Path commit = file(table, version);
    try {
      return files(spark, commit).exists(commit);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the Delta log of " + table, e);
    }
  }

  /** The actions of a commit, in their order; empty where the log no longer has it. */
  public static Optional<List<JsonNode>> actions(SparkSession spark, String table, long version) {
    Path commit = file(table, version);
    List<JsonNode> actions = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(files(spark, commit).open(commit), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        actions.add(JSON.readTree(line));
      }
      return Optional.of(actions);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + commit + ": " + e.getMessage(), e);
    }
  }

  private static Path file(String table, long version) {
    return new Path(table, String.format(Locale.ROOT, "_delta_log/%020d%s", version, SUFFIX));
  }

  private static FileSystem files(SparkSession spark, Path path) throws IOException {
    return path.getFileSystem(spark.sparkContext().hadoopConfiguration());
  }
}
