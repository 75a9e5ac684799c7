package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.LinesByFile.Totals;
import io.perennial.lake.LakeFile;
import io.perennial.table.Field;
import io.perennial.table.TableStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

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
    rejected.forEach((path, records) -> add(path, IngestedFilesTable.REJECTED, records));
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
      boolean isDuplicate = row.getString(1).equals(Deduplication.DUPLICATE);
      add(
          row.getString(0),
          isDuplicate ? IngestedFilesTable.DUPLICATES : IngestedFilesTable.SUPERSEDED,
          row.getLong(2));
    }
  }

  /**
   * Adds the accepted records of each file and writes ingested_files.
   *
   * @throws IllegalStateException if a record is not accounted for
   */
  List<FileEntry> write(TableStore store) {
    Map<String, Totals> accepted = before.current(store);
    requireKnown(accepted.keySet());
    List<FileEntry> counted =
        files.values().stream()
            .map(file -> file.withAccepted(accepted.getOrDefault(file.path(), Totals.ZERO)))
            .toList();
    FileEntry.requireAllAccountedFor(counted);
    store.overwrite(IngestedFilesTable.TABLE, FileEntry.rows(store, counted));
    return counted;
  }

  private void add(String path, Field outcome, long records) {
    files.computeIfPresent(path, (any, file) -> file.plus(outcome, records));
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
