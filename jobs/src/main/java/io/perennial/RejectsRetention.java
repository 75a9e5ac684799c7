package io.perennial;

import io.perennial.lake.RejectsTable;
import io.perennial.table.RunRecord;
import io.perennial.table.TableStore;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;

/** Removes rejected records after {@code lake.rejects-retention} days. */
final class RejectsRetention {

  private RejectsRetention() {}

  /**
   * Removes what was read by runs whose as_of is more than {@code days} days before {@code asOf}.
   *
   * @param runs all earlier runs
   * @param days 0 keeps rejects for ever
   */
  static void apply(TableStore store, List<RunRecord> runs, LocalDate asOf, int days) {
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
    String predicate =
        expired.stream()
            .map(id -> "'" + id + "'")
            .collect(Collectors.joining(", ", RejectsTable.INGEST_ID + " IN (", ")"));
    if (!store.read(RejectsTable.TABLE).where(predicate).isEmpty()) {
      store.delete(RejectsTable.TABLE, predicate);
    }
  }
}
