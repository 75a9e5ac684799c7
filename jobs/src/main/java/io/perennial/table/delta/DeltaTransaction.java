package io.perennial.table.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.tables.DeltaTable;
import io.perennial.table.Field;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.execution.CacheManager;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Adds rows to a table and removes files from it in one Delta transaction, which creates the table
 * if necessary. Delta's own writer does the same, but runs Spark jobs to compute the state of the
 * table and to find its files, which takes longer than the rest for a small table. This class takes
 * the file list from the checksum of the last commit.
 *
 * <p>Delta's transaction class is not a public interface. The methods called here are the same in
 * every version that the pom names.
 */
public final class DeltaTransaction {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkSession spark;
  private final TableSnapshot table;
  private final OptimisticTransaction transaction;
  private boolean createsTable;

  /** Begins a transaction on a version. */
  public DeltaTransaction(org.apache.spark.sql.SparkSession spark, TableSnapshot table) {
    this.spark = (SparkSession) spark;
    this.table = table;
    this.transaction = table.log().startTransaction(Option.empty(), Option.apply(table.snapshot()));
  }

  /** Creates the table, or replaces its columns. */
  public DeltaTransaction creating(DeltaTableDefinition declared) {
    createsTable = true;
    if (table.exists()) {
      transaction.updateMetadataForNewTableInReplace(declared.metadata());
    } else {
      transaction.updateMetadataForNewTable(declared.metadata());
    }
    return this;
  }

  /** Gives the commit an application id and number, of which Delta accepts each once. */
  public DeltaTransaction numbered(String application, long number) {
    transaction.updateSetTransaction(application, number, Option.empty());
    return this;
  }

  /** Adds no rows: commits only the creation of the table. */
  public void nothing() {
    commit(List.of(), List.of());
  }

  /** Adds rows; commits nothing where there are none. */
  public void append(Dataset<Row> rows) {
    commit(filesOf(rows), List.of());
  }

  /** Replaces all rows; fails if another writer has committed since. */
  public void replaceAll(Dataset<Row> rows) {
    transaction.readWholeTable();
    commit(filesOf(rows), table.files());
  }

  /**
   * Replaces the rows of some days; fails if another writer has committed since.
   *
   * @param part the partition column that holds the day
   * @throws IllegalStateException if a row is of another day
   */
  public void replace(Field part, Set<LocalDate> days, Dataset<Row> rows) {
    List<AddFile> added = filesOf(rows);
    added.stream()
        .filter(isOf(part, days).negate())
        .findAny()
        .ifPresent(
            other -> {
              throw new IllegalStateException(
                  "Rows for %s of %s were to replace those of %s"
                      .formatted(table.log().dataPath(), other.partitionValues(), days));
            });
    exchange(part, days, added);
  }

  /**
   * Removes the rows of some days, and adds rows of any; fails if another writer has committed
   * since.
   *
   * @param part the partition column that holds the day
   */
  public void exchange(Field part, Set<LocalDate> days, Dataset<Row> rows) {
    exchange(part, days, filesOf(rows));
  }

  private void exchange(Field part, Set<LocalDate> days, List<AddFile> added) {
    transaction.readWholeTable();
    commit(added, table.files().stream().filter(isOf(part, days)).toList());
  }

  private static Predicate<AddFile> isOf(Field part, Set<LocalDate> days) {
    return file -> TableSnapshot.day(file, part).filter(days::contains).isPresent();
  }

  /** Removes all rows. */
  public void clear() {
    transaction.readWholeTable();
    commit(List.of(), table.files());
  }

  /**
   * Adds back the files of an earlier version, and removes those that were added since. Delta
   * itself does it where the log does not list those files or one is missing.
   */
  public void restore(long version) {
    Optional<List<AddFile>> listed = table.listed(version).filter(table::allExist);
    if (listed.isEmpty()) {
      DeltaTable.forPath(spark, table.log().dataPath().toString()).restoreToVersion(version);
      return;
    }
    List<AddFile> earlier = listed.get();
    List<AddFile> now = table.files();
    transaction.readWholeTable();
    commit(
        TableSnapshot.without(earlier, now).stream().map(DeltaTransaction::asChange).toList(),
        TableSnapshot.without(now, earlier));
  }

  /** Marks a listed file as a change of rows, which a list does not. */
  private static AddFile asChange(AddFile file) {
    try {
      ObjectNode action = (ObjectNode) JSON.readTree(file.json());
      ((ObjectNode) action.get("add")).put("dataChange", true);
      return (AddFile) Action.fromJson(action.toString());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("Cannot read a file's entry: " + file.path(), e);
    }
  }

  private List<AddFile> filesOf(Dataset<Row> rows) {
    return CollectionConverters.asJava(transaction.writeFiles(rows)).stream()
        .map(AddFile.class::cast)
        .toList();
  }

  private void commit(List<AddFile> added, List<AddFile> replaced) {
    long now = System.currentTimeMillis();
    Stream<Action> removed = replaced.stream().map(file -> file.removeWithTimestamp(now, true));
    transaction.commitIfNeeded(
        CollectionConverters.asScala(Stream.concat(added.stream(), removed).toList()).toSeq(),
        new Write(createsTable, replaced.isEmpty() ? "Append" : "Overwrite"),
        scala.collection.immutable.Map$.MODULE$.empty());
    refreshCache();
  }

  /** Spark takes cached rows of the table for those of every version of it. */
  private void refreshCache() {
    CacheManager cache = spark.sharedState().cacheManager();
    if (!cache.isEmpty() && table.exists()) {
      String path = table.log().dataPath().toString();
      cache.recacheByPlan(
          spark, spark.read().format("delta").load(path).queryExecution().analyzed());
    }
  }

  /** The operation in the table's history: as for Delta's own writer. */
  private static final class Write extends DeltaOperations.Operation {

    private static final Set<String> METRICS =
        Set.of("numFiles", "numOutputBytes", "numOutputRows", "numRemovedFiles", "numRemovedBytes");

    private final boolean createsTable;
    private final String mode;

    Write(boolean createsTable, String mode) {
      super(createsTable ? "CREATE OR REPLACE TABLE AS SELECT" : "WRITE");
      this.createsTable = createsTable;
      this.mode = mode;
    }

    @Override
    public scala.collection.immutable.Map<String, Object> parameters() {
      return scala.collection.immutable.Map.from(
          CollectionConverters.asScala(Map.<String, Object>of("mode", mode)));
    }

    @Override
    public scala.collection.immutable.Set<String> operationMetrics() {
      return CollectionConverters.asScala(METRICS).toSet();
    }

    @Override
    public boolean changesData() {
      return true;
    }

    @Override
    public boolean checkAddFileWithDeletionVectorStatsAreNotTightBounds() {
      return true;
    }

    @Override
    public Option<Object> isInPlaceFileMetadataUpdate() {
      return Option.apply(false);
    }

    // Delta 4.0 has no such method to override.
    @SuppressWarnings({"MissingOverride", "UnusedMethod", "EffectivelyPrivate"})
    public boolean canChangePartitionColumns() {
      return createsTable;
    }
  }
}
