package io.perennial.restatements;

import static org.apache.spark.sql.functions.*;

import io.perennial.cohorts.CohortMatrix;
import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** The values of complete cells that differ between two snapshots of a cohort table. */
public final class ChangedCells {

  /** Figures that change with every later order. */
  private static final Set<Field> ROLLING =
      Set.of(
          CohortMatrixTable.ROLLING_ACTIVE_CUSTOMERS,
          CohortMatrixTable.ROLLING_RETENTION_RATE,
          CohortMatrixTable.ROLLING_RETENTION_LOW,
          CohortMatrixTable.ROLLING_RETENTION_HIGH);

  private static final double TOLERANCE = 1e-12;
  private static final Field STATE = CohortMatrixTable.STATE;
  private static final Field IS_CELL =
      Field.flag("is_cell", "True where the side of the join has the cell.").orNull();
  private static final Field IS_SAME = Field.flag("is_same", "Whether the value is unchanged.");
  private static final Field OTHER_DIMENSION =
      RestatementsTable.DIMENSION.as("other_dimension", "");

  static final Field IS_ADDED_OR_REMOVED =
      Field.flag("is_added_or_removed", "Whether only one of the snapshots has the cell.");

  /** Aliases of the two sides of the join. */
  private static final String BEFORE = "before";

  private static final String NOW = "now";

  private ChangedCells() {}

  /**
   * One row per value of {@code cohort_matrix} that changed.
   *
   * @param before rows of the previously published as_of
   * @param now rows of the as_of of this run, not earlier
   * @param asOfBefore the as_of of {@code before}
   */
  public static Dataset<Row> ofMatrix(Dataset<Row> before, Dataset<Row> now, LocalDate asOfBefore) {
    Column month =
        add_months(CohortMatrixTable.COHORT_MONTH.col(), RestatementsTable.MONTH_INDEX.col());
    return changed(
        CohortMatrixTable.TABLE,
        before.withColumn(RestatementsTable.MONTH.name(), month),
        now.withColumn(RestatementsTable.MONTH.name(), month),
        asOfBefore);
  }

  /**
   * One row per value of {@code retention_summary} that changed; see {@link #ofMatrix}.
   *
   * @param repeatDays days within which a second order makes a repeat customer; the rate is
   *     compared where they were over for all customers of the month
   */
  public static Dataset<Row> ofSummary(
      Dataset<Row> before, Dataset<Row> now, LocalDate asOfBefore, int repeatDays) {
    return changed(
        RetentionSummaryTable.TABLE,
        withFinalRates(before, asOfBefore, repeatDays),
        withFinalRates(now, asOfBefore, repeatDays),
        asOfBefore);
  }

  private static Dataset<Row> withFinalRates(
      Dataset<Row> summary, LocalDate asOfBefore, int repeatDays) {
    Column isFinal =
        date_add(add_months(RestatementsTable.MONTH.col(), 1), repeatDays).leq(lit(asOfBefore));
    String rate = RetentionSummaryTable.REPEAT_PURCHASE_RATE.name();
    return summary
        .withColumn(rate, when(isFinal, col(rate)))
        .withColumn(RestatementsTable.COHORT_MONTH.name(), lit(null).cast(DataTypes.DateType))
        .withColumn(RestatementsTable.MONTH_INDEX.name(), lit(null).cast(DataTypes.IntegerType));
  }

  private static Dataset<Row> changed(
      Table table, Dataset<Row> before, Dataset<Row> now, LocalDate asOfBefore) {
    List<Field> values =
        table.fields().stream()
            .filter(field -> !table.key().contains(field))
            .filter(field -> !field.name().equals(STATE.name()))
            .filter(field -> !ROLLING.contains(field))
            .toList();
    Column wasOver = add_months(RestatementsTable.MONTH.col(), 1).leq(lit(asOfBefore));
    // A dimension that only one snapshot has was not restated.
    Dataset<Row> old =
        inDimensionsOf(now, before.where(STATE.col().equalTo(CohortMatrix.COMPLETE)))
            .withColumn(IS_CELL.name(), lit(true))
            .alias(BEFORE);
    Dataset<Row> later =
        inDimensionsOf(before, now.where(wasOver)).withColumn(IS_CELL.name(), lit(true)).alias(NOW);
    Column same = lit(true);
    List<Column> columns = new ArrayList<>();
    columns.add(lit(table.name()).as(RestatementsTable.TABLE_NAME.name()));
    for (Field part :
        List.of(
            RestatementsTable.DIMENSION,
            RestatementsTable.DIMENSION_VALUE,
            RestatementsTable.COHORT_MONTH,
            RestatementsTable.MONTH_INDEX,
            RestatementsTable.MONTH)) {
      same = same.and(part.of(BEFORE).eqNullSafe(part.of(NOW)));
      columns.add(coalesce(part.of(BEFORE), part.of(NOW)).as(part.name()));
    }
    List<Column> pairs = new ArrayList<>();
    for (Field value : values) {
      pairs.add(
          struct(
              lit(value.name()).as(RestatementsTable.COLUMN_NAME.name()),
              value.of(BEFORE).cast(DataTypes.DoubleType).as(RestatementsTable.BEFORE.name()),
              value.of(NOW).cast(DataTypes.DoubleType).as(RestatementsTable.AFTER.name()),
              isSame(value).as(IS_SAME.name())));
    }
    columns.add(
        IS_CELL.of(BEFORE).isNull().or(IS_CELL.of(NOW).isNull()).as(IS_ADDED_OR_REMOVED.name()));
    columns.add(inline(array(pairs.toArray(Column[]::new))));
    // A cohort before cohorts.history-start was never published as complete.
    Column isPublished =
        IS_CELL.of(BEFORE).isNotNull().or(STATE.of(NOW).equalTo(CohortMatrix.COMPLETE));
    return old.join(later, same, "full_outer")
        .where(isPublished)
        .select(columns.toArray(Column[]::new))
        .where(not(IS_SAME.col()))
        .drop(IS_SAME.name());
  }

  private static Dataset<Row> inDimensionsOf(Dataset<Row> others, Dataset<Row> rows) {
    Dataset<Row> dimensions =
        others.select(RestatementsTable.DIMENSION.col().as(OTHER_DIMENSION.name())).distinct();
    return rows.join(
        dimensions, RestatementsTable.DIMENSION.col().equalTo(OTHER_DIMENSION.col()), "left_semi");
  }

  /** Whether the value is unchanged, up to rounding of a double. */
  private static Column isSame(Field value) {
    Column same = value.of(BEFORE).eqNullSafe(value.of(NOW));
    return value.isMoney() || !value.fixedType().equals(DataTypes.DoubleType)
        ? same
        : same.or(
            coalesce(
                abs(value.of(BEFORE).minus(value.of(NOW)))
                    .leq(greatest(lit(1.0), abs(value.of(BEFORE))).multiply(TOLERANCE)),
                lit(false)));
  }
}
