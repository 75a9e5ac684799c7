package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.LinesByFile.Totals;
import io.perennial.lake.LakeFile;
import io.perennial.table.TableStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Counts the outcomes of every record by file and writes {@code ingested_files}. */
final class IngestManifest {

  private final Map<String, FileEntry> files;
  private final LinesByFile before;

  /**
   * @param retained entries of files that are not read
   * @param before totals of order_lines before the ingest
   */
  IngestManifest(Map<String, FileEntry> retained, LinesByFile before) {
    this.files = new TreeMap<>(retained);
    this.before = before;
  }

  /** Adds the files that were read, with their numbers of records and of erased records. */
  void addRead(
      Collection<LakeFile> read,
      Map<String, Long> records,
      Map<String, Long> erased,
      String ingestId) {
    read.forEach(
        file ->
            files.put(
                file.path(),
                FileEntry.read(
                    file,
                    records.getOrDefault(file.path(), 0L),
                    erased.getOrDefault(file.path(), 0L),
                    ingestId)));
    requireKnown(records.keySet());
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  void addRejected(Map<String, Long> rejected) {
    rejected.forEach((file, n) -> files.computeIfPresent(file, (f, c) -> c.withRejected(n)));
  }

  /**
   * Adds duplicates and superseded records.
   *
   * @param outcomes rows of {@link Deduplication#outcomes}
   */
  void addUnaccepted(Dataset<Row> outcomes) {
    for (Row row :
        outcomes
            .where(not(OrderLinesTable.IS_DERIVED.col()))
            .where(
                Deduplication.OUTCOME.col().isin(Deduplication.DUPLICATE, Deduplication.SUPERSEDED))
            .groupBy(OrderLinesTable.SOURCE_FILE.col(), Deduplication.OUTCOME.col())
            .count()
            .collectAsList()) {
      long n = row.getLong(2);
      boolean isDuplicate = row.getString(1).equals(Deduplication.DUPLICATE);
      files.computeIfPresent(
          row.getString(0),
          (path, counts) ->
              isDuplicate ? counts.withUnaccepted(n, 0) : counts.withUnaccepted(0, n));
    }
  }

  /**
   * Adds the accepted records of each file and writes ingested_files.
   *
   * @throws IllegalStateException if a record is not accounted for
   */
  List<FileEntry> write(SparkSession spark, TableStore store) {
    Map<String, Totals> accepted = before.current(store);
    requireKnown(accepted.keySet());
    List<FileEntry> counted = new ArrayList<>();
    files.forEach(
        (path, counts) -> {
          Totals now = accepted.getOrDefault(path, Totals.ZERO);
          counted.add(counts.withAccepted(now.accepted(), now.net()));
        });
    FileEntry.requireAllAccountedFor(counted);
    store.overwrite(IngestedFilesTable.TABLE, FileEntry.rows(spark, counted, store.minorDigits()));
    return counted;
  }

  private void requireKnown(Set<String> found) {
    Set<String> known = files.keySet();
    if (!known.containsAll(found)) {
      throw new IllegalStateException(
          "Cannot account for files: records name "
              + found.stream().filter(file -> !known.contains(file)).limit(3).toList()
              + ", the lake has "
              + known.stream().limit(3).toList()
              + ". This is a fault of Perennial's: report it.");
    }
  }
}
