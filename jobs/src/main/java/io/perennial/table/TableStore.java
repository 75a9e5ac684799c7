package io.perennial.table;

import static org.apache.spark.sql.functions.lit;

import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The one class that reads and writes Delta. A table lives at {@code warehouse.path/<name>}; it is
 * created from its declaration the first time it is written.
 */
public final class TableStore {

  private static final String DELTA = "delta";

  /** Longer than any {@code warehouse.keep-versions}: Delta forgets nothing that is still kept. */
  private static final String RETENTION = "interval 31 days";

  private final SparkSession spark;
  private final String warehouse;
  private final int minorDigits;
  private Upkeep upkeep = Upkeep.NONE;

  /**
   * @param warehouse directory of the tables, on any Hadoop filesystem
   * @param minorDigits decimal places of the shop's currency
   */
  public TableStore(SparkSession spark, String warehouse, int minorDigits) {
    this.spark = spark;
    this.warehouse = qualified(spark, warehouse);
    this.minorDigits = minorDigits;
  }

  public int minorDigits() {
    return minorDigits;
  }

  public String path(Table table) {
    return warehouse + "/" + table.name();
  }

  public boolean exists(Table table) {
    return newest(table).isPresent();
  }

  /** The table's newest version; an empty dataset of its schema where it was never written. */
  public Dataset<Row> read(Table table) {
    return newest(table)
        .map(newest -> newest.rows().orElseGet(() -> spark.read().format(DELTA).load(path(table))))
        .orElseGet(() -> empty(table));
  }

  /** No rows of a table's schema. */
  Dataset<Row> empty(Table table) {
    return spark.createDataFrame(List.of(), table.schema(minorDigits));
  }

  /** Whether the table is there, with the columns and partitions of its declaration. */
  public boolean isAsDeclared(Table table) {
    return newest(table).filter(newest -> isAsDeclared(table, newest)).isPresent();
  }

  /**
   * The months of a table cut by month whose rows may differ between two versions, as its log tells
   * without reading a row.
   *
   * @return empty where the log does not tell
   */
  public Optional<Months> monthsChanged(Table table, long from, long to) {
    return ChangedPartitions.between(
            spark, path(table), table.partitioning().get(0).name(), from, to)
        .map(values -> Months.of(values.stream().map(LocalDate::parse).toList()));
  }

  /** One version of a table. */
  public Dataset<Row> read(Table table, long version) {
    return newest(table)
        .flatMap(newest -> newest.rows(version))
        .orElseGet(
            () -> spark.read().format(DELTA).option("versionAsOf", version).load(path(table)));
  }

  /** The rows of one as_of in a snapshot table. */
  public Dataset<Row> snapshot(Table table, LocalDate asOf) {
    return ofAsOf(read(table), asOf);
  }

  static Dataset<Row> ofAsOf(Dataset<Row> rows, LocalDate asOf) {
    return rows.where(Table.AS_OF.col().equalTo(lit(asOf)));
  }

  /** One version of a table; empty where its columns were not those of the declaration. */
  public Optional<Dataset<Row>> readAsDeclared(Table table, long version) {
    return Optional.of(read(table, version)).filter(r -> hasDeclaredColumns(table, r.schema()));
  }

  /** Replaces everything the table holds. */
  public void overwrite(Table table, Dataset<Row> rows) {
    if (newest(table).filter(newest -> !isAsDeclared(table, newest)).isPresent()) {
      create(table, DeltaTable.createOrReplace(spark));
    }
    if (madeAnew(table)) {
      save(table, write(table, rows).mode("append"));
    } else {
      save(table, write(table, rows).mode("overwrite").option("partitionOverwriteMode", "static"));
    }
  }

  /**
   * Replaces the rows that a predicate names, in one commit.
   *
   * @param predicate Spark SQL over the table's columns; the new rows must satisfy it
   */
  public void replaceWhere(Table table, String predicate, Dataset<Row> rows) {
    if (madeAnew(table)) {
      save(table, write(table, rows).mode("append"));
    } else {
      save(table, write(table, rows).mode("overwrite").option("replaceWhere", predicate));
      writeSmallFilesTogether(table);
    }
  }

  /** Replaces the rows of one as_of in a snapshot table. */
  public void replaceSnapshot(Table table, LocalDate asOf, Dataset<Row> rows) {
    replaceParts(table, Set.of(asOf), Table.AS_OF + " = DATE '" + asOf + "'", rows);
  }

  /** Replaces the rows of some months in a table that is cut by month. */
  public void replaceMonths(Table table, Months months, Dataset<Row> rows) {
    replaceParts(table, months.firstDays(), months.among(table.partitioning().get(0)), rows);
  }

  /** Delta looks for rows to replace by three jobs, also where its list of files has none. */
  private void replaceParts(Table table, Set<LocalDate> days, String predicate, Dataset<Row> rows) {
    boolean areAllNew =
        newest(table)
            .flatMap(newest -> newest.partitions(table.partitioning().get(0)))
            .filter(present -> Collections.disjoint(present, days))
            .isPresent();
    if (areAllNew) {
      append(table, rows);
    } else {
      replaceWhere(table, predicate, rows);
    }
  }

  /** The as_of dates of which a snapshot table has rows. */
  Set<LocalDate> snapshots(Table table) {
    return newest(table)
        .flatMap(newest -> newest.partitions(Table.AS_OF))
        .orElseGet(() -> Months.in(read(table).select(Table.AS_OF.col())).firstDays());
  }

  public void append(Table table, Dataset<Row> rows) {
    madeAnew(table);
    save(table, write(table, rows).mode("append"));
    writeSmallFilesTogether(table);
  }

  /**
   * Replaces everything the table holds, or nothing where somebody has written it since a version:
   * each such commit carries the number of the version that it was made from, as a transaction of
   * Delta, and Delta skips one whose number has been there.
   *
   * @param from the version that the rows were made from; empty where the table was not there
   */
  public void overwriteUnlessChanged(Table table, Dataset<Row> rows, Optional<Long> from) {
    boolean isNew = madeAnew(table);
    save(
        table,
        write(table, rows)
            .mode(isNew ? "append" : "overwrite")
            .option("txnAppId", "perennial")
            .option("txnVersion", from.orElse(-1L) + 1));
  }

  /** Makes the table, without rows, where it was never written. */
  public void prepare(Table table) {
    madeAnew(table);
  }

  /** Removes the rows that a predicate names. */
  public void delete(Table table, String predicate) {
    DeltaTable.forPath(spark, path(table)).delete(predicate);
  }

  /** Whether the table's log still has a version. */
  public boolean hasVersion(Table table, long version) {
    return DeltaCommits.exists(spark, path(table), version);
  }

  /** The number of the newest version, or empty where the table was never written. */
  public Optional<Long> version(Table table) {
    return newest(table).map(NewestVersion::number);
  }

  /**
   * Who made the versions after one, by what their commits say: a run's id, or empty for whoever
   * did not say.
   */
  public Set<String> writersAfter(Table table, long version) {
    Set<String> writers = new TreeSet<>();
    for (long next = version + 1; next <= version(table).orElse(version); next++) {
      commitInfo(table, next).ifPresent(info -> writers.add(info.writer()));
    }
    return writers;
  }

  /**
   * Has the commits of the session name a run as their writer.
   *
   * @return to be closed when the run ends
   */
  public static Signature sign(SparkSession spark, String runId) {
    SessionSettings settings =
        SessionSettings.of(spark, Map.of("spark.databricks.delta.commitInfo.userMetadata", runId));
    return settings::close;
  }

  /** Commits name a run until it is closed. */
  public interface Signature extends AutoCloseable {
    @Override
    void close();
  }

  /** Rows that the last commit wrote, where it says so; files written together do not count. */
  public Optional<Long> rowsLastWritten(Table table) {
    Optional<Long> newest = version(table);
    Optional<DeltaCommitInfo> info = newest.flatMap(version -> commitInfo(table, version));
    return info.filter(DeltaCommitInfo::isCompaction).isPresent()
        ? commitInfo(table, newest.get() - 1).flatMap(DeltaCommitInfo::rowsWritten)
        : info.flatMap(DeltaCommitInfo::rowsWritten);
  }

  private Optional<DeltaCommitInfo> commitInfo(Table table, long version) {
    return DeltaCommitInfo.of(spark, path(table), version);
  }

  /** Makes an earlier version the newest again, as a version of its own. */
  public void restore(Table table, long version) {
    DeltaTable.forPath(spark, path(table)).restoreToVersion(version);
  }

  /**
   * Commits a note and no rows. Afterwards the newest commit is none that removed files: such a one
   * holds the smallest and largest values of what it removed.
   *
   * @param note value of the table property {@code perennial.settled}
   */
  public void settle(Table table, String note) {
    spark.sql(
        "ALTER TABLE delta.`"
            + path(table).replace("`", "``")
            + "` SET TBLPROPERTIES ('perennial.settled' = '"
            + note
            + "')");
  }

  /**
   * Removes every version but the newest for good: data files, log entries and their statistics.
   * Settle the table first.
   */
  public void forgetHistory(Table table) {
    new DeltaHistory(spark, path(table)).forget();
  }

  /** What keeping the tables tidy did and cost since it was asked last. */
  public Upkeep takeUpkeep() {
    Upkeep taken = upkeep;
    upkeep = Upkeep.NONE;
    return taken;
  }

  private void writeSmallFilesTogether(Table table) {
    SmallFiles.writeTogether(spark, path(table), table)
        .ifPresent(done -> upkeep = upkeep.and(done));
  }

  /** Delta takes a relative path for a table's name. */
  static String qualified(SparkSession spark, String directory) {
    try {
      Path path = new Path(directory);
      return path.getFileSystem(spark.sparkContext().hadoopConfiguration())
          .makeQualified(path)
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot reach the warehouse '" + directory + "'", e);
    }
  }

  private void save(Table table, DataFrameWriter<Row> writer) {
    try {
      writer.save(path(table));
    } catch (Throwable e) {
      e.addSuppressed(new UnwrittenTable(path(table)));
      throw e;
    }
  }

  private DataFrameWriter<Row> write(Table table, Dataset<Row> rows) {
    return table.conform(rows, minorDigits).write().format(DELTA);
  }

  /**
   * Makes the table where it is not there yet.
   *
   * @return whether it was made: nothing has to be looked up to append to an empty table
   */
  private boolean madeAnew(Table table) {
    Optional<NewestVersion> newest = newest(table);
    if (newest.isEmpty()) {
      create(table, DeltaTable.createIfNotExists(spark));
      return true;
    }
    if (!isAsDeclared(table, newest.get())) {
      throw new IllegalStateException(
          "Cannot write table "
              + path(table)
              + ": its columns are those of another version of Perennial or of another currency. "
              + "Run `run --rebuild`, or choose another warehouse.path.");
    }
    return false;
  }

  private Optional<NewestVersion> newest(Table table) {
    return NewestVersion.of(spark, path(table));
  }

  private boolean isAsDeclared(Table table, NewestVersion newest) {
    return hasDeclaredColumns(table, newest.schema())
        && newest.partitioning().equals(table.partitioning().stream().map(Field::name).toList());
  }

  private boolean hasDeclaredColumns(Table table, StructType actual) {
    return signature(actual).equals(signature(table.schema(minorDigits)));
  }

  private static Map<String, String> signature(StructType schema) {
    Map<String, String> types = new LinkedHashMap<>();
    for (StructField field : schema.fields()) {
      types.put(field.name(), field.dataType().catalogString());
    }
    return types;
  }

  private void create(Table table, DeltaTableBuilder builder) {
    builder =
        builder
            .location(path(table))
            .comment("One row per " + table.grain() + ". " + table.doc())
            .property("delta.dataSkippingNumIndexedCols", Integer.toString(table.indexed()))
            .property("delta.deletedFileRetentionDuration", RETENTION)
            .property("delta.logRetentionDuration", RETENTION);
    for (Field field : table.fields()) {
      builder =
          builder.addColumn(
              DeltaTable.columnBuilder(spark, field.name())
                  .dataType(field.type(minorDigits))
                  .nullable(field.nullable())
                  .comment(field.doc())
                  .build());
    }
    for (Invariant invariant : table.invariants()) {
      builder = builder.property("delta.constraints." + invariant.name(), invariant.predicate());
    }
    if (!table.partitioning().isEmpty()) {
      builder =
          builder.partitionedBy(
              table.partitioning().stream().map(Field::name).toArray(String[]::new));
    }
    builder.execute();
  }
}
