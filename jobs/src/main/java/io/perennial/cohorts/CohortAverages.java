package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.Money;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Makes {@code cohort_averages}: for each month index, sums of numerators over sums of denominators
 * of the cohorts that have completed it. An average of rates would let a cohort of ten weigh as
 * much as one of ten thousand.
 */
public final class CohortAverages {

  private CohortAverages() {}

  /**
   * @param matrix rows of cohort_matrix of one as_of
   */
  public static Dataset<Row> of(Dataset<Row> matrix, int minorDigits) {
    WindowSpec cohort =
        Window.partitionBy(
            Table.AS_OF.col(),
            CohortMatrixTable.DIMENSION.col(),
            CohortMatrixTable.DIMENSION_VALUE.col(),
            CohortMatrixTable.COHORT_MONTH.col());
    Column first =
        max(when(
                CohortMatrixTable.MONTH_INDEX.col().equalTo(0),
                Money.minorUnits(CohortMatrixTable.NET)))
            .over(cohort);
    WilsonInterval interval = WilsonInterval.of(col("active"), CohortMatrixTable.COHORT_SIZE.col());
    return matrix
        .withColumn("first_minor", first)
        .where(CohortMatrixTable.STATE.col().equalTo(CohortMatrix.COMPLETE))
        .groupBy(
            Table.AS_OF.col(),
            CohortMatrixTable.DIMENSION.col(),
            CohortMatrixTable.DIMENSION_VALUE.col(),
            CohortMatrixTable.MONTH_INDEX.col())
        .agg(
            count(lit(1)).as(CohortAveragesTable.COHORTS.name()),
            sum(CohortMatrixTable.COHORT_SIZE.col()).as(CohortMatrixTable.COHORT_SIZE.name()),
            sum(CohortMatrixTable.ACTIVE_CUSTOMERS.col()).as("active"),
            sum(Money.minorUnits(CohortMatrixTable.NET)).as("net_minor"),
            sum(col("first_minor")).as("first_minor"),
            sum(Money.minorUnits(CohortMatrixTable.CUMULATIVE_NET)).as("cumulative_minor"))
        .withColumn(
            CohortMatrixTable.RETENTION_RATE.name(),
            col("active").divide(CohortMatrixTable.COHORT_SIZE.col()))
        .withColumn(CohortMatrixTable.RETENTION_LOW.name(), interval.low())
        .withColumn(CohortMatrixTable.RETENTION_HIGH.name(), interval.high())
        .withColumn(
            CohortMatrixTable.REVENUE_RETENTION_RATE.name(),
            when(col("first_minor").gt(0), col("net_minor").divide(col("first_minor"))))
        .withColumn(
            CohortMatrixTable.LTV.name(),
            col("cumulative_minor")
                .divide(CohortMatrixTable.COHORT_SIZE.col())
                .divide(lit(Math.pow(10, minorDigits))))
        .select(CohortAveragesTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }
}
