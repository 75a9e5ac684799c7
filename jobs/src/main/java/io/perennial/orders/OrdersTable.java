package io.perennial.orders;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.OrderSpans;
import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code orders}. */
public final class OrdersTable {

  public static final Field ORDER_ID = OrderLinesTable.ORDER_ID;
  public static final Field CUSTOMER_ID = OrderLinesTable.CUSTOMER_ID;
  public static final Field ORDERED_AT =
      Field.timestamp(
          "ordered_at",
          "Time of the earliest sale line; of the earliest line where nothing was sold.");
  public static final Field ORDER_MONTH =
      Field.date("order_month", "First day of the local month of ordered_at.");
  public static final Field FIRST_LINE_MONTH = OrderSpans.FIRST_LINE_MONTH;
  public static final Field LAST_LINE_MONTH = OrderSpans.LAST_LINE_MONTH;
  public static final Field IS_VALID =
      Field.flag("is_valid", "Whether at least one counted sale line has a positive amount.");
  public static final Field IS_GUEST = OrderLinesTable.IS_GUEST;
  public static final Field LINES = Field.count("lines", "Rows of order_lines, counted or not.");
  public static final Field COUNTED_SALE_LINES =
      Field.count("counted_sale_lines", "Counted sale lines; without one nothing was sold.");
  public static final Field UNITS = Field.quantity("units", "Units on counted sale lines.");
  public static final Field GROSS =
      Field.money("gross", "Amount of counted sale lines, before discount.");
  public static final Field DISCOUNT = Field.money("discount", "Discount on counted sale lines.");
  public static final Field REFUNDED =
      Field.money("refunded", "Money that went back on counted lines up to now, positive.");
  public static final Field NET = Field.money("net", "gross - discount - refunded.");
  public static final Field SHIPPING =
      Field.money("shipping", "Shipping on counted lines; not part of net.");
  public static final Field TAX =
      Field.money("tax", "Separately stated tax on counted lines; not part of net.");
  public static final Field FIRST_CATEGORY =
      Field.text(
              "first_category",
              "Category of the earliest sale line; the alphabetically first within a second.")
          .orNull();
  public static final Field CATEGORIES =
      Field.count("categories", "Distinct categories on counted sale lines.");
  public static final Field CHANNEL = OrderLinesTable.CHANNEL;
  public static final Field DISCOUNT_CODE = OrderLinesTable.DISCOUNT_CODE;
  public static final Field COUNTRY = OrderLinesTable.COUNTRY;

  public static final Table TABLE =
      Table.named("orders")
          .oneRowPer("order")
          .doc("What was bought together. Figures are of counted lines only.")
          .fields(
              ORDER_ID,
              CUSTOMER_ID,
              ORDERED_AT,
              ORDER_MONTH,
              FIRST_LINE_MONTH,
              LAST_LINE_MONTH,
              IS_VALID,
              IS_GUEST,
              LINES,
              UNITS,
              GROSS,
              DISCOUNT,
              REFUNDED,
              NET,
              SHIPPING,
              TAX,
              FIRST_CATEGORY,
              CATEGORIES,
              CHANNEL,
              DISCOUNT_CODE,
              COUNTRY,
              COUNTED_SALE_LINES)
          .key(ORDER_ID)
          .partitionedBy(ORDER_MONTH)
          .indexed(6)
          .invariant("net_adds_up", "net = gross - discount - refunded")
          .invariant("valid_means_sold", "NOT is_valid OR gross > 0")
          .build();

  private OrdersTable() {}
}
