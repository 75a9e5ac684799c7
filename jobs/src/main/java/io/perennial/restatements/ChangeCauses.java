package io.perennial.restatements;

import static org.apache.spark.sql.functions.*;

import io.perennial.cohorts.Dimensions;
import io.perennial.customers.ChangedCustomers;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.orders.ChangedOrders;
import io.perennial.orders.OrdersTable;
import io.perennial.state.ErasedPeople;
import io.perennial.table.Field;
import io.perennial.table.RowDiff;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Changes of lines between two runs, with their causes, customers and months, and the cohort cells
 * that they may have changed.
 */
public final class ChangeCauses {

  static final Field CHANGED_MONTH = Field.date("changed_month", "Month that the change enters.");
  static final Field CAUSE = Field.text("change_cause", "Label of the cause.");
  static final Field STAYS = Field.flag("stays", "Has cohort and value before and now.");
  static final Field MOVED =
      Field.flag("moved", "Has a cohort before and now, this cohort and value only once.");
  static final Field CHANGED_VALUE =
      Field.flag("changed_value", "Has a cohort before and now, this value only once.");

  private static final Field SIDE = Field.integer("side", "0: before, 1: now.");
  private static final Field ORDER_BEFORE = OrdersTable.ORDER_ID.as("order_before", "");
  private static final Field ORDER_NOW = OrdersTable.ORDER_ID.as("order_now", "");
  private static final Field MONTH_BEFORE = OrdersTable.ORDER_MONTH.as("month_before", "");
  private static final Field MONTH_NOW = OrdersTable.ORDER_MONTH.as("month_now", "");
  private static final Field IS_SOLD =
      Field.flag("is_sold", "The order has a counted sale line now.");
  private static final Field MIN_SURPLUS =
      Field.count("min_surplus", "Least surplus over the versions of a line; positive: only now.");
  private static final Field SLICE_CUSTOMER = CustomersTable.CUSTOMER_ID.as("slice_customer", "");
  private static final Field HAS_BOTH = Field.flag("has_both", "Has a cohort before and now.");
  private static final Field HAS_VALUE_IN_BOTH =
      Field.flag("has_value_in_both", "Has the value before and now.");

  private ChangeCauses() {}

  /** The label of the cause. */
  public static Column cause() {
    return CAUSE.col();
  }

  /**
   * One row per change: customer_id, {@link #CHANGED_MONTH}, {@link #CAUSE}. Sales enter the month
   * of their order, before and now; refunds enter their own month.
   *
   * @param lines rows of {@link ChangedOrders#lines}
   * @param ordersBefore previous rows of orders, at least of the orders of these lines
   * @param ordersNow current rows of orders, likewise
   */
  public static Dataset<Row> of(
      Dataset<Row> lines, Dataset<Row> ordersBefore, Dataset<Row> ordersNow, ErasedPeople erased) {
    Dataset<Row> before =
        ChangedOrders.only(ordersBefore, lines)
            .select(
                OrdersTable.ORDER_ID.col().as(ORDER_BEFORE.name()),
                OrdersTable.ORDER_MONTH.col().as(MONTH_BEFORE.name()));
    Dataset<Row> now =
        ChangedOrders.only(ordersNow, lines)
            .select(
                OrdersTable.ORDER_ID.col().as(ORDER_NOW.name()),
                OrdersTable.ORDER_MONTH.col().as(MONTH_NOW.name()),
                OrdersTable.COUNTED_SALE_LINES.col().gt(0).as(IS_SOLD.name()));
    Column order = OrderLinesTable.ORDER_ID.col();
    Column isRefund = OrderLinesTable.KIND.col().equalTo(OrderLinesTable.REFUND);
    Column isNewRefund = isRefund.and(MIN_SURPLUS.col().gt(0));
    Column isUnknown = MONTH_BEFORE.col().isNull();
    Column isSold = coalesce(IS_SOLD.col(), lit(false));
    Column cause =
        when(erased.isCustomer(OrderLinesTable.CUSTOMER_ID.col()), RestatementCause.ERASURE.label())
            .when(
                isNewRefund.and(isUnknown.and(isSold).equalTo(false)),
                RestatementCause.REFUND.label())
            .when(isUnknown, RestatementCause.LATE_ORDER.label())
            .otherwise(RestatementCause.CORRECTION.label());
    Column months =
        when(isRefund, array(OrderLinesTable.ORDER_MONTH.col()))
            .otherwise(array(MONTH_BEFORE.col(), MONTH_NOW.col()));
    Dataset<Row> known =
        lines
            .withColumn(
                MIN_SURPLUS.name(),
                min(RowDiff.SURPLUS.col())
                    .over(Window.partitionBy(order, OrderLinesTable.LINE_ID.col())))
            .where(OrderLinesTable.CUSTOMER_ID.col().isNotNull());
    return known
        .join(before, order.equalTo(ORDER_BEFORE.col()), "left")
        .join(now, order.equalTo(ORDER_NOW.col()), "left")
        .select(
            OrderLinesTable.CUSTOMER_ID.col(),
            explode(array_compact(months)).as(CHANGED_MONTH.name()),
            cause.as(CAUSE.name()))
        .distinct();
  }

  /**
   * The changes by cohort and dimension value of their customers, before and now: dimension,
   * dimension_value, cohort_month, {@link #CHANGED_MONTH}, {@link #CAUSE}, {@link #STAYS}, {@link
   * #MOVED}, {@link #CHANGED_VALUE}.
   *
   * @param changes rows of {@link #of}
   * @param customersBefore previous rows of customers
   * @param customersNow current rows of customers
   */
  public static Dataset<Row> bySlice(
      Dataset<Row> changes,
      Dataset<Row> customersBefore,
      Dataset<Row> customersNow,
      Dimensions dimensions) {
    Column customer = CustomersTable.CUSTOMER_ID.col();
    Column dimension = RestatementsTable.DIMENSION.col();
    Column value = RestatementsTable.DIMENSION_VALUE.col();
    Dataset<Row> slices =
        slices(ChangedCustomers.only(customersBefore, changes), dimensions, 0)
            .union(slices(ChangedCustomers.only(customersNow, changes), dimensions, 1))
            .withColumn(HAS_BOTH.name(), isOnBothSides(customer))
            .withColumn(HAS_VALUE_IN_BOTH.name(), isOnBothSides(customer, dimension, value))
            .groupBy(
                customer.as(SLICE_CUSTOMER.name()),
                CustomersTable.COHORT_MONTH.col(),
                dimension,
                value,
                HAS_BOTH.col(),
                HAS_VALUE_IN_BOTH.col())
            .agg(count(lit(1)).equalTo(2).as(STAYS.name()))
            .withColumn(MOVED.name(), HAS_BOTH.col().and(not(STAYS.col())))
            .withColumn(CHANGED_VALUE.name(), HAS_BOTH.col().and(not(HAS_VALUE_IN_BOTH.col())))
            .drop(HAS_BOTH.name(), HAS_VALUE_IN_BOTH.name());
    return changes
        .join(slices, customer.equalTo(SLICE_CUSTOMER.col()))
        .drop(SLICE_CUSTOMER.name(), CustomersTable.CUSTOMER_ID.name())
        .distinct();
  }

  private static Column isOnBothSides(Column... keys) {
    WindowSpec same = Window.partitionBy(keys);
    return min(SIDE.col()).over(same).lt(max(SIDE.col()).over(same));
  }

  private static Dataset<Row> slices(Dataset<Row> customers, Dimensions dimensions, int side) {
    return dimensions
        .unpivot(customers)
        .select(
            CustomersTable.CUSTOMER_ID.col(),
            CustomersTable.COHORT_MONTH.col(),
            RestatementsTable.DIMENSION.col(),
            RestatementsTable.DIMENSION_VALUE.col(),
            lit(side).as(SIDE.name()));
  }
}
