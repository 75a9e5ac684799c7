package io.perennial.table;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
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
 * Puts rows into a table and takes files out of it, by one transaction of Delta's own. Delta's
 * writer does the same, but computes the state of the whole table before, by a job of Spark, and
 * looks for the files by more of them: of a small table that takes longer than all the rest. Here
 * the caller has the list.
 */
final class Replacement {

  private final NewestVersion table;
  private final Dataset<Row> rows;
  private final OptimisticTransaction transaction;

  /**
   * Begins one upon a version.
   *
   * @param rows as the table declares them
   */
  Replacement(NewestVersion table, Dataset<Row> rows) {
    this.table = table;
    this.rows = rows;
    this.transaction = table.log().startTransaction(Option.empty(), Option.apply(table.snapshot()));
  }

  /** Has the commit carry a number by which Delta knows that it has been there. */
  Replacement numbered(String application, long number) {
    transaction.updateSetTransaction(application, number, Option.empty());
    return this;
  }

  /** Adds the rows, or does nothing where there are none. */
  void ofNothing() {
    commit("Append", added(), List.of());
  }

  /** Replaces some files; fails where another writer has come in between. */
  void of(List<AddFile> files) {
    transaction.readWholeTable();
    commit("Overwrite", added(), files);
  }

  /**
   * Replaces those files of some days.
   *
   * @param part the partition column that holds the day
   * @throws IllegalStateException if the rows are of others too
   */
  void of(List<AddFile> files, Field part, Set<LocalDate> days) {
    transaction.readWholeTable();
    List<AddFile> added = added();
    Predicate<AddFile> isOfThem =
        file -> NewestVersion.day(file, part).filter(days::contains).isPresent();
    added.stream()
        .filter(isOfThem.negate())
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
    commit("Overwrite", added, files.stream().filter(isOfThem).toList());
  }

  private List<AddFile> added() {
    return CollectionConverters.asJava(transaction.writeFiles(rows)).stream()
        .map(AddFile.class::cast)
        .toList();
  }

  private void commit(String mode, List<AddFile> added, List<AddFile> replaced) {
    long now = System.currentTimeMillis();
    Stream<Action> removed = replaced.stream().map(file -> file.removeWithTimestamp(now, true));
    transaction.commitIfNeeded(
        CollectionConverters.asScala(Stream.concat(added.stream(), removed).toList()).toSeq(),
        new Write(mode),
        scala.collection.immutable.Map$.MODULE$.empty());
    forget((SparkSession) rows.sparkSession());
  }

  /** Spark may keep rows of the table, and takes them for those of every version of it. */
  private void forget(SparkSession spark) {
    CacheManager kept = spark.sharedState().cacheManager();
    if (!kept.isEmpty()) {
      String path = table.log().dataPath().toString();
      kept.recacheByPlan(
          spark, spark.read().format("delta").load(path).queryExecution().analyzed());
    }
  }

  /** What the table's history says of it: what it says of Delta's writer. */
  private static final class Write extends DeltaOperations.Operation {

    private static final Set<String> METRICS =
        Set.of("numFiles", "numOutputBytes", "numOutputRows", "numRemovedFiles", "numRemovedBytes");

    private final String mode;

    Write(String mode) {
      super("WRITE");
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
      return false;
    }
  }
}
