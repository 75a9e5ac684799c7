package io.perennial.months;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class CustomerMonthsTable {

  private static final Table.Builder BUILDER =
      Table.named("customer_months")
          .oneRowPer("customer and local month with any counted line")
          .doc("Customer days by month, with the customer's cohort.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field CUSTOMER_ID = BUILDER.add(CustomersTable.CUSTOMER_ID);
  public static final Field MONTH = BUILDER.date("month", "First day of the local month.");
  public static final Field COHORT_MONTH =
      NULLABLE.add(
          CustomersTable.COHORT_MONTH.as(
              "cohort_month",
              "First day of the month of the customer's first valid order; null without one."));
  public static final Field MONTH_INDEX =
      NULLABLE.integer(
          "month_index",
          "Months from cohort_month to month: 0 is the month of acquisition; negative for a"
              + " refund before the first order we know.");
  public static final Field ORDERS = BUILDER.count("orders", "Valid orders of the month.");
  public static final Field UNITS = BUILDER.add(CustomerDaysTable.UNITS);
  public static final Field GROSS = BUILDER.add(CustomerDaysTable.GROSS);
  public static final Field DISCOUNT = BUILDER.add(CustomerDaysTable.DISCOUNT);
  public static final Field REFUND =
      BUILDER.money("refund", "Money that went back in this month, positive.");
  public static final Field NET = BUILDER.add(CustomerDaysTable.NET);
  public static final Field DISCOUNTED_ORDERS =
      BUILDER.count("discounted_orders", "Valid orders of the month with a discount.");
  public static final Field FIRST_ORDER_AT = BUILDER.add(CustomerDaysTable.FIRST_ORDER_AT);
  public static final Field LAST_ORDER_AT = BUILDER.add(CustomerDaysTable.LAST_ORDER_AT);

  public static final Table TABLE =
      BUILDER
          .key(CUSTOMER_ID, MONTH)
          .partitionedBy(MONTH)
          .invariant("net_adds_up", "net = gross - discount - refund")
          .build();

  private CustomerMonthsTable() {}
}
