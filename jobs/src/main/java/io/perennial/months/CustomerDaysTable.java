package io.perennial.months;

import io.perennial.customers.CustomersTable;
import io.perennial.orders.OrdersTable;
import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code customer_days}. */
public final class CustomerDaysTable {

  public static final Field CUSTOMER_ID = CustomersTable.CUSTOMER_ID;
  public static final Field DAY = Field.date("day", "Local day of the shop.");
  public static final Field ORDERS = Field.count("orders", "Valid orders of the day.");
  public static final Field UNITS = OrdersTable.UNITS;
  public static final Field GROSS = OrdersTable.GROSS;
  public static final Field DISCOUNT = OrdersTable.DISCOUNT;
  public static final Field REFUND =
      Field.money("refund", "Money that went back on this day, positive.");
  public static final Field NET = Field.money("net", "gross - discount - refund.");
  public static final Field DISCOUNTED_ORDERS =
      Field.count("discounted_orders", "Valid orders of the day with a discount.");
  public static final Field CATEGORIES =
      Field.count(
          "categories",
          "Breadth of the day's orders: the distinct categories of each order, added up.");
  public static final Field FIRST_ORDER_AT =
      Field.timestamp("first_order_at", "Time of the first valid order, if there is one.").orNull();
  public static final Field LAST_ORDER_AT =
      Field.timestamp("last_order_at", "Time of the last valid order, if there is one.").orNull();
  public static final Field MONTH =
      Field.date("month", "First day of the local month of day; the table is cut by it.");

  public static final Table TABLE =
      Table.named("customer_days")
          .oneRowPer("customer and local day with any counted line")
          .doc(
              "Sales on the day of their order, refunds on the day the money went back. What every"
                  + " later figure reads.")
          .fields(
              CUSTOMER_ID,
              DAY,
              ORDERS,
              UNITS,
              GROSS,
              DISCOUNT,
              REFUND,
              NET,
              DISCOUNTED_ORDERS,
              CATEGORIES,
              FIRST_ORDER_AT,
              LAST_ORDER_AT,
              MONTH)
          .key(CUSTOMER_ID, DAY)
          .partitionedBy(MONTH)
          .invariant("net_adds_up", "net = gross - discount - refund")
          .invariant("refund_is_positive", "refund >= 0")
          .build();

  private CustomerDaysTable() {}
}
