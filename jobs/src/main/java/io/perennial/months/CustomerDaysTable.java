package io.perennial.months;

import io.perennial.customers.CustomersTable;
import io.perennial.orders.OrdersTable;
import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class CustomerDaysTable {

  private static final Table.Builder BUILDER =
      Table.named("customer_days")
          .oneRowPer("customer and local day with any counted line")
          .doc(
              "Sales on the day of their order, refunds on the day the money went back. What every"
                  + " later figure reads.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field CUSTOMER_ID = BUILDER.add(CustomersTable.CUSTOMER_ID);
  public static final Field DAY = BUILDER.date("day", "Local day of the shop.");
  public static final Field ORDERS = BUILDER.count("orders", "Valid orders of the day.");
  public static final Field UNITS = BUILDER.add(OrdersTable.UNITS);
  public static final Field GROSS = BUILDER.add(OrdersTable.GROSS);
  public static final Field DISCOUNT = BUILDER.add(OrdersTable.DISCOUNT);
  public static final Field REFUND =
      BUILDER.money("refund", "Money that went back on this day, positive.");
  public static final Field NET = BUILDER.money("net", "gross - discount - refund.");
  public static final Field DISCOUNTED_ORDERS =
      BUILDER.count("discounted_orders", "Valid orders of the day with a discount.");
  public static final Field CATEGORIES =
      BUILDER.count(
          "categories",
          "Breadth of the day's orders: the distinct categories of each order, added up.");
  public static final Field FIRST_ORDER_AT =
      NULLABLE.timestamp("first_order_at", "Time of the first valid order, if there is one.");
  public static final Field LAST_ORDER_AT =
      NULLABLE.timestamp("last_order_at", "Time of the last valid order, if there is one.");
  public static final Field MONTH =
      BUILDER.date("month", "First day of the local month of day; the table is cut by it.");

  public static final Table TABLE =
      BUILDER
          .key(CUSTOMER_ID, DAY)
          .partitionedBy(MONTH)
          .withoutDictionary(FIRST_ORDER_AT, LAST_ORDER_AT)
          .invariant("net_adds_up", "net = gross - discount - refund")
          .invariant("refund_is_positive", "refund >= 0")
          .build();

  private CustomerDaysTable() {}
}
