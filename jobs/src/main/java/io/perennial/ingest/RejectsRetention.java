package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.table.RunRecord;
import io.perennial.table.TableStore;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Removes rejects after {@code lake.rejects-retention} days. A reject with its whole order loses
 * only its record: a later record of the order must still find the files that hold the order.
 */
public final class RejectsRetention {

  private static final Column ORDER_REJECT = RejectsTable.IS_ORDER_REJECT.col();

  private RejectsRetention() {}

  /**
   * Removes rejects of runs whose as_of is more than {@code days} days before {@code asOf}.
   *
   * @param runs all earlier runs
   * @param days 0 disables the removal
   */
  public static void apply(TableStore store, List<RunRecord> runs, LocalDate asOf, int days) {
    if (days == 0 || !store.exists(RejectsTable.TABLE)) {
      return;
    }
    List<String> expired =
        runs.stream()
            .filter(run -> run.asOf().isPresent())
            .filter(run -> run.asOf().get().isBefore(asOf.minusDays(days)))
            .map(RunRecord::runId)
            .toList();
    if (expired.isEmpty()) {
      return;
    }
    String isExpired =
        expired.stream()
            .map(id -> "'" + id + "'")
            .collect(Collectors.joining(", ", RejectsTable.INGEST_ID + " IN (", ")"));
    Dataset<Row> rows = store.read(RejectsTable.TABLE).where(isExpired);
    if (rows.where(not(ORDER_REJECT).or(RejectsTable.RECORD.col().isNotNull())).isEmpty()) {
      return;
    }
    store.replaceWhere(
        RejectsTable.TABLE,
        isExpired,
        rows.where(ORDER_REJECT).withColumn(RejectsTable.RECORD.name(), lit(null).cast("string")));
  }
}
