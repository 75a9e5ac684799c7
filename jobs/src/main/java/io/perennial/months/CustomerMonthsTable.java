package io.perennial.months;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code customer_months}. */
public final class CustomerMonthsTable {

  public static final Field CUSTOMER_ID = CustomersTable.CUSTOMER_ID;
  public static final Field MONTH = Field.date("month", "First day of the local month.");
  public static final Field COHORT_MONTH =
      CustomersTable.COHORT_MONTH
          .as(
              "cohort_month",
              "First day of the month of the customer's first valid order; null without one.")
          .orNull();
  public static final Field MONTH_INDEX =
      Field.integer(
              "month_index",
              "Months from cohort_month to month: 0 is the month of acquisition; negative for a"
                  + " refund before the first order we know.")
          .orNull();
  public static final Field ORDERS =
      CustomerDaysTable.ORDERS.as("orders", "Valid orders of the month.");
  public static final Field UNITS = CustomerDaysTable.UNITS;
  public static final Field GROSS = CustomerDaysTable.GROSS;
  public static final Field DISCOUNT = CustomerDaysTable.DISCOUNT;
  public static final Field REFUND =
      CustomerDaysTable.REFUND.as("refund", "Money that went back in this month, positive.");
  public static final Field NET = CustomerDaysTable.NET;
  public static final Field DISCOUNTED_ORDERS =
      CustomerDaysTable.DISCOUNTED_ORDERS.as(
          "discounted_orders", "Valid orders of the month with a discount.");
  public static final Field FIRST_ORDER_AT = CustomerDaysTable.FIRST_ORDER_AT;
  public static final Field LAST_ORDER_AT = CustomerDaysTable.LAST_ORDER_AT;

  public static final Table TABLE =
      Table.named("customer_months")
          .oneRowPer("customer and local month with any counted line")
          .doc("Customer days by month, with the customer's cohort.")
          .fields(
              CUSTOMER_ID,
              MONTH,
              COHORT_MONTH,
              MONTH_INDEX,
              ORDERS,
              UNITS,
              GROSS,
              DISCOUNT,
              REFUND,
              NET,
              DISCOUNTED_ORDERS,
              FIRST_ORDER_AT,
              LAST_ORDER_AT)
          .key(CUSTOMER_ID, MONTH)
          .partitionedBy(MONTH)
          .invariant("net_adds_up", "net = gross - discount - refund")
          .build();

  private CustomerMonthsTable() {}
}
