package io.perennial.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.perennial.table.delta.DeltaCommits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;

/** Which partitions of a table changed between two of its versions, by its log. */
final class ChangedPartitions {

  private final String column;

  /** Partitions by path, of the files that only one of the two versions has. */
  private final Map<String, String> files = new HashMap<>();

  private ChangedPartitions(String column) {
    this.column = column;
  }

  /**
   * The values of a table's one partition column whose rows may differ between two versions. A file
   * that was added and removed in between, or removed and added back, changes nothing; nor does a
   * commit that only rearranges rows.
   *
   * @return empty where the log does not say: commits are missing, or the partitioning changed
   */
  static Optional<Set<String>> between(
      SparkSession spark, String table, String partitionColumn, long from, long to) {
    ChangedPartitions changed = new ChangedPartitions(partitionColumn);
    for (long version = from + 1; version <= to; version++) {
      Optional<List<JsonNode>> actions = DeltaCommits.actions(spark, table, version);
      if (actions.isEmpty() || !actions.get().stream().allMatch(changed::add)) {
        return Optional.empty();
      }
    }
    return Optional.of(new TreeSet<>(changed.files.values()));
  }

  /** Adds one action of a commit; false where it does not say which partition it concerns. */
  private boolean add(JsonNode action) {
    JsonNode partitioning = action.at("/metaData/partitionColumns");
    if (!partitioning.isMissingNode() && !partitioning.toString().equals("[\"" + column + "\"]")) {
      return false;
    }
    JsonNode file = action.has("add") ? action.get("add") : action.get("remove");
    if (file == null || !file.path("dataChange").asBoolean(true)) {
      return true;
    }
    JsonNode value = file.path("partitionValues").path(column);
    if (!value.isTextual()) {
      return false;
    }
    String path = file.get("path").asText();
    if (files.remove(path) == null) { // Removed after it was added, or added back.
      files.put(path, value.asText());
    }
    return true;
  }
}
