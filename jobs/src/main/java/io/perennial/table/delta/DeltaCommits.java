package io.perennial.table.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** The commits of a Delta log, by their numbers. */
public final class DeltaCommits {

  private static final ObjectReader JSON = new ObjectMapper().readerFor(JsonNode.class);

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
    try (InputStream lines = files(spark, commit).open(commit);
        MappingIterator<JsonNode> actions = JSON.readValues(lines)) {
      return Optional.of(actions.readAll());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + commit + ": " + e.getMessage(), e);
    }
  }

  private static Path file(String table, long version) {
    return new Path(table, String.format(Locale.ROOT, "_delta_log/%020d.json", version));
  }

  private static FileSystem files(SparkSession spark, Path path) throws IOException {
    return path.getFileSystem(spark.sparkContext().hadoopConfiguration());
  }
}
