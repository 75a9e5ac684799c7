package io.perennial.report;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.report.ReportModel.Files;
import io.perennial.report.ReportModel.Health;
import io.perennial.report.ReportModel.Rejected;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import java.sql.Timestamp;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/** Reads how the lake was, and whether the run's figures add up. */
final class HealthRows {

  private static final int REASONS = 12;

  private HealthRows() {}

  static Health read(PublishedTables tables) {
    return new Health(tables.run().reconciliation(), files(tables), rejects(tables));
  }

  private static Files files(PublishedTables tables) {
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
                    Optional.ofNullable(row.<Timestamp>getAs(7)).map(Timestamp::toInstant)))
        .orElse(new Files(0, 0, 0, 0, 0, 0, 0, Optional.empty()));
  }

  private static Column total(Field field) {
    return coalesce(sum(field.col()), lit(0L));
  }

  private static List<Rejected> rejects(PublishedTables tables) {
    Column rule = RejectsTable.ruleOf(col("reason"));
    return tables
        .rows(
            RejectsTable.TABLE,
            rows ->
                rows.select(explode(RejectsTable.REASONS.col()).as("reason"))
                    .groupBy(rule.as("rule"))
                    .agg(count(lit(1)).as("records")))
        .stream()
        .map((Row row) -> new Rejected(row.getString(0), row.getLong(1)))
        .sorted(
            Comparator.comparingLong(Rejected::records).reversed().thenComparing(Rejected::reason))
        .limit(REASONS)
        .toList();
  }
}
