package io.perennial.report;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord.IdentityCheck;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * What became of the lake's records, and whether the run's figures add up.
 *
 * @param rejects by records, most first
 */
record HealthFigures(List<IdentityCheck> reconciliation, Files files, List<Rejected> rejects) {

  private static final int REASONS = 12;
  private static final Field REASON = Field.text("reason", "A reason of a rejected record.");

  /**
   * ingested_files, added up.
   *
   * @param newest when the newest of them was modified; null where there is no file
   */
  record Files(
      long files,
      long records,
      long accepted,
      long duplicates,
      long superseded,
      long rejected,
      long erased,
      Instant newest) {}

  /** Rejected records of one reason; a record with two reasons counts in both. */
  record Rejected(String reason, long records) {}

  static HealthFigures read(PublishedTables tables) {
    return new HealthFigures(tables.run().reconciliation(), readFiles(tables), readRejects(tables));
  }

  private static Files readFiles(PublishedTables tables) {
    return tables
        .rows(
            IngestedFilesTable.TABLE,
            rows ->
                rows.agg(
                    count(lit(1)),
                    total(IngestedFilesTable.RECORDS),
                    total(IngestedFilesTable.ACCEPTED),
                    total(IngestedFilesTable.DUPLICATES),
                    total(IngestedFilesTable.SUPERSEDED),
                    total(IngestedFilesTable.REJECTED),
                    total(IngestedFilesTable.ERASED),
                    max(IngestedFilesTable.MODIFIED.col())))
        .stream()
        .findFirst()
        .map(
            row ->
                new Files(
                    row.getLong(0),
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.isNullAt(7) ? null : row.getTimestamp(7).toInstant()))
        .orElse(new Files(0, 0, 0, 0, 0, 0, 0, null));
  }

  private static Column total(Field field) {
    return coalesce(sum(field.col()), lit(0L));
  }

  private static List<Rejected> readRejects(PublishedTables tables) {
    Column rule = RejectsTable.ruleOf(REASON.col());
    return tables
        .rows(
            RejectsTable.TABLE,
            rows ->
                rows.select(explode(RejectsTable.REASONS.col()).as(REASON.name()))
                    .groupBy(rule.as("rule"))
                    .agg(count(lit(1)).as("records")))
        .stream()
        .map(row -> new Rejected(row.getString(0), row.getLong(1)))
        .sorted(
            Comparator.comparingLong(Rejected::records).reversed().thenComparing(Rejected::reason))
        .limit(REASONS)
        .toList();
  }
}
