package io.perennial.restatements;

import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class RestatementsTable {

  private static final Table.Builder BUILDER =
      Table.named("restatements")
          .oneRowPer("published value of a complete cell that a later run changed")
          .doc(
              "Figures of months that were over, and changed all the same since more became known."
                  + " Rolling figures, which every order changes, and cohort_averages, which every"
                  + " month changes, are left out; repeat_purchase_rate counts once its days are"
                  + " over. Rows are added and never replaced.");
  private static final Columns NULLABLE = BUILDER.orNull();

  /** Not the mark of a snapshot: this history outlives the snapshots that it compares. */
  public static final Field AS_OF =
      BUILDER.date("as_of", "as_of of the run that published the new value.");

  public static final Field TABLE_NAME =
      BUILDER.text("table", "Table of the cell: cohort_matrix or retention_summary.");
  public static final Field DIMENSION = BUILDER.add(CohortMatrixTable.DIMENSION);
  public static final Field DIMENSION_VALUE = BUILDER.add(CohortMatrixTable.DIMENSION_VALUE);
  public static final Field COHORT_MONTH =
      NULLABLE.add(
          CohortMatrixTable.COHORT_MONTH.as(
              "cohort_month", "Cohort of the cell; null in retention_summary."));
  public static final Field MONTH_INDEX =
      NULLABLE.add(
          CohortMatrixTable.MONTH_INDEX.as(
              "month_index",
              "Months since the month of acquisition of the cell; null in retention_summary."));
  public static final Field MONTH =
      BUILDER.date("month", "First day of the local month that the cell is about.");
  public static final Field COLUMN_NAME = BUILDER.text("column", "Column that changed.");
  public static final Field BEFORE =
      NULLABLE.rate(
          "before",
          "Value in the current run before, as a double; null where it had none, or no such"
              + " cell.");
  public static final Field AFTER =
      NULLABLE.rate(
          "after", "Value in this run, as a double; null where it has none, or no such cell.");
  public static final Field CAUSE =
      BUILDER.text(
          "cause",
          "Why: late order (an order that was not known before), refund (a refund line that was not"
              + " known before, of a known order or of none), correction (another line of a known"
              + " order came, changed or left), erasure (lines of erased people left),"
              + " configuration (or code), unknown (the versions before are no longer kept)."
              + " Several that took part are named in this order, with a comma between.");
  public static final Field RUN_ID = BUILDER.text("run_id", "Run that changed the cell.");

  public static final Table TABLE =
      BUILDER
          .key(
              TABLE_NAME,
              DIMENSION,
              DIMENSION_VALUE,
              COHORT_MONTH,
              MONTH_INDEX,
              MONTH,
              COLUMN_NAME,
              RUN_ID)
          .indexed(12)
          .build();

  private RestatementsTable() {}
}
