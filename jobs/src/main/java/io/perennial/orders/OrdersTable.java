package io.perennial.orders;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.OrderSpans;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class OrdersTable {

  private static final Table.Builder BUILDER =
      Table.named("orders")
          .oneRowPer("order")
          .doc("What was bought together. Figures are of counted lines only.");

  public static final Field ORDER_ID = BUILDER.add(OrderLinesTable.ORDER_ID);
  public static final Field CUSTOMER_ID = BUILDER.add(OrderLinesTable.CUSTOMER_ID);
  public static final Field ORDERED_AT =
      BUILDER.timestamp(
          "ordered_at",
          "Time of the earliest sale line; of the earliest line where nothing was sold.");
  public static final Field ORDER_MONTH =
      BUILDER.date("order_month", "First day of the local month of ordered_at.");
  public static final Field FIRST_LINE_MONTH = BUILDER.add(OrderSpans.FIRST_LINE_MONTH);
  public static final Field LAST_LINE_MONTH = BUILDER.add(OrderSpans.LAST_LINE_MONTH);
  public static final Field IS_VALID =
      BUILDER.flag("is_valid", "Whether at least one counted sale line has a positive amount.");
  public static final Field IS_GUEST = BUILDER.add(OrderLinesTable.IS_GUEST);
  public static final Field LINES = BUILDER.count("lines", "Rows of order_lines, counted or not.");
  public static final Field UNITS =
      BUILDER.of("units", Field.QUANTITY, "Units on counted sale lines.");
  public static final Field GROSS =
      BUILDER.money("gross", "Amount of counted sale lines, before discount.");
  public static final Field DISCOUNT = BUILDER.money("discount", "Discount on counted sale lines.");
  public static final Field REFUNDED =
      BUILDER.money("refunded", "Money that went back on counted lines up to now, positive.");
  public static final Field NET = BUILDER.money("net", "gross - discount - refunded.");
  public static final Field SHIPPING =
      BUILDER.money("shipping", "Shipping on counted lines; not part of net.");
  public static final Field TAX =
      BUILDER.money("tax", "Separately stated tax on counted lines; not part of net.");
  public static final Field FIRST_CATEGORY =
      BUILDER
          .orNull()
          .text(
              "first_category",
              "Category of the earliest sale line; the alphabetically first within a second.");
  public static final Field CATEGORIES =
      BUILDER.count("categories", "Distinct categories on counted sale lines.");
  public static final Field CHANNEL = BUILDER.add(OrderLinesTable.CHANNEL);
  public static final Field DISCOUNT_CODE = BUILDER.add(OrderLinesTable.DISCOUNT_CODE);
  public static final Field COUNTRY = BUILDER.add(OrderLinesTable.COUNTRY);
  public static final Field COUNTED_SALE_LINES =
      BUILDER.count("counted_sale_lines", "Counted sale lines; without one nothing was sold.");

  public static final Table TABLE =
      BUILDER
          .key(ORDER_ID)
          .partitionedBy(ORDER_MONTH)
          .indexed(6)
          .invariant("net_adds_up", "net = gross - discount - refunded")
          .invariant("valid_means_sold", "NOT is_valid OR gross > 0")
          .build();

  private OrdersTable() {}
}
