package io.perennial.ingest;

import io.perennial.lake.LakeFile;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** One row of {@code ingested_files}: the outcomes of the records of a file. */
public record FileEntry(
    String path,
    long size,
    Instant modified,
    long records,
    long accepted,
    long duplicates,
    long superseded,
    long rejected,
    long erased,
    BigDecimal net,
    String ingestId) {

  /** A file that was read, before the outcomes of its records are known. */
  static FileEntry read(LakeFile file, long records, long erased, String ingestId) {
    return new FileEntry(
        file.path(),
        file.size(),
        file.modified(),
        records,
        0,
        0,
        0,
        0,
        erased,
        BigDecimal.ZERO,
        ingestId);
  }

  /** Counts accepted and rejected records as erased. */
  FileEntry withErased(long lines, long rejects) {
    return with(
        accepted - lines,
        duplicates,
        superseded,
        rejected - rejects,
        erased + lines + rejects,
        net);
  }

  /** Counts more duplicates and superseded records. */
  FileEntry withUnaccepted(long moreDuplicates, long moreSuperseded) {
    return with(
        accepted, duplicates + moreDuplicates, superseded + moreSuperseded, rejected, erased, net);
  }

  /** Counts more rejected records. */
  FileEntry withRejected(long moreRejected) {
    return with(accepted, duplicates, superseded, rejected + moreRejected, erased, net);
  }

  /** Replaces the totals of the file's rows of order_lines. */
  FileEntry withAccepted(long newAccepted, BigDecimal newNet) {
    return with(newAccepted, duplicates, superseded, rejected, erased, newNet);
  }

  private FileEntry with(
      long newAccepted,
      long newDuplicates,
      long newSuperseded,
      long newRejected,
      long newErased,
      BigDecimal newNet) {
    return new FileEntry(
        path,
        size,
        modified,
        records,
        newAccepted,
        newDuplicates,
        newSuperseded,
        newRejected,
        newErased,
        newNet,
        ingestId);
  }

  /** Sum of the outcomes; equals {@link #records} unless a record is lost or counted twice. */
  long accountedFor() {
    return accepted + duplicates + superseded + rejected + erased;
  }

  /**
   * @throws IllegalStateException naming the first file with a record that is lost or counted twice
   */
  static void requireAllAccountedFor(List<FileEntry> files) {
    for (FileEntry file : files) {
      if (file.records != file.accountedFor()) {
        throw new IllegalStateException(
            "Cannot publish: of file '"
                + file.path
                + "' "
                + file.records
                + " records were read, but accepted "
                + file.accepted
                + " + duplicates "
                + file.duplicates
                + " + superseded "
                + file.superseded
                + " + rejected "
                + file.rejected
                + " + erased "
                + file.erased
                + " = "
                + file.accountedFor()
                + ". This is a fault of Perennial's: keep the file and report it.");
      }
    }
  }

  /** Whether a record is neither a row of order_lines nor erased. */
  boolean hasUnacceptedRecords() {
    return duplicates + superseded + rejected > 0;
  }

  /** Reads a row of {@code ingested_files}. */
  public static FileEntry of(Row row) {
    return new FileEntry(
        row.getAs(IngestedFilesTable.PATH.name()),
        row.getAs(IngestedFilesTable.SIZE.name()),
        row.<Timestamp>getAs(IngestedFilesTable.MODIFIED.name()).toInstant(),
        row.getAs(IngestedFilesTable.RECORDS.name()),
        row.getAs(IngestedFilesTable.ACCEPTED.name()),
        row.getAs(IngestedFilesTable.DUPLICATES.name()),
        row.getAs(IngestedFilesTable.SUPERSEDED.name()),
        row.getAs(IngestedFilesTable.REJECTED.name()),
        row.getAs(IngestedFilesTable.ERASED.name()),
        row.getAs(IngestedFilesTable.NET.name()),
        row.getAs(IngestedFilesTable.INGEST_ID.name()));
  }

  /** Numbers by path, of rows of path and number. */
  static Map<String, Long> countsByPath(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
  }

  static Dataset<Row> rows(SparkSession spark, List<FileEntry> files, int minorDigits) {
    return spark.createDataFrame(
        files.stream()
            .map(
                file ->
                    RowFactory.create(
                        file.path,
                        file.size,
                        Timestamp.from(file.modified),
                        file.records,
                        file.accepted,
                        file.duplicates,
                        file.superseded,
                        file.rejected,
                        file.erased,
                        file.net.setScale(minorDigits),
                        file.ingestId))
            .toList(),
        IngestedFilesTable.TABLE.schema(minorDigits));
  }
}
