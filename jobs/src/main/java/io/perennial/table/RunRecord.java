package io.perennial.table;

import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * One row of {@code runs}.
 *
 * @param tables Delta version of every table, by name
 * @param steps fingerprint of every step, by name
 */
public record RunRecord(
    String runId,
    String command,
    Optional<LocalDate> asOf,
    Instant started,
    Optional<Double> seconds,
    State state,
    String configHash,
    Map<String, Long> tables,
    List<IdentityCheck> reconciliation,
    Map<String, String> steps,
    Optional<String> message,
    String version) {

  public enum State {
    RUNNING,
    PUBLISHED,
    REFUSED,
    FAILED,
    ABANDONED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One identity of the reconciliation.
   *
   * @param identity in words
   * @param left one side
   * @param right the other side
   */
  public record IdentityCheck(String identity, String left, String right, boolean holds) {}

  public RunRecord as(State newState) {
    return new RunRecord(
        runId,
        command,
        asOf,
        started,
        seconds,
        newState,
        configHash,
        tables,
        reconciliation,
        steps,
        message,
        version);
  }

  Row toRow() {
    return RowFactory.create(
        runId,
        command,
        asOf.map(Date::valueOf).orElse(null),
        Timestamp.from(started),
        seconds.orElse(null),
        state.label(),
        configHash,
        tables,
        reconciliation.stream()
            .map(
                check ->
                    RowFactory.create(check.identity(), check.left(), check.right(), check.holds()))
            .toList(),
        steps,
        message.orElse(null),
        version);
  }

  static RunRecord of(Row row) {
    return new RunRecord(
        row.getAs(RunsTable.RUN_ID.name()),
        row.getAs(RunsTable.COMMAND.name()),
        Optional.ofNullable(row.<Date>getAs(RunsTable.AS_OF.name())).map(Date::toLocalDate),
        row.<Timestamp>getAs(RunsTable.STARTED.name()).toInstant(),
        Optional.ofNullable(row.getAs(RunsTable.SECONDS.name())),
        State.valueOf(row.<String>getAs(RunsTable.STATE.name()).toUpperCase(Locale.ROOT)),
        row.getAs(RunsTable.CONFIG_HASH.name()),
        row.getJavaMap(row.fieldIndex(RunsTable.TABLES.name())),
        row.<Row>getList(row.fieldIndex(RunsTable.RECONCILIATION.name())).stream()
            .map(
                check ->
                    new IdentityCheck(
                        check.getString(0),
                        check.getString(1),
                        check.getString(2),
                        check.getBoolean(3)))
            .toList(),
        row.getJavaMap(row.fieldIndex(RunsTable.STEPS.name())),
        Optional.ofNullable(row.getAs(RunsTable.MESSAGE.name())),
        row.getAs(RunsTable.VERSION.name()));
  }
}
