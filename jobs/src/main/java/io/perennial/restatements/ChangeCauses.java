package io.perennial.restatements;

import static org.apache.spark.sql.functions.*;

import io.perennial.cohorts.Dimensions;
import io.perennial.customers.ChangedCustomers;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.orders.ChangedOrders;
import io.perennial.orders.OrdersTable;
import io.perennial.state.ErasedPeople;
import io.perennial.table.RowDiff;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * What changed in the lines between two runs, and which cohort cells it may have changed: of which
 * customers, in which months, why.
 */
public final class ChangeCauses {

  static final String FACT_MONTH = "fact_month";
  static final String CAUSE = "fact_cause";

  /** Whether the customer is in the cohort with this dimension value before and now alike. */
  static final String STAYS = "stays";

  /** Whether the customer was and is in some cohort, but is in this one only before or now. */
  static final String MOVED = "moved";

  /** Whether the customer was and is in some cohort, but has this value only before or now. */
  static final String CHANGED_VALUE = "changed_value";

  private static final String SIDE = "side";
  private static final String MONTH_BEFORE = "month_before";
  private static final String MONTH_NOW = "month_now";
  private static final String IS_SOLD = "is_sold";
  private static final String FEWEST = "fewest";

  private ChangeCauses() {}

  /** The label of why a fact changed. */
  public static Column cause() {
    return col(CAUSE);
  }

  /**
   * One row per change: customer_id, {@link #FACT_MONTH} whose figures it enters, {@link #CAUSE}.
   * Sales enter the month of their order, before and now; refunds their own.
   *
   * @param lines rows of {@link ChangedOrders#lines}
   * @param ordersBefore rows of orders as they were, at least of the orders of these lines
   * @param ordersNow rows of orders as they are, likewise
   */
  public static Dataset<Row> of(
      Dataset<Row> lines, Dataset<Row> ordersBefore, Dataset<Row> ordersNow, ErasedPeople erased) {
    Dataset<Row> old =
        ChangedOrders.only(ordersBefore, lines)
            .select(
                OrdersTable.ORDER_ID.col().as("old_order"),
                OrdersTable.ORDER_MONTH.col().as(MONTH_BEFORE));
    Dataset<Row> present =
        ChangedOrders.only(ordersNow, lines)
            .select(
                OrdersTable.ORDER_ID.col().as("new_order"),
                OrdersTable.ORDER_MONTH.col().as(MONTH_NOW),
                OrdersTable.COUNTED_SALE_LINES.col().gt(0).as(IS_SOLD));
    Column order = OrderLinesTable.ORDER_ID.col();
    Column isRefund = OrderLinesTable.KIND.col().equalTo(OrderLinesTable.REFUND);
    Column isNewRefund = isRefund.and(col(FEWEST).gt(0));
    Column isUnknown = col(MONTH_BEFORE).isNull();
    Column isSold = coalesce(col(IS_SOLD), lit(false));
    Column cause =
        when(erased.isCustomer(OrderLinesTable.CUSTOMER_ID.col()), RestatementCause.ERASURE.label())
            .when(
                isNewRefund.and(isUnknown.and(isSold).equalTo(false)),
                RestatementCause.REFUND.label())
            .when(isUnknown, RestatementCause.LATE_ORDER.label())
            .otherwise(RestatementCause.CORRECTION.label());
    Column months =
        when(isRefund, array(OrderLinesTable.ORDER_MONTH.col()))
            .otherwise(array(col(MONTH_BEFORE), col(MONTH_NOW)));
    Dataset<Row> known =
        lines
            .withColumn(
                FEWEST,
                min(RowDiff.SURPLUS.col())
                    .over(Window.partitionBy(order, OrderLinesTable.LINE_ID.col())))
            .where(OrderLinesTable.CUSTOMER_ID.col().isNotNull());
    return known
        .join(old, order.equalTo(col("old_order")), "left")
        .join(present, order.equalTo(col("new_order")), "left")
        .select(
            OrderLinesTable.CUSTOMER_ID.col(),
            explode(array_compact(months)).as(FACT_MONTH),
            cause.as(CAUSE))
        .distinct();
  }

  /**
   * The changes by the cohort and dimension values of their customers, before and now: dimension,
   * dimension_value, cohort_month, {@link #FACT_MONTH}, {@link #CAUSE}, {@link #STAYS}, {@link
   * #MOVED}, {@link #CHANGED_VALUE}.
   *
   * @param facts rows of {@link #of}
   * @param customersBefore rows of customers as they were
   * @param customersNow rows of customers as they are
   */
  public static Dataset<Row> bySlice(
      Dataset<Row> facts,
      Dataset<Row> customersBefore,
      Dataset<Row> customersNow,
      Dimensions dimensions) {
    Column customer = CustomersTable.CUSTOMER_ID.col();
    Column dimension = RestatementsTable.DIMENSION.col();
    Column value = RestatementsTable.DIMENSION_VALUE.col();
    Dataset<Row> slices =
        slices(ChangedCustomers.only(customersBefore, facts), dimensions, 0)
            .union(slices(ChangedCustomers.only(customersNow, facts), dimensions, 1))
            .withColumn("is_on_both", isOnBoth(customer))
            .withColumn("has_value_on_both", isOnBoth(customer, dimension, value))
            .groupBy(
                customer.as("slice_of"),
                CustomersTable.COHORT_MONTH.col(),
                dimension,
                value,
                col("is_on_both"),
                col("has_value_on_both"))
            .agg(count(lit(1)).equalTo(2).as(STAYS))
            .withColumn(MOVED, col("is_on_both").and(not(col(STAYS))))
            .withColumn(CHANGED_VALUE, col("is_on_both").and(not(col("has_value_on_both"))))
            .drop("is_on_both", "has_value_on_both");
    return facts
        .join(slices, customer.equalTo(col("slice_of")))
        .drop("slice_of", CustomersTable.CUSTOMER_ID.name())
        .distinct();
  }

  private static Column isOnBoth(Column... keys) {
    WindowSpec same = Window.partitionBy(keys);
    return min(col(SIDE)).over(same).lt(max(col(SIDE)).over(same));
  }

  private static Dataset<Row> slices(Dataset<Row> customers, Dimensions dimensions, int side) {
    return dimensions
        .spread(customers)
        .select(
            CustomersTable.CUSTOMER_ID.col(),
            CustomersTable.COHORT_MONTH.col(),
            RestatementsTable.DIMENSION.col(),
            RestatementsTable.DIMENSION_VALUE.col(),
            lit(side).as(SIDE));
  }
}
