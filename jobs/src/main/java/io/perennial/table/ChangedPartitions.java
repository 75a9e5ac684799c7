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

/** Which partitions of a table changed between two of its versions, as its log tells. */
final class ChangedPartitions {

  private final String column;
  private final Map<String, String> partitions = new HashMap<>();
  private final Map<String, Boolean> wasThere = new HashMap<>();
  private final Map<String, Boolean> isThere = new HashMap<>();

  private ChangedPartitions(String column) {
    this.column = column;
  }

  /**
   * The values of a table's one partition column whose rows may differ between two versions. Files
   * that came and went in between, or went and came back, change nothing; nor do commits that only
   * arrange rows anew.
   *
   * @return empty where the log does not tell: commits are gone, or the table was cut in another
   *     way meanwhile
   */
  static Optional<Set<String>> between(
      SparkSession spark, String table, String partitionColumn, long from, long to) {
    ChangedPartitions changed = new ChangedPartitions(partitionColumn);
    for (long version = from + 1; version <= to; version++) {
      Optional<List<JsonNode>> actions = DeltaCommits.actions(spark, table, version);
      if (actions.isEmpty() || !actions.get().stream().allMatch(changed::follow)) {
        return Optional.empty();
      }
    }
    return Optional.of(changed.values());
  }

  /** Takes note of one action of a commit; false where it does not tell what it concerns. */
  private boolean follow(JsonNode action) {
    JsonNode cut = action.at("/metaData/partitionColumns");
    if (!cut.isMissingNode() && !cut.toString().equals("[\"" + column + "\"]")) {
      return false;
    }
    boolean isAdded = action.has("add");
    JsonNode file = isAdded ? action.get("add") : action.get("remove");
    if (file == null || !file.path("dataChange").asBoolean(true)) {
      return true;
    }
    JsonNode value = file.path("partitionValues").path(column);
    if (!value.isTextual()) {
      return false;
    }
    String path = file.get("path").asText();
    partitions.put(path, value.asText());
    wasThere.putIfAbsent(path, !isAdded);
    isThere.put(path, isAdded);
    return true;
  }

  private Set<String> values() {
    Set<String> changed = new TreeSet<>();
    partitions.forEach(
        (path, partition) -> {
          if (!wasThere.get(path).equals(isThere.get(path))) {
            changed.add(partition);
          }
        });
    return changed;
  }
}
