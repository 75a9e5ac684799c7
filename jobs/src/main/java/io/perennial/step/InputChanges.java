package io.perennial.step;

import io.perennial.table.Months;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import io.perennial.table.TableChanges;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How the tables that a step reads changed since the step ran last, so that it can bring its own
 * tables up to date instead of computing them whole. Exists only where code and configuration are
 * unchanged. The last published run names the versions.
 */
public final class InputChanges {

  private final StepContext context;
  private final Map<String, Long> versions;
  private final Map<Table, Months> changed;

  private InputChanges(
      StepContext context, Map<String, Long> versions, Map<Table, Months> changed) {
    this.context = context;
    this.versions = versions;
    this.changed = changed;
  }

  /** Empty where the step must compute its tables whole. */
  public static Optional<InputChanges> of(Step step, StepContext context) {
    if (context.isRebuild() || context.latest().isEmpty()) {
      return Optional.empty();
    }
    RunRecord latest = context.latest().get();
    Map<String, Long> versions = latest.tables();
    if (!Fingerprint.isOfInputsIn(latest, step, context)
        || !step.writes().stream().allMatch(context.store()::isAsDeclared)) {
      return Optional.empty();
    }
    Map<Table, Months> changed = new LinkedHashMap<>();
    for (Table table : step.reads()) {
      if (table.partitioning().isEmpty()) {
        continue;
      }
      Long from = versions.get(table.name());
      Optional<Long> to = context.store().version(table);
      Optional<Months> months =
          from == null || to.isEmpty()
              ? Optional.empty()
              : context.store().monthsChanged(table, from, to.get());
      if (months.isEmpty()) {
        return Optional.empty();
      }
      changed.put(table, months.get());
    }
    return Optional.of(new InputChanges(context, versions, changed));
  }

  /** The months of a table, partitioned by month, whose rows may have changed. */
  public Months monthsChanged(Table table) {
    return changed.get(table);
  }

  /** Whether a table that the step reads still has the version that the step read last. */
  public boolean isUnchanged(Table table) {
    return version(table).equals(versionBefore(table));
  }

  /** A table that the step reads, at the version that it read last. */
  public Dataset<Row> before(Table table) {
    return versionBefore(table)
        .map(version -> context.store().read(table, version))
        .orElseGet(() -> context.read(table).limit(0));
  }

  /** The current rows of these months, of a table that the step reads or writes. */
  public Dataset<Row> current(Table table, Months months) {
    return of(context.read(table), table, months);
  }

  /**
   * All rows of these months that the table no longer holds. May contain further rows, which are
   * then also in {@link #added}.
   */
  public Dataset<Row> removed(Table table, Months months) {
    return changes(table)
        .map(changes -> of(changes.gone(), table, months))
        .orElseGet(() -> of(before(table), table, months));
  }

  /** The months that {@link #removed} has rows of, and perhaps further ones. */
  public Months monthsRemoved(Table table) {
    return changes(table).map(TableChanges::monthsGone).orElseGet(() -> monthsChanged(table));
  }

  /**
   * All rows of these months that the table did not hold before. May contain further rows, which
   * are then also in {@link #removed}.
   */
  public Dataset<Row> added(Table table, Months months) {
    return changes(table)
        .map(changes -> of(changes.come(), table, months))
        .orElseGet(() -> current(table, months));
  }

  private Optional<Long> version(Table table) {
    return context.store().version(table);
  }

  private Optional<Long> versionBefore(Table table) {
    return Optional.ofNullable(versions.get(table.name()));
  }

  private Optional<TableChanges> changes(Table table) {
    return versionBefore(table)
        .flatMap(from -> version(table).flatMap(to -> context.store().changes(table, from, to)));
  }

  private static Dataset<Row> of(Dataset<Row> rows, Table table, Months months) {
    return rows.where(months.among(table.partitioning().get(0)));
  }
}
