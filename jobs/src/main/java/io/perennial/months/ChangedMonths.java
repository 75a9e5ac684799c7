package io.perennial.months;

import static org.apache.spark.sql.functions.*;

import io.perennial.customers.ChangedCustomers;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.orders.OrdersTable;
import io.perennial.table.Field;
import io.perennial.table.RowDiff;
import io.perennial.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Finds the months of customer_days and customer_months that a change of their inputs affects. */
public final class ChangedMonths {

  private static final Field HAD_COHORT =
      Field.flag("had_cohort", "Whether the customer had a cohort before.");

  private ChangedMonths() {}

  /**
   * Months with a changed day. Sales of a month come from its orders, refunds from its lines: a
   * refund in a later month changes no day of the order's month.
   *
   * @param ordersBefore earlier rows of orders, of the months that changed
   * @param linesBefore earlier rows of order_lines, of the months that changed
   */
  public static Dataset<Row> ofDays(
      Dataset<Row> ordersBefore,
      Dataset<Row> ordersNow,
      Dataset<Row> linesBefore,
      Dataset<Row> linesNow) {
    return RowDiff.ofKeys(
        digests(ordersBefore, linesBefore),
        digests(ordersNow, linesNow),
        OrderLinesTable.ORDER_MONTH);
  }

  private static Dataset<Row> digests(Dataset<Row> orders, Dataset<Row> lines) {
    Dataset<Row> sales =
        CustomerDays.withSales(orders)
            .select(
                Table.columns(
                    OrdersTable.ORDER_ID,
                    OrdersTable.ORDER_MONTH,
                    OrdersTable.CUSTOMER_ID,
                    OrdersTable.ORDERED_AT,
                    OrdersTable.IS_VALID,
                    OrdersTable.UNITS,
                    OrdersTable.GROSS,
                    OrdersTable.DISCOUNT,
                    OrdersTable.CATEGORIES));
    Dataset<Row> refunds =
        CustomerDays.refundLines(lines)
            .select(
                Table.columns(
                    OrderLinesTable.ORDER_ID,
                    OrderLinesTable.LINE_ID,
                    OrderLinesTable.ORDER_MONTH,
                    OrderLinesTable.CUSTOMER_ID,
                    OrderLinesTable.ORDERED_AT,
                    OrderLinesTable.AMOUNT));
    return RowDiff.digests(sales, OrdersTable.ORDER_MONTH)
        .unionByName(RowDiff.digests(refunds, OrderLinesTable.ORDER_MONTH));
  }

  /**
   * One row per customer whose cohort was set, changed or removed.
   *
   * @param before earlier rows of customers, of the cohorts that changed
   * @param now present rows of the same cohorts
   */
  public static Dataset<Row> moved(Dataset<Row> before, Dataset<Row> now) {
    return RowDiff.ofRows(cohorts(before), cohorts(now))
        .groupBy(CustomersTable.CUSTOMER_ID.col())
        .agg(count_if(RowDiff.SURPLUS.col().lt(0)).gt(0).as(HAD_COHORT.name()));
  }

  private static Dataset<Row> cohorts(Dataset<Row> customers) {
    return customers.select(Table.columns(CustomersTable.CUSTOMER_ID, CustomersTable.COHORT_MONTH));
  }

  /** Whether a customer of {@link #moved} had a cohort before, so that any month may hold rows. */
  public static boolean anyLeftACohort(Dataset<Row> moved) {
    return !moved.where(HAD_COHORT.col()).isEmpty();
  }

  /**
   * Months that hold rows of customers who moved.
   *
   * @param months earlier rows of customer_months
   * @param anyLeftACohort result of {@link #anyLeftACohort}; if false, only rows without a cohort
   *     can be of these customers
   */
  public static Dataset<Row> ofMoved(
      Dataset<Row> months, Dataset<Row> moved, boolean anyLeftACohort) {
    Dataset<Row> rows =
        anyLeftACohort ? months : months.where(CustomerMonthsTable.COHORT_MONTH.col().isNull());
    return ChangedCustomers.only(
            rows.select(Table.columns(CustomerMonthsTable.CUSTOMER_ID, CustomerMonthsTable.MONTH)),
            moved)
        .select(CustomerMonthsTable.MONTH.col());
  }
}
