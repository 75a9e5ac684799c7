package io.perennial.table.delta;

import io.delta.tables.DeltaOptimizeBuilder;
import io.delta.tables.DeltaTable;
import io.perennial.table.MaintenanceSummary;
import io.perennial.table.SessionSettings;
import io.perennial.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Compacts the small files of a table, so that readers open few. Delta's own compaction does it and
 * changes no row. This class decides when: at every sixteenth version, for partitions with at least
 * sixteen small files.
 */
public final class Compaction {

  /** Versions between two checks, and small files of a partition that are worth compacting. */
  static final int MANY = 16;

  private static final long SMALL_BYTES = 32L << 20;
  private static final long TARGET_BYTES = 128L << 20;

  private Compaction() {}

  /** Empty where no partition had many small files. */
  public static Optional<MaintenanceSummary> compact(SparkSession spark, String path, Table table) {
    TableSnapshot newest = TableSnapshot.at(spark, path);
    if (newest.number() == 0 || newest.number() % MANY != 0) {
      return Optional.empty();
    }
    Map<Map<String, String>, Long> fragmented = fragmented(newest.files());
    if (fragmented.isEmpty()) {
      return Optional.empty();
    }
    long started = System.nanoTime();
    DeltaOptimizeBuilder optimize = DeltaTable.forPath(spark, path).optimize();
    if (!table.partitioning().isEmpty()) {
      optimize = optimize.where(predicate(fragmented.keySet().stream().toList()));
    }
    Row metrics;
    try (SessionSettings sizes =
        SessionSettings.of(
            spark,
            Map.of(
                "spark.databricks.delta.optimize.minFileSize", String.valueOf(SMALL_BYTES),
                "spark.databricks.delta.optimize.maxFileSize", String.valueOf(TARGET_BYTES)))) {
      metrics = optimize.executeCompaction().select("metrics.*").first();
    }
    return Optional.of(
        MaintenanceSummary.ofCompaction(
            metrics.<Long>getAs("numFilesRemoved"),
            metrics.<Long>getAs("numFilesAdded"),
            metrics.<Row>getAs("filesAdded").<Long>getAs("totalSize"),
            System.nanoTime() - started));
  }

  /** Partitions with many small files, and how many; of a table without partitions all of it. */
  private static Map<Map<String, String>, Long> fragmented(List<AddFile> files) {
    Map<Map<String, String>, Long> small =
        files.stream()
            .filter(file -> file.size() < SMALL_BYTES)
            .collect(
                Collectors.groupingBy(
                    file -> new TreeMap<>(CollectionConverters.asJava(file.partitionValues())),
                    Collectors.counting()));
    small.values().removeIf(count -> count < MANY);
    return small;
  }

  private static String predicate(List<Map<String, String>> partitions) {
    return partitions.stream()
        .map(
            values ->
                values.entrySet().stream()
                    .map(
                        entry ->
                            entry.getValue() == null
                                ? entry.getKey() + " IS NULL"
                                : entry.getKey() + " = '" + entry.getValue() + "'")
                    .collect(Collectors.joining(" AND ", "(", ")")))
        .collect(Collectors.joining(" OR "));
  }
}
