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
 * What a step was made of the last time, where its tables can be brought up to date from there: the
 * same code and configuration made them, and nothing but rows of the tables that it reads has
 * changed since. The last published run names the versions; its tables are what this run builds on.
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

  /** Empty where the step must make its tables as a whole. */
  public static Optional<InputChanges> of(Step step, StepContext context) {
    if (context.rebuild() || context.latest().isEmpty()) {
      return Optional.empty();
    }
    RunRecord latest = context.latest().get();
    Map<String, Long> versions = latest.tables();
    if (!Fingerprint.asIn(latest, step, context).equals(latest.steps().get(step.name()))
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

  /** The months of a table that the step reads, cut by month, that may not be what they were. */
  public Months monthsChanged(Table table) {
    return changed.get(table);
  }

  /** Whether the newest version of a table that the step reads is the one that it was made of. */
  public boolean isOfVersionNow(Table table) {
    return version(table).equals(versionBefore(table));
  }

  /** A table that the step reads, as it was. */
  public Dataset<Row> before(Table table) {
    return versionBefore(table)
        .map(version -> context.store().read(table, version))
        .orElseGet(() -> context.store().read(table).limit(0));
  }

  /** A table that the step reads as it was, of these months. */
  public Dataset<Row> before(Table table, Months months) {
    return of(before(table), table, months);
  }

  /** A table that the step reads or writes as it is, of these months. */
  public Dataset<Row> now(Table table, Months months) {
    return of(context.store().read(table), table, months);
  }

  /**
   * A table that the step reads, as it was, of these months: all rows that are not there any more,
   * and perhaps others, which are then also in {@link #come}.
   */
  public Dataset<Row> gone(Table table, Months months) {
    return changes(table)
        .map(changes -> of(changes.removed(), table, months))
        .orElseGet(() -> before(table, months));
  }

  /** The months of which {@link #gone} has rows, and perhaps others. */
  public Months monthsGone(Table table) {
    return changes(table).map(TableChanges::removedMonths).orElseGet(() -> monthsChanged(table));
  }

  /**
   * A table that the step reads, as it is, of these months: all rows that were not there, and
   * perhaps others, which are then also in {@link #gone}.
   */
  public Dataset<Row> come(Table table, Months months) {
    return changes(table)
        .map(changes -> of(changes.added(), table, months))
        .orElseGet(() -> now(table, months));
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
