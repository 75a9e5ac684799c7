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

/** The values of complete cells in which two snapshots of a cohort table differ. */
public final class ChangedCells {

  /** They change with every later order. */
  private static final Set<Field> ROLLING =
      Set.of(
          CohortMatrixTable.ROLLING_ACTIVE_CUSTOMERS,
          CohortMatrixTable.ROLLING_RETENTION_RATE,
          CohortMatrixTable.ROLLING_RETENTION_LOW,
          CohortMatrixTable.ROLLING_RETENTION_HIGH);

  private static final double TOLERANCE = 1e-12;
  private static final String STATE = CohortMatrixTable.STATE.name();
  private static final String IS_CELL = "is_cell";

  /** Whether the whole cell is new or gone, not only its value another. */
  static final String CAME_OR_WENT = "came_or_went";

  private ChangedCells() {}

  /**
   * One row per value of {@code cohort_matrix} that changed.
   *
   * @param before rows of one as_of, as they were published
   * @param now rows of one as_of, not earlier
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
   * @param repeatDays days within which an order makes a repeat customer; the rate is compared
   *     where they were over for all customers of the month
   */
  public static Dataset<Row> ofSummary(
      Dataset<Row> before, Dataset<Row> now, LocalDate asOfBefore, int repeatDays) {
    return changed(
        RetentionSummaryTable.TABLE,
        withSettledRates(before, asOfBefore, repeatDays),
        withSettledRates(now, asOfBefore, repeatDays),
        asOfBefore);
  }

  private static Dataset<Row> withSettledRates(
      Dataset<Row> summary, LocalDate asOfBefore, int repeatDays) {
    Column settled =
        date_add(add_months(RestatementsTable.MONTH.col(), 1), repeatDays).leq(lit(asOfBefore));
    String rate = RetentionSummaryTable.REPEAT_PURCHASE_RATE.name();
    return summary
        .withColumn(rate, when(settled, col(rate)))
        .withColumn(RestatementsTable.COHORT_MONTH.name(), lit(null).cast(DataTypes.DateType))
        .withColumn(RestatementsTable.MONTH_INDEX.name(), lit(null).cast(DataTypes.IntegerType));
  }

  private static Dataset<Row> changed(
      Table table, Dataset<Row> before, Dataset<Row> now, LocalDate asOfBefore) {
    List<Field> values =
        table.fields().stream()
            .filter(field -> !table.key().contains(field))
            .filter(field -> !field.name().equals(STATE))
            .filter(field -> !ROLLING.contains(field))
            .toList();
    Column wasOver = add_months(RestatementsTable.MONTH.col(), 1).leq(lit(asOfBefore));
    // A dimension that only one of the two is cut by was not restated.
    Dataset<Row> old =
        inDimensionsOf(now, before.where(col(STATE).equalTo(CohortMatrix.COMPLETE)))
            .withColumn(IS_CELL, lit(true))
            .alias("o");
    Dataset<Row> later =
        inDimensionsOf(before, now.where(wasOver)).withColumn(IS_CELL, lit(true)).alias("n");
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
      same = same.and(part.of("o").eqNullSafe(part.of("n")));
      columns.add(coalesce(part.of("o"), part.of("n")).as(part.name()));
    }
    List<Column> pairs = new ArrayList<>();
    for (Field value : values) {
      pairs.add(
          struct(
              lit(value.name()).as(RestatementsTable.COLUMN_NAME.name()),
              value.of("o").cast(DataTypes.DoubleType).as(RestatementsTable.BEFORE.name()),
              value.of("n").cast(DataTypes.DoubleType).as(RestatementsTable.AFTER.name()),
              isSame(value).as("is_same")));
    }
    columns.add(side("o", IS_CELL).isNull().or(side("n", IS_CELL).isNull()).as(CAME_OR_WENT));
    columns.add(inline(array(pairs.toArray(Column[]::new))));
    // A cohort that may not be new was never published as complete: its cells can't come in.
    Column counts =
        side("o", IS_CELL).isNotNull().or(side("n", STATE).equalTo(CohortMatrix.COMPLETE));
    return old.join(later, same, "full_outer")
        .where(counts)
        .select(columns.toArray(Column[]::new))
        .where(not(col("is_same")))
        .drop("is_same");
  }

  private static Dataset<Row> inDimensionsOf(Dataset<Row> others, Dataset<Row> rows) {
    Dataset<Row> dimensions =
        others.select(RestatementsTable.DIMENSION.col().as("other_dimension")).distinct();
    return rows.join(
        dimensions, RestatementsTable.DIMENSION.col().equalTo(col("other_dimension")), "left_semi");
  }

  /** Quotients that are equal in arithmetic may differ in the last places of a double. */
  private static Column isSame(Field value) {
    Column same = value.of("o").eqNullSafe(value.of("n"));
    return value.isMoney() || !value.fixedType().equals(DataTypes.DoubleType)
        ? same
        : same.or(
            coalesce(
                abs(value.of("o").minus(value.of("n")))
                    .leq(greatest(lit(1.0), abs(value.of("o"))).multiply(TOLERANCE)),
                lit(false)));
  }

  private static Column side(String alias, String column) {
    return col(alias + "." + column);
  }
}
