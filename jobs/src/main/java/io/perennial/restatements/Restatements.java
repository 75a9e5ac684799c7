package io.perennial.restatements;

import static org.apache.spark.sql.functions.*;

import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Makes {@code restatements}: joins the values that changed with the changes of lines that enter
 * them. A change enters the cells of its customer's cohort and dimension values that its month is
 * part of; of a customer who is counted elsewhere now, all cells of the cohort or value.
 */
public final class Restatements {

  /** Sums from month 0 on. */
  private static final Set<Field> CUMULATIVE =
      Set.of(CohortMatrixTable.CUMULATIVE_NET, CohortMatrixTable.LTV);

  /** Their denominator is the cohort's size. */
  private static final Set<Field> PER_CUSTOMER =
      Set.of(
          CohortMatrixTable.COHORT_SIZE,
          CohortMatrixTable.RETENTION_RATE,
          CohortMatrixTable.RETENTION_LOW,
          CohortMatrixTable.RETENTION_HIGH,
          CohortMatrixTable.LTV);

  /** Sums of the month alone; the others look back over the active window. */
  private static final Set<Field> OF_THE_MONTH =
      Set.of(
          RetentionSummaryTable.NEW,
          RetentionSummaryTable.ORDERS,
          RetentionSummaryTable.AOV,
          RetentionSummaryTable.NET_NEW,
          RetentionSummaryTable.NET_RETURNING);

  private static final String FOUND = "found";

  private Restatements() {}

  /**
   * @param cells rows of {@link ChangedCells}
   * @param facts rows of {@link ChangeCauses#bySlice}; empty where they are not known
   * @param isMatrixOtherwise whether configuration or code makes another cohort_matrix than before
   * @param isSummaryOtherwise likewise retention_summary
   * @param otherwise causes of a cell that neither configuration nor a change of its customers
   *     explains
   * @param activeWindow whole months that retention_summary looks back
   * @param repeatDays days within which an order makes a repeat customer
   */
  public static Dataset<Row> of(
      Dataset<Row> cells,
      Optional<Dataset<Row>> facts,
      boolean isMatrixOtherwise,
      boolean isSummaryOtherwise,
      Set<RestatementCause> otherwise,
      int activeWindow,
      int repeatDays,
      LocalDate asOf,
      String runId) {
    if (facts.isEmpty()) {
      return finished(
          cells.withColumn(FOUND, labels(Set.of())),
          isMatrixOtherwise,
          isSummaryOtherwise,
          otherwise,
          asOf,
          runId);
    }
    Dataset<Row> reasons =
        facts
            .get()
            .toDF(
                Arrays.stream(facts.get().columns())
                    .map(name -> "f_" + name)
                    .toArray(String[]::new));
    Column enters =
        reason(RestatementsTable.DIMENSION.name())
            .equalTo(RestatementsTable.DIMENSION.col())
            .and(
                reason(RestatementsTable.DIMENSION_VALUE.name())
                    .equalTo(RestatementsTable.DIMENSION_VALUE.col()))
            .and(
                when(isOf(CohortMatrixTable.TABLE.name()), entersMatrix())
                    .otherwise(entersSummary(activeWindow, repeatDays)));
    Field[] columns =
        RestatementsTable.TABLE.fields().stream()
            .filter(
                field ->
                    !List.of(
                            RestatementsTable.AS_OF,
                            RestatementsTable.BEFORE,
                            RestatementsTable.AFTER,
                            RestatementsTable.CAUSE,
                            RestatementsTable.RUN_ID)
                        .contains(field))
            .toArray(Field[]::new);
    return finished(
        cells
            .join(reasons, enters, "left")
            .groupBy(Table.columns(columns))
            .agg(
                first(RestatementsTable.BEFORE.col()).as(RestatementsTable.BEFORE.name()),
                first(RestatementsTable.AFTER.col()).as(RestatementsTable.AFTER.name()),
                collect_set(reason(ChangeCauses.CAUSE)).as(FOUND)),
        isMatrixOtherwise,
        isSummaryOtherwise,
        otherwise,
        asOf,
        runId);
  }

  private static Dataset<Row> finished(
      Dataset<Row> cells,
      boolean isMatrixOtherwise,
      boolean isSummaryOtherwise,
      Set<RestatementCause> otherwise,
      LocalDate asOf,
      String runId) {
    Column found = col(FOUND);
    Column isOtherwise =
        when(isOf(CohortMatrixTable.TABLE.name()), lit(isMatrixOtherwise))
            .otherwise(lit(isSummaryOtherwise));
    Column configuration =
        when(isOtherwise, labels(Set.of(RestatementCause.CONFIGURATION)))
            .otherwise(labels(Set.of()));
    Column causes =
        when(size(found).gt(0).or(isOtherwise), array_union(found, configuration))
            .otherwise(labels(otherwise));
    return cells
        .withColumn(
            RestatementsTable.CAUSE.name(),
            array_join(array_intersect(labels(Set.of(RestatementCause.values())), causes), ", "))
        .withColumn(RestatementsTable.AS_OF.name(), lit(asOf))
        .withColumn(RestatementsTable.RUN_ID.name(), lit(runId))
        .select(RestatementsTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }

  private static Column entersMatrix() {
    Column cohort = RestatementsTable.COHORT_MONTH.col();
    Column month = RestatementsTable.MONTH.col();
    Column fact = reason(ChangeCauses.FACT_MONTH);
    Column ofItsSize = isColumn(PER_CUSTOMER).or(col(ChangedCells.CAME_OR_WENT));
    return reason(RestatementsTable.COHORT_MONTH.name())
        .equalTo(cohort)
        .and(
            reason(ChangeCauses.MOVED)
                .or(not(reason(ChangeCauses.STAYS)).and(ofItsSize))
                .or(fact.equalTo(month))
                .or(isColumn(CUMULATIVE).and(fact.leq(month)))
                .or(
                    isColumn(Set.of(CohortMatrixTable.REVENUE_RETENTION_RATE))
                        .and(fact.equalTo(cohort))));
  }

  private static Column entersSummary(int activeWindow, int repeatDays) {
    Column month = RestatementsTable.MONTH.col();
    Column fact = reason(ChangeCauses.FACT_MONTH);
    Column acquired = reason(RestatementsTable.COHORT_MONTH.name()).equalTo(month);
    Column inRepeatDays = fact.geq(month).and(fact.leq(date_add(add_months(month, 1), repeatDays)));
    Column inWindow = fact.leq(month).and(add_months(fact, activeWindow).geq(month));
    return reason(ChangeCauses.CHANGED_VALUE)
        .or(
            when(
                    isColumn(Set.of(RetentionSummaryTable.REPEAT_PURCHASE_RATE)),
                    acquired.and(inRepeatDays.or(not(reason(ChangeCauses.STAYS)))))
                .when(isColumn(OF_THE_MONTH), fact.equalTo(month).or(acquired))
                // Who turns out to have bought long before was not new then, but came back.
                .when(isColumn(Set.of(RetentionSummaryTable.REACTIVATED)), inWindow.or(acquired))
                .otherwise(inWindow));
  }

  private static Column isOf(String table) {
    return RestatementsTable.TABLE_NAME.col().equalTo(table);
  }

  private static Column isColumn(Set<Field> fields) {
    return RestatementsTable.COLUMN_NAME.col().isin(fields.stream().map(Field::name).toArray());
  }

  private static Column reason(String name) {
    return col("f_" + name);
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
