package io.perennial.cohorts;

import io.perennial.months.CustomerMonthsTable;
import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class CohortMatrixTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("cohort_matrix")
          .oneRowPer("as_of, dimension, dimension value, cohort and month index")
          .doc(
              "Monthly cohorts. A month that was observed without orders is a row of zeros; one"
                  + " that has not happened has no row.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field DIMENSION =
      BUILDER.text(
          "dimension",
          "What cohorts are cut by: all, or an attribute of the first valid order (country,"
              + " channel, category, discounted).");
  public static final Field DIMENSION_VALUE =
      BUILDER.text(
          "dimension_value", "Value of the dimension: all, the attribute, or (none) without one.");
  public static final Field COHORT_MONTH =
      BUILDER.date("cohort_month", "First day of the month of the customers' first valid order.");
  public static final Field MONTH_INDEX =
      BUILDER.integer("month_index", "Months since the month of acquisition, which is 0.");
  public static final Field STATE =
      BUILDER.text(
          "state",
          "complete: the month is over by as_of; partial: it has begun; existing: a cohort before"
              + " cohorts.history-start, which may not be new. A month not yet begun has no row.");
  public static final Field COHORT_SIZE =
      BUILDER.count("cohort_size", "Customers whose first valid order is of the cohort month.");
  public static final Field ACTIVE_CUSTOMERS =
      BUILDER.count("active_customers", "Customers of the cohort with a valid order in the month.");
  public static final Field ROLLING_ACTIVE_CUSTOMERS =
      BUILDER.count(
          "rolling_active_customers",
          "Customers of the cohort with a valid order in the month or later, before as_of.");
  public static final Field ORDERS =
      BUILDER.count("orders", "Valid orders of the cohort in the month.");
  public static final Field GROSS = BUILDER.add(CustomerMonthsTable.GROSS);
  public static final Field DISCOUNT = BUILDER.add(CustomerMonthsTable.DISCOUNT);
  public static final Field REFUND = BUILDER.add(CustomerMonthsTable.REFUND);
  public static final Field NET = BUILDER.add(CustomerMonthsTable.NET);
  public static final Field CUMULATIVE_NET =
      BUILDER.money("cumulative_net", "net of month 0 to this month.");
  public static final Field RETENTION_RATE =
      BUILDER.rate("retention_rate", "active_customers / cohort_size.");
  public static final Field RETENTION_LOW =
      BUILDER.rate("retention_low", "Lower end of the Wilson 95 % interval of retention_rate.");
  public static final Field RETENTION_HIGH =
      BUILDER.rate("retention_high", "Upper end of the Wilson 95 % interval of retention_rate.");
  public static final Field ROLLING_RETENTION_RATE =
      BUILDER.rate("rolling_retention_rate", "rolling_active_customers / cohort_size.");
  public static final Field ROLLING_RETENTION_LOW =
      BUILDER.rate(
          "rolling_retention_low",
          "Lower end of the Wilson 95 % interval of rolling_retention_rate.");
  public static final Field ROLLING_RETENTION_HIGH =
      BUILDER.rate(
          "rolling_retention_high",
          "Upper end of the Wilson 95 % interval of rolling_retention_rate.");
  public static final Field REVENUE_RETENTION_RATE =
      NULLABLE.rate(
          "revenue_retention_rate", "net / net of month 0; null where that is zero or negative.");
  public static final Field AOV =
      NULLABLE.rate(
          "aov", "Average order value: (gross - discount) / orders; null without orders.");
  public static final Field ORDERS_PER_CUSTOMER =
      NULLABLE.rate(
          "orders_per_customer", "orders / active_customers; null without active customers.");
  public static final Field LTV =
      BUILDER.rate("ltv", "Cumulative lifetime value: cumulative_net / cohort_size.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, DIMENSION, DIMENSION_VALUE, COHORT_MONTH, MONTH_INDEX)
          .invariant("net_adds_up", "net = gross - discount - refund")
          .invariant("index_is_not_negative", "month_index >= 0")
          .invariant(
              "active_within_rolling",
              "active_customers <= rolling_active_customers AND rolling_active_customers <="
                  + " cohort_size")
          .build();

  private CohortMatrixTable() {}
}
