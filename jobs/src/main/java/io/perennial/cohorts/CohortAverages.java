package io.perennial.cohorts;

import static io.perennial.cohorts.CohortAveragesTable.COHORTS;
import static io.perennial.cohorts.CohortMatrixTable.ACTIVE_CUSTOMERS;
import static io.perennial.cohorts.CohortMatrixTable.COHORT_MONTH;
import static io.perennial.cohorts.CohortMatrixTable.COHORT_SIZE;
import static io.perennial.cohorts.CohortMatrixTable.CUMULATIVE_NET;
import static io.perennial.cohorts.CohortMatrixTable.DIMENSION;
import static io.perennial.cohorts.CohortMatrixTable.DIMENSION_VALUE;
import static io.perennial.cohorts.CohortMatrixTable.LTV;
import static io.perennial.cohorts.CohortMatrixTable.MONTH_INDEX;
import static io.perennial.cohorts.CohortMatrixTable.NET;
import static io.perennial.cohorts.CohortMatrixTable.RETENTION_HIGH;
import static io.perennial.cohorts.CohortMatrixTable.RETENTION_LOW;
import static io.perennial.cohorts.CohortMatrixTable.RETENTION_RATE;
import static io.perennial.cohorts.CohortMatrixTable.REVENUE_RETENTION_RATE;
import static io.perennial.cohorts.CohortMatrixTable.STATE;
import static io.perennial.table.Table.AS_OF;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.perennial.table.Field;
import io.perennial.table.Money;
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
        Window.partitionBy(AS_OF.col(), DIMENSION.col(), DIMENSION_VALUE.col(), COHORT_MONTH.col());
    Column first = max(when(MONTH_INDEX.col().equalTo(0), Money.minorUnits(NET))).over(cohort);
    Wilson interval = Wilson.of(col("active"), COHORT_SIZE.col());
    return matrix
        .withColumn("first_minor", first)
        .where(STATE.col().equalTo(CohortMatrix.COMPLETE))
        .groupBy(AS_OF.col(), DIMENSION.col(), DIMENSION_VALUE.col(), MONTH_INDEX.col())
        .agg(
            count(lit(1)).as(COHORTS.name()),
            sum(COHORT_SIZE.col()).as(COHORT_SIZE.name()),
            sum(ACTIVE_CUSTOMERS.col()).as("active"),
            sum(Money.minorUnits(NET)).as("net_minor"),
            sum(col("first_minor")).as("first_minor"),
            sum(Money.minorUnits(CUMULATIVE_NET)).as("cumulative_minor"))
        .withColumn(RETENTION_RATE.name(), col("active").divide(COHORT_SIZE.col()))
        .withColumn(RETENTION_LOW.name(), interval.low())
        .withColumn(RETENTION_HIGH.name(), interval.high())
        .withColumn(
            REVENUE_RETENTION_RATE.name(),
            when(col("first_minor").gt(0), col("net_minor").divide(col("first_minor"))))
        .withColumn(
            LTV.name(),
            col("cumulative_minor")
                .divide(COHORT_SIZE.col())
                .divide(lit(Math.pow(10, minorDigits))))
        .select(CohortAveragesTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }
}
