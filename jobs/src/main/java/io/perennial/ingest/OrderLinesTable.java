package io.perennial.ingest;

import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class OrderLinesTable {

  private static final Table.Builder BUILDER =
      Table.named("order_lines")
          .oneRowPer("accepted raw line")
          .doc("The lake, typed, deduplicated and exactly once.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field ORDER_ID =
      BUILDER.text("order_id", "The order, unique across the lake.");
  public static final Field LINE_ID =
      BUILDER.text(
          "line_id",
          "The line within the order: as mapped, else a hash of the record's order fields and its"
              + " occurrence number.");
  public static final Field CUSTOMER_ID =
      NULLABLE.text("customer_id", "Who bought; null where the order is anonymous.");
  public static final Field ORDERED_AT =
      BUILDER.timestamp(
          "ordered_at", "When the line was bought; of a refund line, when the money went back.");
  public static final Field ORDER_MONTH =
      BUILDER.date("order_month", "First day of the local month of ordered_at.");
  public static final Field KIND = BUILDER.text("kind", "sale or refund.");
  public static final Field PRODUCT_ID = NULLABLE.text("product_id", "The product, where mapped.");
  public static final Field CATEGORY =
      NULLABLE.text("category", "The product's category, where mapped.");
  public static final Field IS_COUNTED =
      BUILDER.flag(
          "is_counted",
          "Whether the line enters figures: not of a test order, not of an order cancelled in"
              + " full.");
  public static final Field QUANTITY =
      NULLABLE.of(
          "quantity",
          Field.QUANTITY,
          "Units sold; negative for units taken back; null where a refund names none.");
  public static final Field UNIT_PRICE =
      NULLABLE.of("unit_price", Field.PRICE, "Price of one unit in the shop's currency, as read.");
  public static final Field AMOUNT =
      BUILDER.money(
          "amount",
          "quantity x unit_price rounded half up, before discount; negative for a refund.");
  public static final Field DISCOUNT =
      BUILDER.money(
          "discount",
          "Discount of the line and its share of the order's discount; never negative.");
  public static final Field CURRENCY = BUILDER.text("currency", "The shop's currency (ISO 4217).");
  public static final Field CHANNEL = NULLABLE.text("channel", "Sales channel of the order.");
  public static final Field DISCOUNT_CODE =
      NULLABLE.text("discount_code", "Discount code of the order.");
  public static final Field COUNTRY = NULLABLE.text("country", "Country of the order.");
  public static final Field PRODUCT_NAME =
      NULLABLE.text("product_name", "The product's name, where mapped.");
  public static final Field ORDER_DISCOUNT =
      BUILDER.money("order_discount", "The part of discount that is a share of the order's.");
  public static final Field SHIPPING =
      BUILDER.money("shipping", "Shipping charged on the line's record; not part of net.");
  public static final Field TAX =
      BUILDER.money("tax", "Separately stated tax on the line's record; not part of net.");
  public static final Field STATUS =
      NULLABLE.text("status", "Status of the line or order as mapped; only `cancelled` matters.");
  public static final Field IS_TEST = BUILDER.flag("is_test", "Whether the order was a test.");
  public static final Field IS_GUEST =
      BUILDER.flag("is_guest", "Whether the customer bought without an account.");
  public static final Field UPDATED_AT =
      NULLABLE.timestamp("updated_at", "Version of the record, where mapped.");
  public static final Field IS_DERIVED =
      BUILDER.flag(
          "is_derived",
          "Whether this is the refund that a record's refund_amount gave beside its sale line.");
  public static final Field SOURCE_FILE =
      BUILDER.text("source_file", "File of the record, relative to lake.path.");
  public static final Field INGEST_ID = BUILDER.text("ingest_id", "Run that read the record.");

  public static final String SALE = "sale";
  public static final String REFUND = "refund";

  public static final Table TABLE =
      BUILDER
          .key(ORDER_ID, LINE_ID)
          .partitionedBy(ORDER_MONTH)
          .withoutDictionary(ORDER_ID, CUSTOMER_ID, ORDERED_AT, UPDATED_AT)
          .invariant("kind_is_known", "kind IN ('sale', 'refund')")
          .invariant("amount_has_its_sign", "(kind = 'sale') = (amount >= 0) OR amount = 0")
          .invariant("discount_is_not_negative", "discount >= 0 AND order_discount >= 0")
          .build();

  private OrderLinesTable() {}
}
