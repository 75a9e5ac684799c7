package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.LinesByFile.Held;
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

/** Accounts for every record of every file of the lake, and writes ingested_files. */
final class IngestManifest {

  private final Map<String, FileEntry> files;
  private final LinesByFile before;

  /**
   * @param staying files that are not read, with their counts
   * @param before order_lines before the ingest
   */
  IngestManifest(Map<String, FileEntry> staying, LinesByFile before) {
    this.files = new TreeMap<>(staying);
    this.before = before;
  }

  /**
   * Enters the files that are read, with the records that are in them and those of erased people.
   */
  void enter(
      Collection<LakeFile> read,
      Map<String, Long> records,
      Map<String, Long> erased,
      String ingestId) {
    read.forEach(
        file ->
            files.put(
                file.path(),
                FileEntry.unread(
                    file,
                    records.getOrDefault(file.path(), 0L),
                    erased.getOrDefault(file.path(), 0L),
                    ingestId)));
    requireKnown(records.keySet());
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  void reject(Map<String, Long> rejected) {
    rejected.forEach((file, n) -> files.computeIfPresent(file, (f, c) -> c.rejecting(n)));
  }

  /**
   * @param fates what {@link Deduplication#fates} gives
   */
  void countLosers(Dataset<Row> fates) {
    for (Row row :
        fates
            .where(not(OrderLinesTable.IS_DERIVED.col()))
            .where(Deduplication.FATE.isin(Deduplication.DUPLICATE, Deduplication.SUPERSEDED))
            .groupBy(OrderLinesTable.SOURCE_FILE.col(), Deduplication.FATE)
            .count()
            .collectAsList()) {
      long n = row.getLong(2);
      boolean isDuplicate = row.getString(1).equals(Deduplication.DUPLICATE);
      files.computeIfPresent(
          row.getString(0),
          (path, counts) -> isDuplicate ? counts.losing(n, 0) : counts.losing(0, n));
    }
  }

  /**
   * Enters what order_lines now holds of each file, and writes ingested_files.
   *
   * @throws IllegalStateException if a record is not accounted for
   */
  List<FileEntry> close(SparkSession spark, TableStore store) {
    Map<String, Held> held = before.now(store);
    requireKnown(held.keySet());
    List<FileEntry> counted = new ArrayList<>();
    files.forEach(
        (path, counts) -> {
          Held now = held.getOrDefault(path, Held.NOTHING);
          counted.add(counts.holding(now.accepted(), now.net()));
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
