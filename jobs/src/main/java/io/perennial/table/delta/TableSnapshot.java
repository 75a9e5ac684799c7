package io.perennial.table.delta;

import static java.util.stream.Collectors.toSet;

import io.perennial.table.Field;
import io.perennial.table.Months;
import io.perennial.table.TableChanges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.VersionChecksum;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/**
 * The newest version of a table, read from its log without a Spark job. Delta runs two or three
 * jobs per scan to find a table's files, about a second of planning; for tables with few files it
 * also writes the list into the checksum file of each commit.
 */
public record TableSnapshot(DeltaLog log, Snapshot snapshot) {

  /** For larger tables, skipping files by their statistics may save more than it costs. */
  private static final long MOST_BYTES = 32L << 20;

  /** The newest version of a table that may not exist. */
  public static TableSnapshot at(SparkSession spark, String path) {
    scala.Tuple2<DeltaLog, Snapshot> table =
        DeltaLog.forTableWithSnapshot((org.apache.spark.sql.classic.SparkSession) spark, path);
    return new TableSnapshot(table._1(), table._2());
  }

  /** The newest version; empty if there is no table. */
  public static Optional<TableSnapshot> of(SparkSession spark, String path) {
    return Optional.of(at(spark, path)).filter(TableSnapshot::exists);
  }

  public boolean exists() {
    return number() >= 0;
  }

  public long number() {
    return snapshot.version();
  }

  StructType schema() {
    return snapshot.schema();
  }

  List<String> partitioning() {
    return CollectionConverters.asJava(snapshot.metadata().partitionColumns());
  }

  /** The rows of this version: see {@link #rows(long)}. */
  public Optional<Dataset<Row>> rows() {
    return rows(number());
  }

  /**
   * The rows of this version or an earlier one; empty where Delta does not list its files in the
   * checksum, they are large, or the table had other columns.
   */
  public Optional<Dataset<Row>> rows(long version) {
    return checksum(version)
        .filter(checksum -> checksum.tableSizeBytes() <= MOST_BYTES)
        .flatMap(this::listed)
        .map(files -> FileListScan.rows(log, snapshot, files));
  }

  /**
   * What differs between two versions; empty where Delta does not list the files of both, or the
   * table had other columns.
   *
   * @param month the partition column
   */
  public Optional<TableChanges> changes(long from, long to, Field month) {
    return listed(from).flatMap(before -> listed(to).map(now -> changes(before, now, month)));
  }

  private TableChanges changes(List<AddFile> before, List<AddFile> now, Field month) {
    List<AddFile> removed = without(before, now);
    return new TableChanges(
        rows(removed), rows(without(now, before)), Months.of(days(removed, month)));
  }

  private Dataset<Row> rows(List<AddFile> files) {
    return FileListScan.rows(log, snapshot, CollectionConverters.asScala(files).toSeq());
  }

  /** The files that are not among others. */
  static List<AddFile> without(List<AddFile> files, List<AddFile> others) {
    Set<String> paths = others.stream().map(AddFile::path).collect(toSet());
    return files.stream().filter(file -> !paths.contains(file.path())).toList();
  }

  /** Its files. */
  List<AddFile> files() {
    return exists() ? listed().orElseGet(() -> snapshot.allFiles().collectAsList()) : List.of();
  }

  private Optional<List<AddFile>> listed() {
    return listed(number());
  }

  /**
   * The files of this version or an earlier one; empty where Delta does not list them in the
   * checksum, or the table had other columns.
   */
  Optional<List<AddFile>> listed(long version) {
    return checksum(version).flatMap(this::listed).map(CollectionConverters::asJava);
  }

  /** Bytes of its files; empty where the checksum is missing. */
  public Optional<Long> bytes() {
    return checksum(number()).map(VersionChecksum::tableSizeBytes);
  }

  /** Bytes of its files; a Spark job adds them up where the checksum is missing. */
  public long sizeInBytes() {
    return snapshot.sizeInBytes();
  }

  /** When this version was committed. */
  public Instant committedAt() {
    return Instant.ofEpochMilli(snapshot.timestamp());
  }

  /** Whether all the files, of this version or an earlier one, still exist. */
  boolean allExist(List<AddFile> files) {
    try {
      FileSystem storage = log.dataPath().getFileSystem(log.newDeltaHadoopConf());
      for (AddFile file : files) {
        if (!storage.exists(file.absolutePath(log))) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look for the files of " + log.dataPath(), e);
    }
  }

  /** The days of a partition column; empty where Delta does not list the files. */
  public Optional<Set<LocalDate>> partitions(Field column) {
    return listed().map(files -> days(files, column));
  }

  private static Set<LocalDate> days(List<AddFile> files, Field column) {
    return files.stream().flatMap(file -> day(file, column).stream()).collect(toSet());
  }

  /** The day of a file in a partition column; empty where it is null. */
  static Optional<LocalDate> day(AddFile file, Field column) {
    return Optional.ofNullable(file.partitionValues().apply(column.name())).map(LocalDate::parse);
  }

  private Optional<VersionChecksum> checksum(long version) {
    return OptionConverters.toJava(
        version == number() ? snapshot.checksumOpt() : log.readChecksum(version, Option.empty()));
  }

  private boolean hasSameLayout(Metadata metadata) {
    return metadata.schemaString().equals(snapshot.metadata().schemaString())
        && metadata.partitionColumns().equals(snapshot.metadata().partitionColumns());
  }

  private Optional<Seq<AddFile>> listed(VersionChecksum checksum) {
    return Optional.of(checksum)
        .filter(known -> hasSameLayout(known.metadata()))
        .flatMap(known -> OptionConverters.toJava(known.allFiles()));
  }
}
