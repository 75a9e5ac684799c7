package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.spark.Money;
import io.perennial.step.StepContext;
import io.perennial.table.Field;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.IdentityCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The identity between customer_days and cohort_matrix: no cent and no order is lost. */
public final class CohortReconciliation {

  private static final String IDENTITY =
      "net and orders of customer_days before as_of = cohort_matrix (all) + before or without"
          + " a cohort";

  private CohortReconciliation() {}

  /** Whether a run computed the cohort matrix of its as_of, or found it up to date. */
  public static boolean isPartOf(RunRecord run) {
    return run.reconciliation().stream().anyMatch(check -> check.identity().equals(IDENTITY));
  }

  static IdentityCheck check(StepContext context) {
    Dataset<Row> days =
        context
            .read(CustomerDaysTable.TABLE)
            .where(CustomerDaysTable.DAY.col().lt(lit(context.asOf())));
    Dataset<Row> matrix =
        context
            .snapshot(CohortMatrixTable.TABLE)
            .where(CohortMatrixTable.DIMENSION.col().equalTo("all"));
    Column index = CustomerMonthsTable.MONTH_INDEX.col();
    Dataset<Row> outside = CohortSteps.monthsAsOf(context).where(index.isNull().or(index.lt(0)));
    List<Row> totals =
        new ArrayList<>(
            totals(0, days, CustomerDaysTable.NET, CustomerDaysTable.ORDERS)
                .union(totals(1, matrix, CohortMatrixTable.NET, CohortMatrixTable.ORDERS))
                .union(totals(2, outside, CustomerMonthsTable.NET, CustomerMonthsTable.ORDERS))
                .collectAsList());
    totals.sort(Comparator.comparingInt(row -> row.getInt(0)));
    Row before = totals.get(0);
    Row cohorts = totals.get(1);
    Row others = totals.get(2);
    return new IdentityCheck(
        IDENTITY,
        text(context, before),
        text(context, cohorts) + " + " + text(context, others),
        before.getLong(1) == cohorts.getLong(1) + others.getLong(1)
            && before.getLong(2) == cohorts.getLong(2) + others.getLong(2));
  }

  /** One row: the side of the identity, net in minor units, orders. */
  private static Dataset<Row> totals(int side, Dataset<Row> rows, Field net, Field orders) {
    return rows.agg(Money.total(net).as("net"), coalesce(sum(orders.col()), lit(0L)).as("orders"))
        .select(lit(side).as("side"), col("net"), col("orders"));
  }

  private static String text(StepContext context, Row totals) {
    return Money.text(totals.getLong(1), context.minorDigits())
        + " on "
        + totals.getLong(2)
        + " orders";
  }
}
