package io.perennial.table.delta;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * What one commit of a Delta log says about itself, by the Delta protocol. Delta's own history runs
 * a Spark job for the same, which costs more than a write of a small table.
 *
 * @param writer user metadata: the run that committed; empty without any
 * @param isCompaction whether the commit only rearranged rows in fewer files
 * @param rowsWritten rows that it added, where it says so
 * @param filesRemoved data files that it removed from the table
 * @param bytesRemoved bytes of those files
 */
public record DeltaCommitInfo(
    String writer,
    boolean isCompaction,
    Optional<Long> rowsWritten,
    long filesRemoved,
    long bytesRemoved) {

  /** Empty where the log no longer has the commit. */
  public static Optional<DeltaCommitInfo> of(SparkSession spark, String table, long version) {
    return DeltaCommits.actions(spark, table, version).map(DeltaCommitInfo::of);
  }

  private static DeltaCommitInfo of(List<JsonNode> actions) {
    String writer = "";
    boolean isCompaction = false;
    Optional<Long> rows = Optional.empty();
    long files = 0;
    long bytes = 0;
    for (JsonNode action : actions) {
      JsonNode info = action.path("commitInfo");
      if (info.isObject()) {
        writer = info.path("userMetadata").asText("");
        isCompaction = info.path("operation").asText("").equals("OPTIMIZE");
        JsonNode written = info.at("/operationMetrics/numOutputRows");
        rows = written.isMissingNode() ? rows : Optional.of(written.asLong());
      }
      JsonNode remove = action.path("remove");
      if (remove.isObject()) {
        files++;
        bytes += remove.path("size").asLong();
      }
    }
    return new DeltaCommitInfo(writer, isCompaction, rows, files, bytes);
  }
}
