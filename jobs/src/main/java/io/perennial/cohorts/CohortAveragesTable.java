package io.perennial.cohorts;

import io.perennial.table.Field;
import io.perennial.table.Table;

public final class CohortAveragesTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("cohort_averages")
          .oneRowPer("as_of, dimension, dimension value and month index")
          .doc(
              "The average row of the matrix: sums of numerators over sums of denominators, of the"
                  + " cohorts for which the month is complete.")
          .fields(
              CohortMatrixTable.DIMENSION,
              CohortMatrixTable.DIMENSION_VALUE,
              CohortMatrixTable.MONTH_INDEX);

  public static final Field COHORTS =
      BUILDER.count("cohorts", "Cohorts for which the month is complete.");
  public static final Field COHORT_SIZE =
      BUILDER.count("cohort_size", "Customers of these cohorts.");
  public static final Field RETENTION_RATE =
      BUILDER.rate("retention_rate", "Their active customers / their customers.");
  public static final Field RETENTION_LOW = BUILDER.add(CohortMatrixTable.RETENTION_LOW);
  public static final Field RETENTION_HIGH = BUILDER.add(CohortMatrixTable.RETENTION_HIGH);
  public static final Field REVENUE_RETENTION_RATE =
      BUILDER
          .orNull()
          .rate("revenue_retention_rate", "Their net in the month / their net of month 0.");
  public static final Field LTV = BUILDER.rate("ltv", "Their cumulative net / their customers.");

  public static final Table TABLE =
      BUILDER
          .key(
              Table.AS_OF,
              CohortMatrixTable.DIMENSION,
              CohortMatrixTable.DIMENSION_VALUE,
              CohortMatrixTable.MONTH_INDEX)
          .build();

  private CohortAveragesTable() {}
}
