package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.Money;
import io.perennial.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Computes {@code cohort_averages}: for each month index, sums of numerators over sums of
 * denominators of the cohorts that have completed it. A mean of rates would give a cohort of ten
 * the weight of one of ten thousand.
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
    Column size = CohortMatrixTable.COHORT_SIZE.col();
    Column active = CohortMatrixTable.ACTIVE_CUSTOMERS.col();
    WilsonInterval interval = WilsonInterval.of(active, size);
    return matrix
        .withColumn(CohortMatrix.FIRST_NET_MINOR.name(), first)
        .where(CohortMatrixTable.STATE.col().equalTo(CohortMatrix.COMPLETE))
        .groupBy(
            Table.AS_OF.col(),
            CohortMatrixTable.DIMENSION.col(),
            CohortMatrixTable.DIMENSION_VALUE.col(),
            CohortMatrixTable.MONTH_INDEX.col())
        .agg(
            count(lit(1)).as(CohortAveragesTable.COHORTS.name()),
            sum(size).as(CohortMatrixTable.COHORT_SIZE.name()),
            sum(active).as(CohortMatrixTable.ACTIVE_CUSTOMERS.name()),
            Money.sum(CohortMatrixTable.NET).as(CohortMatrix.NET_MINOR.name()),
            sum(CohortMatrix.FIRST_NET_MINOR.col()).as(CohortMatrix.FIRST_NET_MINOR.name()),
            Money.sum(CohortMatrixTable.CUMULATIVE_NET).as(CohortMatrix.CUMULATIVE_MINOR.name()))
        .withColumn(CohortMatrixTable.RETENTION_RATE.name(), active.divide(size))
        .withColumn(CohortMatrixTable.RETENTION_LOW.name(), interval.low())
        .withColumn(CohortMatrixTable.RETENTION_HIGH.name(), interval.high())
        .withColumn(
            CohortMatrixTable.REVENUE_RETENTION_RATE.name(),
            when(
                CohortMatrix.FIRST_NET_MINOR.col().gt(0),
                CohortMatrix.NET_MINOR.col().divide(CohortMatrix.FIRST_NET_MINOR.col())))
        .withColumn(
            CohortMatrixTable.LTV.name(),
            CohortMatrix.CUMULATIVE_MINOR.col().divide(size).divide(lit(Math.pow(10, minorDigits))))
        .select(CohortAveragesTable.TABLE.columns());
  }
}
