package io.perennial.ingest;

import io.perennial.lake.LakeFile;
import io.perennial.table.Field;
import io.perennial.table.TableStore;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * One row of {@code ingested_files}.
 *
 * @param outcomes numbers of records by {@link IngestedFilesTable#OUTCOMES}
 */
public record FileEntry(
    String path,
    long size,
    Instant modified,
    long records,
    Map<Field, Long> outcomes,
    BigDecimal net,
    String ingestId) {

  /** A file that was read, before the outcomes of its records are known. */
  static FileEntry read(LakeFile file, long records, long erased, String ingestId) {
    return new FileEntry(
        file.path(),
        file.size(),
        file.modified(),
        records,
        Map.of(IngestedFilesTable.ERASED, erased),
        BigDecimal.ZERO,
        ingestId);
  }

  /** Number of records with an outcome. */
  public long count(Field outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  public long accepted() {
    return count(IngestedFilesTable.ACCEPTED);
  }

  public long rejected() {
    return count(IngestedFilesTable.REJECTED);
  }

  /** Counts more records with an outcome; fewer if {@code more} is negative. */
  FileEntry plus(Field outcome, long more) {
    Map<Field, Long> counts = new HashMap<>(outcomes);
    counts.merge(outcome, more, Long::sum);
    return new FileEntry(path, size, modified, records, counts, net, ingestId);
  }

  /** Replaces the totals of the file's rows of order_lines. */
  FileEntry withAccepted(LinesByFile.Totals lines) {
    return new FileEntry(path, size, modified, records, outcomes, lines.net(), ingestId)
        .plus(IngestedFilesTable.ACCEPTED, lines.accepted() - accepted());
  }

  /**
   * @throws IllegalStateException naming the first file with a record that is lost or counted twice
   */
  static void requireAllAccountedFor(List<FileEntry> files) {
    for (FileEntry file : files) {
      long accountedFor = file.outcomes.values().stream().mapToLong(Long::longValue).sum();
      if (file.records != accountedFor) {
        throw new IllegalStateException(
            "Cannot publish: of file '"
                + file.path
                + "' "
                + file.records
                + " records were read, but "
                + IngestedFilesTable.OUTCOMES.stream()
                    .map(outcome -> outcome + " " + file.count(outcome))
                    .collect(Collectors.joining(" + "))
                + " = "
                + accountedFor
                + ". This is a fault of Perennial's: keep the file and report it.");
      }
    }
  }

  /** Whether a record is neither a row of order_lines nor erased. */
  boolean hasUnacceptedRecords() {
    return records > accepted() + count(IngestedFilesTable.ERASED);
  }

  /** Whether the file may have changed since it was read. */
  public boolean differsFrom(LakeFile file) {
    return file.size() != size || !file.modified().equals(modified);
  }

  /** Reads a row of {@code ingested_files}. */
  public static FileEntry of(Row row) {
    return new FileEntry(
        row.getAs(IngestedFilesTable.PATH.name()),
        row.getAs(IngestedFilesTable.SIZE.name()),
        row.<Timestamp>getAs(IngestedFilesTable.MODIFIED.name()).toInstant(),
        row.getAs(IngestedFilesTable.RECORDS.name()),
        IngestedFilesTable.OUTCOMES.stream()
            .collect(
                Collectors.toMap(outcome -> outcome, outcome -> row.<Long>getAs(outcome.name()))),
        row.getAs(IngestedFilesTable.NET.name()),
        row.getAs(IngestedFilesTable.INGEST_ID.name()));
  }

  /** Numbers by path, of rows of path and number. */
  static Map<String, Long> countsByPath(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
  }

  private Row row(int minorDigits) {
    List<Object> values = new ArrayList<>(List.of(path, size, Timestamp.from(modified), records));
    IngestedFilesTable.OUTCOMES.forEach(outcome -> values.add(count(outcome)));
    values.add(net.setScale(minorDigits));
    values.add(ingestId);
    return RowFactory.create(values.toArray());
  }

  /** Rows of {@code ingested_files}. */
  static Dataset<Row> rows(TableStore store, List<FileEntry> files) {
    return store.rows(
        IngestedFilesTable.TABLE,
        files.stream().map(file -> file.row(store.minorDigits())).toList());
  }
}
