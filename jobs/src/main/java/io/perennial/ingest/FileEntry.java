package io.perennial.ingest;

import io.perennial.lake.LakeFile;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** One row of {@code ingested_files}: what became of the records of a file. */
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

  static FileEntry unread(LakeFile file, long records, long erased, String ingestId) {
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

  /** The same file after accepted and rejected records of it were erased. */
  FileEntry erasing(long lines, long rejects) {
    return new FileEntry(
        path,
        size,
        modified,
        records,
        accepted - lines,
        duplicates,
        superseded,
        rejected - rejects,
        erased + lines + rejects,
        net,
        ingestId);
  }

  /** The same file after lines of it lost against new ones. */
  FileEntry losing(long moreDuplicates, long moreSuperseded) {
    return new FileEntry(
        path,
        size,
        modified,
        records,
        accepted,
        duplicates + moreDuplicates,
        superseded + moreSuperseded,
        rejected,
        erased,
        net,
        ingestId);
  }

  /** The same file after more of its records were rejected. */
  FileEntry rejecting(long moreRejected) {
    return new FileEntry(
        path,
        size,
        modified,
        records,
        accepted,
        duplicates,
        superseded,
        rejected + moreRejected,
        erased,
        net,
        ingestId);
  }

  FileEntry holding(long newAccepted, BigDecimal newNet) {
    return new FileEntry(
        path,
        size,
        modified,
        records,
        newAccepted,
        duplicates,
        superseded,
        rejected,
        erased,
        newNet,
        ingestId);
  }

  /** What the records became; equal to {@link #records} when none is lost. */
  long accountedFor() {
    return accepted + duplicates + superseded + rejected + erased;
  }

  /**
   * @throws IllegalStateException naming the first file of which a record is lost or doubled
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

  /** Whether some of its records are not rows of order_lines, besides those erased. */
  boolean hasUnacceptedRecords() {
    return duplicates + superseded + rejected > 0;
  }

  /** A row of {@code ingested_files}. */
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
