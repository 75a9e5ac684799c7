package io.perennial.restatements;

import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.table.Field;
import io.perennial.table.RunsTable;
import io.perennial.table.Table;

/** Declares {@code restatements}. */
public final class RestatementsTable {

  /** Not the mark of a snapshot: this history outlives the snapshots that it compares. */
  public static final Field AS_OF =
      Field.date("as_of", "as_of of the run that published the new value.");

  public static final Field TABLE_NAME =
      Field.text("table", "Table of the cell: cohort_matrix or retention_summary.");
  public static final Field DIMENSION = CohortMatrixTable.DIMENSION;
  public static final Field DIMENSION_VALUE = CohortMatrixTable.DIMENSION_VALUE;
  public static final Field COHORT_MONTH =
      CohortMatrixTable.COHORT_MONTH
          .as("cohort_month", "Cohort of the cell; null in retention_summary.")
          .orNull();
  public static final Field MONTH_INDEX =
      CohortMatrixTable.MONTH_INDEX
          .as(
              "month_index",
              "Months since the month of acquisition of the cell; null in retention_summary.")
          .orNull();
  public static final Field MONTH =
      Field.date("month", "First day of the local month that the cell is about.");
  public static final Field COLUMN_NAME = Field.text("column", "Column that changed.");
  public static final Field BEFORE =
      Field.rate(
              "before",
              "Value in the current run before, as a double; null where it had none, or no such"
                  + " cell.")
          .orNull();
  public static final Field AFTER =
      Field.rate(
              "after", "Value in this run, as a double; null where it has none, or no such cell.")
          .orNull();
  public static final Field CAUSE =
      Field.text(
          "cause",
          "Why: late order (an order that was not known before), refund (a refund line that was not"
              + " known before, of a known order or of none), correction (another line of a known"
              + " order came, changed or left), erasure (lines of erased people left),"
              + " configuration (or code), unknown (the versions before are no longer kept)."
              + " Several that took part are named in this order, with a comma between.");
  public static final Field RUN_ID = RunsTable.RUN_ID.as("run_id", "Run that changed the cell.");

  public static final Table TABLE =
      Table.named("restatements")
          .oneRowPer("published value of a complete cell that a later run changed")
          .doc(
              "Figures of months that were over, and changed all the same since more became known."
                  + " Rolling figures, which every order changes, and cohort_averages, which every"
                  + " month changes, are left out; repeat_purchase_rate counts once its days are"
                  + " over. Rows are added and never replaced.")
          .fields(
              AS_OF,
              TABLE_NAME,
              DIMENSION,
              DIMENSION_VALUE,
              COHORT_MONTH,
              MONTH_INDEX,
              MONTH,
              COLUMN_NAME,
              BEFORE,
              AFTER,
              CAUSE,
              RUN_ID)
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
