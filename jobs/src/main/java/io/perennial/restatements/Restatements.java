package io.perennial.restatements;

import static org.apache.spark.sql.functions.*;

import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.config.Settings;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.util.Arrays;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Computes {@code restatements}: joins changed values with the changes of lines that enter them. A
 * change enters the cells of its customer's cohort and dimension values whose figures include its
 * month. If the customer has moved to another cohort or value, it enters all their cells.
 */
public final class Restatements {

  /** Figures that sum from month 0 on. */
  private static final Set<Field> CUMULATIVE =
      Set.of(CohortMatrixTable.CUMULATIVE_NET, CohortMatrixTable.LTV);

  /** Figures with the cohort's size as denominator. */
  private static final Set<Field> PER_CUSTOMER =
      Set.of(
          CohortMatrixTable.COHORT_SIZE,
          CohortMatrixTable.RETENTION_RATE,
          CohortMatrixTable.RETENTION_LOW,
          CohortMatrixTable.RETENTION_HIGH,
          CohortMatrixTable.LTV);

  /** Figures of the month alone; the others look back over the active window. */
  private static final Set<Field> OF_THE_MONTH =
      Set.of(
          RetentionSummaryTable.NEW,
          RetentionSummaryTable.ORDERS,
          RetentionSummaryTable.AOV,
          RetentionSummaryTable.NET_NEW,
          RetentionSummaryTable.NET_RETURNING);

  private static final Field FOUND =
      Field.of("found_causes", DataTypes.createArrayType(DataTypes.StringType), "");

  private Restatements() {}

  /**
   * Restatements without known changes of lines: configuration or the fallback explains each cell.
   *
   * @param cells rows of {@link ChangedCells}
   */
  public static Dataset<Row> of(Dataset<Row> cells, Attribution attribution) {
    return attributed(cells.withColumn(FOUND.name(), labels(Set.of())), attribution);
  }

  /**
   * Restatements with the causes of the changes that enter each cell.
   *
   * @param cells rows of {@link ChangedCells}
   * @param changes rows of {@link ChangeCauses#bySlice}
   * @param settings the active window and the repeat days of retention_summary
   */
  public static Dataset<Row> of(
      Dataset<Row> cells,
      Dataset<Row> changes,
      Settings.Cohorts settings,
      Attribution attribution) {
    Dataset<Row> causes =
        changes.toDF(
            Arrays.stream(changes.columns()).map(Restatements::ofChange).toArray(String[]::new));
    Column enters =
        change(RestatementsTable.DIMENSION)
            .equalTo(RestatementsTable.DIMENSION.col())
            .and(
                change(RestatementsTable.DIMENSION_VALUE)
                    .equalTo(RestatementsTable.DIMENSION_VALUE.col()))
            .and(
                when(isOf(CohortMatrixTable.TABLE), entersMatrix())
                    .otherwise(entersSummary(settings.activeWindow(), settings.repeatDays())));
    Set<Field> figures =
        Set.of(
            RestatementsTable.AS_OF,
            RestatementsTable.BEFORE,
            RestatementsTable.AFTER,
            RestatementsTable.CAUSE,
            RestatementsTable.RUN_ID);
    Field[] key =
        RestatementsTable.TABLE.fields().stream()
            .filter(field -> !figures.contains(field))
            .toArray(Field[]::new);
    return attributed(
        cells
            .join(causes, enters, "left")
            .groupBy(Table.columns(key))
            .agg(
                first(RestatementsTable.BEFORE.col()).as(RestatementsTable.BEFORE.name()),
                first(RestatementsTable.AFTER.col()).as(RestatementsTable.AFTER.name()),
                collect_set(change(ChangeCauses.CAUSE)).as(FOUND.name())),
        attribution);
  }

  private static Dataset<Row> attributed(Dataset<Row> cells, Attribution attribution) {
    Column found = FOUND.col();
    Column isReconfigured =
        RestatementsTable.TABLE_NAME
            .col()
            .isin(attribution.reconfigured().stream().map(Table::name).toArray());
    Column configuration =
        when(isReconfigured, labels(Set.of(RestatementCause.CONFIGURATION)))
            .otherwise(labels(Set.of()));
    Column causes =
        when(size(found).gt(0).or(isReconfigured), array_union(found, configuration))
            .otherwise(labels(attribution.fallback()));
    return cells
        .withColumn(
            RestatementsTable.CAUSE.name(),
            array_join(array_intersect(labels(Set.of(RestatementCause.values())), causes), ", "))
        .withColumn(RestatementsTable.AS_OF.name(), lit(attribution.asOf()))
        .withColumn(RestatementsTable.RUN_ID.name(), lit(attribution.runId()))
        .select(RestatementsTable.TABLE.columns());
  }

  private static Column entersMatrix() {
    Column cohort = RestatementsTable.COHORT_MONTH.col();
    Column month = RestatementsTable.MONTH.col();
    Column changed = change(ChangeCauses.CHANGED_MONTH);
    Column ofSize = isColumn(PER_CUSTOMER).or(ChangedCells.IS_ADDED_OR_REMOVED.col());
    return change(RestatementsTable.COHORT_MONTH)
        .equalTo(cohort)
        .and(
            change(ChangeCauses.MOVED)
                .or(not(change(ChangeCauses.STAYS)).and(ofSize))
                .or(changed.equalTo(month))
                .or(isColumn(CUMULATIVE).and(changed.leq(month)))
                .or(
                    isColumn(Set.of(CohortMatrixTable.REVENUE_RETENTION_RATE))
                        .and(changed.equalTo(cohort))));
  }

  private static Column entersSummary(int activeWindow, int repeatDays) {
    Column month = RestatementsTable.MONTH.col();
    Column changed = change(ChangeCauses.CHANGED_MONTH);
    Column acquired = change(RestatementsTable.COHORT_MONTH).equalTo(month);
    Column inRepeatDays =
        changed.geq(month).and(changed.leq(date_add(add_months(month, 1), repeatDays)));
    Column inWindow = changed.leq(month).and(add_months(changed, activeWindow).geq(month));
    return change(ChangeCauses.CHANGED_VALUE)
        .or(
            when(
                    isColumn(Set.of(RetentionSummaryTable.REPEAT_PURCHASE_RATE)),
                    acquired.and(inRepeatDays.or(not(change(ChangeCauses.STAYS)))))
                .when(isColumn(OF_THE_MONTH), changed.equalTo(month).or(acquired))
                // An earlier order, known late, turns a new customer into a reactivated one.
                .when(isColumn(Set.of(RetentionSummaryTable.REACTIVATED)), inWindow.or(acquired))
                .otherwise(inWindow));
  }

  private static Column isOf(Table table) {
    return RestatementsTable.TABLE_NAME.col().equalTo(table.name());
  }

  private static Column isColumn(Set<Field> fields) {
    return RestatementsTable.COLUMN_NAME.col().isin(fields.stream().map(Field::name).toArray());
  }

  /** A column of the change in the join with cells. */
  private static Column change(Field field) {
    return col(ofChange(field.name()));
  }

  private static String ofChange(String column) {
    return "change_" + column;
  }

  /** The labels in the order of declaration. */
  private static Column labels(Set<RestatementCause> causes) {
    return array(
            Arrays.stream(RestatementCause.values())
                .filter(causes::contains)
                .map(cause -> lit(cause.label()))
                .toArray(Column[]::new))
        .cast("array<string>");
  }
}
