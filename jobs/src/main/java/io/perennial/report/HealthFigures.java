package io.perennial.report;

import static io.perennial.report.RowValues.get;
import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord.IdentityCheck;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * What became of the lake's records, and whether the run's figures add up.
 *
 * @param rejects by records, most first
 */
public record HealthFigures(
    List<IdentityCheck> reconciliation, Files files, List<Rejected> rejects) {

  private static final int REASONS = 12;
  private static final Field REASON = Field.text("reason", "A reason of a rejected record.");

  /**
   * ingested_files, added up.
   *
   * @param outcomes records by outcome, in the order of {@link IngestedFilesTable#OUTCOMES}
   * @param newest when the newest of them was modified; null where there is no file
   */
  public record Files(long files, long records, Map<String, Long> outcomes, Instant newest) {
    public long count(Field outcome) {
      return outcomes.getOrDefault(outcome.name(), 0L);
    }
  }

  /** Rejected records of one reason; a record with two reasons counts in both. */
  public record Rejected(String reason, long records) {}

  static HealthFigures read(PublishedTables tables) {
    return new HealthFigures(tables.run().reconciliation(), readFiles(tables), readRejects(tables));
  }

  public static Files readFiles(PublishedTables tables) {
    return tables
        .rows(
            IngestedFilesTable.TABLE,
            rows ->
                rows.agg(
                    count(lit(1)),
                    Stream.concat(
                            Stream.of(
                                max(IngestedFilesTable.MODIFIED.col()),
                                total(IngestedFilesTable.RECORDS)),
                            IngestedFilesTable.OUTCOMES.stream().map(HealthFigures::total))
                        .toArray(Column[]::new)))
        .stream()
        .findFirst()
        .map(HealthFigures::files)
        .orElse(new Files(0, 0, Map.of(), null));
  }

  private static Column total(Field field) {
    return coalesce(sum(field.col()), lit(0L)).as(field.name());
  }

  private static Files files(Row row) {
    Map<String, Long> outcomes = new LinkedHashMap<>();
    IngestedFilesTable.OUTCOMES.forEach(o -> outcomes.put(o.name(), get(row, o)));
    return new Files(
        row.getLong(0),
        get(row, IngestedFilesTable.RECORDS),
        outcomes,
        row.isNullAt(1) ? null : row.getTimestamp(1).toInstant());
  }

  /** Kept rejects by the most frequent reasons, most first. */
  public static List<Rejected> readRejects(PublishedTables tables) {
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
