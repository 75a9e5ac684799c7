package io.perennial.months;

import static org.apache.spark.sql.functions.*;

import io.perennial.customers.ChangedCustomers;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.orders.OrdersTable;
import io.perennial.table.RowDiff;
import io.perennial.table.Table;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which months of customer_days and customer_months a change concerns. */
public final class ChangedMonths {

  private static final String HAD_COHORT = "had_cohort";

  private ChangedMonths() {}

  /**
   * The months whose days are not what they were. Sales of a month come from its orders, refunds
   * from its lines; an order that was refunded in a later month changes no day of its own.
   *
   * @param ordersBefore rows of orders as they were, of the months that changed
   * @param linesBefore rows of order_lines likewise
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
   * One row per customer whose cohort is not what it was: who got one, has another, or none any
   * more.
   *
   * @param before rows of customers as they were, of the cohorts that changed
   * @param now the same cohorts as they are
   */
  public static Dataset<Row> moved(Dataset<Row> before, Dataset<Row> now) {
    return RowDiff.ofRows(cohorts(before), cohorts(now))
        .groupBy(CustomersTable.CUSTOMER_ID.col())
        .agg(count_if(RowDiff.SURPLUS.col().lt(0)).gt(0).as(HAD_COHORT));
  }

  private static Dataset<Row> cohorts(Dataset<Row> customers) {
    return customers.select(Table.columns(CustomersTable.CUSTOMER_ID, CustomersTable.COHORT_MONTH));
  }

  /** Whether some of {@link #moved} had a cohort before: their rows may be in any month. */
  public static boolean anyLeftACohort(Dataset<Row> moved) {
    return !moved.where(col(HAD_COHORT)).isEmpty();
  }

  /**
   * The months, beside those to be made anyway, that hold rows of customers who moved.
   *
   * @param months rows of customer_months as they were
   * @param anyLeftACohort see {@link #anyLeftACohort}; otherwise only rows without a cohort count
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
