package io.perennial.table;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The newest version of a table as its log has it, without a job of Spark. Delta runs two or three
 * jobs per scan to find a table's files, a second of planning; of tables with few files it also
 * keeps the list beside each commit.
 */
final class NewestVersion {

  /** Above it, skipping files by their statistics may save more than it costs. */
  private static final long MOST_BYTES = 32L << 20;

  private final DeltaLog log;
  private final Snapshot snapshot;

  private NewestVersion(DeltaLog log, Snapshot snapshot) {
    this.log = log;
    this.snapshot = snapshot;
  }

  /** Empty where there is no table. */
  static Optional<NewestVersion> of(SparkSession spark, String path) {
    scala.Tuple2<DeltaLog, Snapshot> table =
        DeltaLog.forTableWithSnapshot((org.apache.spark.sql.classic.SparkSession) spark, path);
    return Optional.of(new NewestVersion(table._1(), table._2())).filter(v -> v.number() >= 0);
  }

  long number() {
    return snapshot.version();
  }

  StructType schema() {
    return snapshot.schema();
  }

  List<String> partitioning() {
    return CollectionConverters.asJava(snapshot.metadata().partitionColumns());
  }

  /** Its rows, where Delta lists its files beside the commit, and they are small. */
  Optional<Dataset<Row>> rowsOfFewFiles() {
    return files()
        .filter(files -> snapshot.checksumOpt().get().tableSizeBytes() <= MOST_BYTES)
        .map(files -> log.createDataFrame(snapshot, files, false, Option.empty()));
  }

  /**
   * The values of a partition column of which it has a file, where Delta lists its files beside the
   * commit.
   */
  Optional<Set<String>> partitions(Field column) {
    return files()
        .map(
            files ->
                CollectionConverters.asJava(files).stream()
                    .map(file -> file.partitionValues().apply(column.name()))
                    .collect(Collectors.toSet()));
  }

  private Optional<Seq<AddFile>> files() {
    return snapshot.checksumOpt().isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(snapshot.checksumOpt().get().allFiles().getOrElse(() -> null));
  }
}
