package io.perennial.cli;

import io.perennial.cohorts.CohortMatrix;
import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.RetentionSummaryTable;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Months of all customers that are over, and so can be told of. */
final class CompleteMonths {

  private CompleteMonths() {}

  /**
   * The newest of them, newest first.
   *
   * @param summary rows of retention_summary of one as_of
   */
  static List<Row> newest(Dataset<Row> summary, int most) {
    return summary
        .where(RetentionSummaryTable.STATE.col().equalTo(CohortMatrix.COMPLETE))
        .where(CohortMatrixTable.DIMENSION.col().equalTo("all"))
        .orderBy(RetentionSummaryTable.MONTH.col().desc())
        .limit(most)
        .collectAsList();
  }
}
