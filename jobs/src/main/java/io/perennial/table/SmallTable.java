package io.perennial.table;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * Reads tables of few files without asking Spark which files they are. Delta runs two or three jobs
 * per scan to find them, a second of planning; of tables with few files it also keeps the list
 * beside each commit.
 */
final class SmallTable {

  /** Above it, skipping files by their statistics may save more than it costs. */
  private static final long MOST_BYTES = 32L << 20;

  private SmallTable() {}

  /**
   * The newest version of a table, where Delta lists its files beside the commit.
   *
   * @param version the version it must be, or empty for any
   */
  static Optional<Dataset<Row>> read(SparkSession spark, String path, Optional<Long> version) {
    scala.Tuple2<DeltaLog, Snapshot> table =
        DeltaLog.forTableWithSnapshot((org.apache.spark.sql.classic.SparkSession) spark, path);
    Snapshot snapshot = table._2();
    if (snapshot.version() < 0
        || (version.isPresent() && version.get() != snapshot.version())
        || snapshot.checksumOpt().isEmpty()
        || snapshot.checksumOpt().get().tableSizeBytes() > MOST_BYTES) {
      return Optional.empty();
    }
    Option<Seq<AddFile>> files = snapshot.checksumOpt().get().allFiles();
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(table._1().createDataFrame(snapshot, files.get(), false, Option.empty()));
  }
}
