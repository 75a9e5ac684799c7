package io.perennial.table;

import static org.apache.spark.sql.functions.*;

import io.delta.tables.DeltaTable;
import io.perennial.table.delta.Compaction;
import io.perennial.table.delta.DeltaCommitInfo;
import io.perennial.table.delta.DeltaCommits;
import io.perennial.table.delta.DeltaTableDefinition;
import io.perennial.table.delta.DeltaTransaction;
import io.perennial.table.delta.HistoryPurge;
import io.perennial.table.delta.TableSnapshot;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The one class that reads and writes Delta. A table lives at {@code warehouse.path/<name>}; it is
 * created from its declaration the first time it is written.
 */
public final class TableStore {

  /** The version of a table that was never written. */
  static final long NO_VERSION = -1;

  private static final String DELTA = "delta";

  /** The application id of numbered commits, in the terms of Delta. */
  private static final String APPLICATION = "perennial";

  private final SparkSession spark;
  private final Warehouse warehouse;
  private final int minorDigits;
  private MaintenanceSummary compactions = MaintenanceSummary.NONE;

  /**
   * @param warehouse directory of the tables, on any Hadoop filesystem
   * @param minorDigits decimal places of the shop's currency
   */
  public TableStore(SparkSession spark, String warehouse, int minorDigits) {
    this.spark = spark;
    this.warehouse = Warehouse.at(spark, warehouse);
    this.minorDigits = minorDigits;
  }

  public int minorDigits() {
    return minorDigits;
  }

  public String path(Table table) {
    return warehouse.path(table);
  }

  /** The table in SQL, by its path. */
  String sqlName(Table table) {
    return "delta.`" + path(table).replace("`", "``") + "`";
  }

  public boolean exists(Table table) {
    return newest(table).isPresent();
  }

  /** The table's newest version; an empty dataset of its schema if it was never written. */
  public Dataset<Row> read(Table table) {
    return newest(table)
        .map(newest -> newest.rows().orElseGet(() -> spark.read().format(DELTA).load(path(table))))
        .orElseGet(() -> noRows(table));
  }

  /** No rows of a table's schema. */
  public Dataset<Row> noRows(Table table) {
    return rows(table, List.of());
  }

  /** Rows of a table's schema. */
  public Dataset<Row> rows(Table table, List<Row> rows) {
    return spark.createDataFrame(rows, table.schema(minorDigits));
  }

  /** Whether the table exists with the columns and partitions of its declaration. */
  public boolean isAsDeclared(Table table) {
    return newest(table).filter(declared(table)::isAs).isPresent();
  }

  /**
   * The months of a table partitioned by month whose rows may differ between two versions. Only the
   * log is read.
   *
   * @return empty where the log does not say
   */
  public Optional<Months> monthsChanged(Table table, long from, long to) {
    return ChangedPartitions.between(
            spark, path(table), table.partitioning().get(0).name(), from, to)
        .map(values -> Months.of(values.stream().map(LocalDate::parse).toList()));
  }

  /**
   * What differs between two versions of a table that is partitioned by month.
   *
   * @return empty where the log does not list the files
   */
  public Optional<TableChanges> changes(Table table, long from, long to) {
    return newest(table).flatMap(newest -> newest.changes(from, to, table.partitioning().get(0)));
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
    return Optional.of(read(table, version)).filter(r -> declared(table).hasColumns(r.schema()));
  }

  /** Replaces everything the table holds. */
  public void overwrite(Table table, Dataset<Row> rows) {
    TableSnapshot newest = TableSnapshot.at(spark, path(table));
    DeltaTransaction write = new DeltaTransaction(spark, newest);
    if (!newest.exists() || !declared(table).isAs(newest)) {
      write.creating(declared(table));
    }
    commit(table, () -> write.replaceAll(conform(table, rows)));
  }

  /**
   * Replaces the rows that a predicate names, in one commit.
   *
   * @param predicate Spark SQL over the table's columns; the new rows must satisfy it
   */
  public void replaceWhere(Table table, String predicate, Dataset<Row> rows) {
    TableSnapshot newest = TableSnapshot.at(spark, path(table));
    if (!newest.exists()) {
      append(table, rows);
    } else {
      requireAsDeclared(table, newest);
      DataFrameWriter<Row> writer =
          conform(table, rows)
              .write()
              .format(DELTA)
              .mode("overwrite")
              .option("replaceWhere", predicate);
      commit(table, () -> writer.save(path(table)));
      compact(table);
    }
  }

  /** Replaces the rows of one as_of in a snapshot table. */
  public void replaceSnapshot(Table table, LocalDate asOf, Dataset<Row> rows) {
    replace(table, Set.of(asOf), rows);
  }

  /** Replaces the rows of some months in a table that is partitioned by month. */
  public void replaceMonths(Table table, Months months, Dataset<Row> rows) {
    replace(table, months.firstDays(), rows);
  }

  /**
   * Removes all rows of some months from a table that is partitioned by month, and adds rows of
   * these and other months. Commits nothing where nothing is removed or added.
   */
  public void exchangeMonths(Table table, Months months, Dataset<Row> rows) {
    Field part = table.partitioning().get(0);
    write(table, write -> write.exchange(part, months.firstDays(), conform(table, rows)));
  }

  private void replace(Table table, Set<LocalDate> days, Dataset<Row> rows) {
    Field part = table.partitioning().get(0);
    write(table, write -> write.replace(part, days, conform(table, rows)));
  }

  /** The as_of dates of the rows of each existing snapshot table. */
  Map<Table, Set<LocalDate>> snapshots(Collection<Table> tables) {
    Map<Table, Set<LocalDate>> snapshots = new LinkedHashMap<>();
    warehouse
        .present(tables.stream().filter(Table::isSnapshot).toList())
        .forEach(table -> snapshots.put(table, partitions(table, Table.AS_OF)));
    return snapshots;
  }

  /** Whether a snapshot table has rows of an as_of. */
  public boolean hasSnapshot(Table table, LocalDate asOf) {
    return partitions(table, Table.AS_OF).contains(asOf);
  }

  /** The months of the rows of a table that is partitioned by month. */
  public Months months(Table table) {
    return Months.of(partitions(table, table.partitioning().get(0)));
  }

  private Set<LocalDate> partitions(Table table, Field column) {
    return newest(table)
        .map(
            newest ->
                newest
                    .partitions(column)
                    .orElseGet(() -> Months.in(read(table).select(column.col())).firstDays()))
        .orElse(Set.of());
  }

  public void append(Table table, Dataset<Row> rows) {
    write(table, write -> write.append(conform(table, rows)));
  }

  /**
   * Replaces everything the table holds; does nothing if the table has been written since a
   * version. Each such commit carries its version number as a Delta transaction, so that of two
   * concurrent commits one fails.
   *
   * @param from the version that the rows were made from; {@link #NO_VERSION} if there was none
   */
  public void overwriteUnlessChanged(Table table, Dataset<Row> rows, long from) {
    TableSnapshot newest = TableSnapshot.at(spark, path(table));
    if (newest.number() == from) {
      DeltaTransaction write = write(table, newest).numbered(APPLICATION, newest.number() + 1);
      commit(table, () -> write.replaceAll(conform(table, rows)));
    }
  }

  /** Creates the table, without rows, if it was never written. */
  public void prepare(Table table) {
    DeltaTransaction write = write(table);
    commit(table, write::nothing);
  }

  /**
   * Empties a table whose columns are not those of the declaration, and gives it the declared ones.
   *
   * @return whether the columns differed
   */
  public boolean remake(Table table) {
    boolean isOther = newest(table).filter(newest -> !declared(table).isAs(newest)).isPresent();
    if (isOther) {
      overwrite(table, noRows(table));
    }
    return isOther;
  }

  /** Removes the rows that a predicate names. */
  public void delete(Table table, String predicate) {
    DeltaTable.forPath(spark, path(table)).delete(predicate);
  }

  /** Whether the table's log still has a version. */
  public boolean hasVersion(Table table, long version) {
    return DeltaCommits.exists(spark, path(table), version);
  }

  /** The number of the newest version, or empty if the table was never written. */
  public Optional<Long> version(Table table) {
    return newest(table).map(TableSnapshot::number);
  }

  /** The number of the newest version of each existing table. */
  public Map<Table, Long> versions(Collection<Table> tables) {
    Map<Table, Long> versions = new LinkedHashMap<>();
    warehouse
        .present(tables)
        .forEach(table -> version(table).ifPresent(version -> versions.put(table, version)));
    return versions;
  }

  /** Bytes of the files of a table's newest version; empty where its log does not say. */
  public Optional<Long> bytes(Table table) {
    return newest(table).map(TableSnapshot::bytes).orElse(Optional.of(0L));
  }

  /**
   * The writers of the versions after one up to another, as their commits name them: run ids; empty
   * text for a commit that names none.
   */
  public Set<String> writersAfter(Table table, long version, long last) {
    Set<String> writers = new TreeSet<>();
    for (long next = version + 1; next <= last; next++) {
      commitInfo(table, next).ifPresent(info -> writers.add(info.writer()));
    }
    return writers;
  }

  /** Makes the session's commits name a run as their writer, until the result is closed. */
  public static SessionSettings sign(SparkSession spark, String runId) {
    return SessionSettings.of(
        spark, Map.of("spark.databricks.delta.commitInfo.userMetadata", runId));
  }

  /** Rows that the last commit wrote, where it says so; a compaction does not count. */
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

  /** Commits a new version with the rows of an earlier one. */
  public void restore(Table table, long version) {
    DeltaTransaction write = new DeltaTransaction(spark, TableSnapshot.at(spark, path(table)));
    commit(table, () -> write.restore(version));
  }

  /** Removes all rows. */
  void clear(Table table) {
    commit(table, write(table)::clear);
  }

  /**
   * Commits a note and no rows, so that the newest commit is not one that removed files: that would
   * hold the smallest and largest values of the removed rows.
   *
   * @param note value of the table property {@code perennial.settled}
   */
  public void settle(Table table, String note) {
    spark.sql(
        "ALTER TABLE %s SET TBLPROPERTIES ('perennial.settled' = '%s')"
            .formatted(sqlName(table), note));
  }

  /**
   * Removes every version but the newest for good: data files, log entries and their statistics.
   * Settle the table first.
   */
  public void forgetHistory(Table table) {
    new HistoryPurge(spark, path(table)).purge();
  }

  /** What compaction did since the last call. */
  public MaintenanceSummary takeUpkeep() {
    MaintenanceSummary taken = compactions;
    compactions = MaintenanceSummary.NONE;
    return taken;
  }

  private void write(Table table, Consumer<DeltaTransaction> change) {
    DeltaTransaction write = write(table);
    commit(table, () -> change.accept(write));
    compact(table);
  }

  private void compact(Table table) {
    Compaction.compact(spark, path(table), table)
        .ifPresent(done -> compactions = compactions.and(done));
  }

  /** Begins a transaction on a table, which it creates if necessary. */
  private DeltaTransaction write(Table table) {
    return write(table, TableSnapshot.at(spark, path(table)));
  }

  private DeltaTransaction write(Table table, TableSnapshot newest) {
    DeltaTransaction write = new DeltaTransaction(spark, newest);
    if (!newest.exists()) {
      return write.creating(declared(table));
    }
    requireAsDeclared(table, newest);
    return write;
  }

  private void requireAsDeclared(Table table, TableSnapshot newest) {
    if (!declared(table).isAs(newest)) {
      throw new IllegalStateException(
          "Cannot write table "
              + path(table)
              + ": its columns are those of another version of Perennial or of another currency. "
              + "Run `run --rebuild`, or choose another warehouse.path.");
    }
  }

  private void commit(Table table, Runnable write) {
    try {
      write.run();
    } catch (Throwable e) {
      e.addSuppressed(new TableWriteFailure(path(table)));
      throw e;
    }
  }

  private Dataset<Row> conform(Table table, Dataset<Row> rows) {
    return table.conform(rows, minorDigits);
  }

  private DeltaTableDefinition declared(Table table) {
    return new DeltaTableDefinition(table, minorDigits);
  }

  private Optional<TableSnapshot> newest(Table table) {
    return TableSnapshot.of(spark, path(table));
  }
}
