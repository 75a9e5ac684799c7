package io.perennial.table.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * Puts rows into a table and takes files out of it, by one transaction of Delta's own; where the
 * table is not there, the same transaction makes it. Delta's writer does no more, but computes the
 * state of the whole table before, by a job of Spark, and looks for the files by others: of a small
 * table that takes longer than all the rest. Here the list beside the last commit is taken.
 *
 * <p>Delta does not promise this class of its to anybody, as it does its writer. What is called
 * here is the same in every version that the pom names.
 */
public final class DeltaTransaction {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkSession spark;
  private final TableSnapshot table;
  private final OptimisticTransaction transaction;
  private boolean isMade;

  /** Begins one upon a version. */
  public DeltaTransaction(org.apache.spark.sql.SparkSession spark, TableSnapshot table) {
    this.spark = (SparkSession) spark;
    this.table = table;
    this.transaction = table.log().startTransaction(Option.empty(), Option.apply(table.snapshot()));
  }

  /** Makes the table, or makes it anew. */
  public DeltaTransaction making(DeltaTableDefinition declared) {
    isMade = true;
    if (table.exists()) {
      transaction.updateMetadataForNewTableInReplace(declared.metadata());
    } else {
      transaction.updateMetadataForNewTable(declared.metadata());
    }
    return this;
  }

  /** Has the commit carry a number by which Delta knows that it has been there. */
  public DeltaTransaction numbered(String application, long number) {
    transaction.updateSetTransaction(application, number, Option.empty());
    return this;
  }

  /** Adds no rows: only a table that is made is committed. */
  public void nothing() {
    commit(List.of(), List.of());
  }

  /** Adds rows; where there are none nothing is committed. */
  public void append(Dataset<Row> rows) {
    commit(filesOf(rows), List.of());
  }

  /** Replaces all rows; fails where another writer has come in between. */
  public void replaceAll(Dataset<Row> rows) {
    transaction.readWholeTable();
    commit(filesOf(rows), table.files());
  }

  /**
   * Replaces the rows of some days; fails where another writer has come in between.
   *
   * @param part the partition column that holds the day
   * @throws IllegalStateException if the rows are of others too
   */
  public void replace(Field part, Set<LocalDate> days, Dataset<Row> rows) {
    List<AddFile> added = filesOf(rows);
    added.stream()
        .filter(isOf(part, days).negate())
        .findAny()
        .ifPresent(
            other -> {
              throw new IllegalStateException(
                  "Rows for "
                      + table.log().dataPath()
                      + " of "
                      + other.partitionValues()
                      + " were to replace those of "
                      + days);
            });
    exchange(part, days, added);
  }

  /**
   * Takes the rows of some days out, and adds rows of any; fails where another writer has come in
   * between.
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

  /** Takes all rows out. */
  public void clear() {
    transaction.readWholeTable();
    commit(List.of(), table.files());
  }

  /**
   * Puts back the files of an earlier version, and takes out those that came after it.
   *
   * @return false, without a commit, where the log does not list those files or one of them is gone
   */
  public boolean restore(long version) {
    Optional<List<AddFile>> listed = table.listed(version).filter(table::areThere);
    if (listed.isEmpty()) {
      return false;
    }
    List<AddFile> earlier = listed.get();
    List<AddFile> now = table.files();
    transaction.readWholeTable();
    commit(
        TableSnapshot.without(earlier, now).stream().map(DeltaTransaction::asChange).toList(),
        TableSnapshot.without(now, earlier));
    return true;
  }

  /** A list of files does not say that they change the table's rows; those that come back do. */
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
        new Write(isMade, replaced.isEmpty() ? "Append" : "Overwrite"),
        scala.collection.immutable.Map$.MODULE$.empty());
    forgetKept();
  }

  /** Spark may keep rows of the table, and takes them for those of every version of it. */
  private void forgetKept() {
    CacheManager kept = spark.sharedState().cacheManager();
    if (!kept.isEmpty() && table.exists()) {
      String path = table.log().dataPath().toString();
      kept.recacheByPlan(
          spark, spark.read().format("delta").load(path).queryExecution().analyzed());
    }
  }

  /** What the table's history says of it: what it says of Delta's writer. */
  private static final class Write extends DeltaOperations.Operation {

    private static final Set<String> METRICS =
        Set.of("numFiles", "numOutputBytes", "numOutputRows", "numRemovedFiles", "numRemovedBytes");

    private final boolean isMade;
    private final String mode;

    Write(boolean isMade, String mode) {
      super(isMade ? "CREATE OR REPLACE TABLE AS SELECT" : "WRITE");
      this.isMade = isMade;
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

    // Not of Delta 4.0, which has no such question.
    public boolean canChangePartitionColumns() {
      return isMade;
    }
  }
}
