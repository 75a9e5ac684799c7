package io.perennial.cohorts;

import io.perennial.months.CustomerMonthsTable;
import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code cohort_matrix}. */
public final class CohortMatrixTable {

  public static final Field DIMENSION =
      Field.text(
          "dimension",
          "What cohorts are cut by: all, or an attribute of the first valid order (country,"
              + " channel, category, discounted).");
  public static final Field DIMENSION_VALUE =
      Field.text(
          "dimension_value", "Value of the dimension: all, the attribute, or (none) without one.");
  public static final Field COHORT_MONTH =
      Field.date("cohort_month", "First day of the month of the customers' first valid order.");
  public static final Field MONTH_INDEX =
      Field.integer("month_index", "Months since the month of acquisition, which is 0.");
  public static final Field STATE =
      Field.text(
          "state",
          "complete: the month is over by as_of; partial: it has begun; existing: a cohort before"
              + " cohorts.history-start, which may not be new. A month not yet begun has no row.");
  public static final Field COHORT_SIZE =
      Field.count("cohort_size", "Customers whose first valid order is of the cohort month.");
  public static final Field ACTIVE_CUSTOMERS =
      Field.count("active_customers", "Customers of the cohort with a valid order in the month.");
  public static final Field ROLLING_ACTIVE_CUSTOMERS =
      Field.count(
          "rolling_active_customers",
          "Customers of the cohort with a valid order in the month or later, before as_of.");
  public static final Field ORDERS =
      CustomerMonthsTable.ORDERS.as("orders", "Valid orders of the cohort in the month.");
  public static final Field GROSS = CustomerMonthsTable.GROSS;
  public static final Field DISCOUNT = CustomerMonthsTable.DISCOUNT;
  public static final Field REFUND = CustomerMonthsTable.REFUND;
  public static final Field NET = CustomerMonthsTable.NET;
  public static final Field CUMULATIVE_NET =
      Field.money("cumulative_net", "net of month 0 to this month.");
  public static final Field RETENTION_RATE =
      Field.rate("retention_rate", "active_customers / cohort_size.");
  public static final Field RETENTION_LOW =
      Field.rate("retention_low", "Lower end of the Wilson 95 % interval of retention_rate.");
  public static final Field RETENTION_HIGH =
      Field.rate("retention_high", "Upper end of the Wilson 95 % interval of retention_rate.");
  public static final Field ROLLING_RETENTION_RATE =
      Field.rate("rolling_retention_rate", "rolling_active_customers / cohort_size.");
  public static final Field ROLLING_RETENTION_LOW =
      Field.rate(
          "rolling_retention_low",
          "Lower end of the Wilson 95 % interval of rolling_retention_rate.");
  public static final Field ROLLING_RETENTION_HIGH =
      Field.rate(
          "rolling_retention_high",
          "Upper end of the Wilson 95 % interval of rolling_retention_rate.");
  public static final Field REVENUE_RETENTION_RATE =
      Field.rate(
              "revenue_retention_rate",
              "net / net of month 0; null where that is zero or negative.")
          .orNull();
  public static final Field AOV =
      Field.rate("aov", "Average order value: (gross - discount) / orders; null without orders.")
          .orNull();
  public static final Field ORDERS_PER_CUSTOMER =
      Field.rate("orders_per_customer", "orders / active_customers; null without active customers.")
          .orNull();
  public static final Field LTV =
      Field.rate("ltv", "Cumulative lifetime value: cumulative_net / cohort_size.");

  public static final Table TABLE =
      Table.named("cohort_matrix")
          .oneRowPer("as_of, dimension, dimension value, cohort and month index")
          .doc(
              "Monthly cohorts. A month that was observed without orders is a row of zeros; one"
                  + " that has not happened has no row.")
          .fields(
              Table.AS_OF,
              DIMENSION,
              DIMENSION_VALUE,
              COHORT_MONTH,
              MONTH_INDEX,
              STATE,
              COHORT_SIZE,
              ACTIVE_CUSTOMERS,
              ROLLING_ACTIVE_CUSTOMERS,
              ORDERS,
              GROSS,
              DISCOUNT,
              REFUND,
              NET,
              CUMULATIVE_NET,
              RETENTION_RATE,
              RETENTION_LOW,
              RETENTION_HIGH,
              ROLLING_RETENTION_RATE,
              ROLLING_RETENTION_LOW,
              ROLLING_RETENTION_HIGH,
              REVENUE_RETENTION_RATE,
              AOV,
              ORDERS_PER_CUSTOMER,
              LTV)
          .key(Table.AS_OF, DIMENSION, DIMENSION_VALUE, COHORT_MONTH, MONTH_INDEX)
          .partitionedBy(Table.AS_OF)
          .invariant("net_adds_up", "net = gross - discount - refund")
          .invariant("index_is_not_negative", "month_index >= 0")
          .invariant(
              "active_within_rolling",
              "active_customers <= rolling_active_customers AND rolling_active_customers <="
                  + " cohort_size")
          .build();

  private CohortMatrixTable() {}
}
