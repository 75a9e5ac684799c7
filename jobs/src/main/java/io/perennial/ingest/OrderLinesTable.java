package io.perennial.ingest;

import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code order_lines}. */
public final class OrderLinesTable {

  public static final Field ORDER_ID = Field.text("order_id", "The order, unique across the lake.");
  public static final Field LINE_ID =
      Field.text(
          "line_id",
          "The line within the order: as mapped, else a hash of the record's order fields and its"
              + " occurrence number.");
  public static final Field CUSTOMER_ID =
      Field.text("customer_id", "Who bought; null where the order is anonymous.").orNull();
  public static final Field ORDERED_AT =
      Field.timestamp(
          "ordered_at", "When the line was bought; of a refund line, when the money went back.");
  public static final Field ORDER_MONTH =
      Field.date("order_month", "First day of the local month of ordered_at.");
  public static final Field KIND = Field.text("kind", "sale or refund.");
  public static final Field PRODUCT_ID =
      Field.text("product_id", "The product, where mapped.").orNull();
  public static final Field PRODUCT_NAME =
      Field.text("product_name", "The product's name, where mapped.").orNull();
  public static final Field CATEGORY =
      Field.text("category", "The product's category, where mapped.").orNull();
  public static final Field IS_COUNTED =
      Field.flag(
          "is_counted",
          "Whether the line enters figures: not of a test order, not of an order cancelled in"
              + " full.");
  public static final Field QUANTITY =
      Field.quantity(
              "quantity",
              "Units sold; negative for units taken back; null where a refund names none.")
          .orNull();
  public static final Field UNIT_PRICE =
      Field.of("unit_price", Field.PRICE, "Price of one unit in the shop's currency, as read.")
          .orNull();
  public static final Field AMOUNT =
      Field.money(
          "amount",
          "quantity x unit_price rounded half up, before discount; negative for a refund.");
  public static final Field DISCOUNT =
      Field.money(
          "discount",
          "Discount of the line and its share of the order's discount; never negative.");
  public static final Field ORDER_DISCOUNT =
      Field.money("order_discount", "The part of discount that is a share of the order's.");
  public static final Field SHIPPING =
      Field.money("shipping", "Shipping charged on the line's record; not part of net.");
  public static final Field TAX =
      Field.money("tax", "Separately stated tax on the line's record; not part of net.");
  public static final Field CURRENCY = Field.text("currency", "The shop's currency (ISO 4217).");
  public static final Field STATUS =
      Field.text("status", "Status of the line or order as mapped; only `cancelled` matters.")
          .orNull();
  public static final Field IS_TEST = Field.flag("is_test", "Whether the order was a test.");
  public static final Field IS_GUEST =
      Field.flag("is_guest", "Whether the customer bought without an account.");
  public static final Field CHANNEL = Field.text("channel", "Sales channel of the order.").orNull();
  public static final Field DISCOUNT_CODE =
      Field.text("discount_code", "Discount code of the order.").orNull();
  public static final Field COUNTRY = Field.text("country", "Country of the order.").orNull();
  public static final Field UPDATED_AT =
      Field.timestamp("updated_at", "Version of the record, where mapped.").orNull();
  public static final Field IS_DERIVED =
      Field.flag(
          "is_derived",
          "Whether this is the refund that a record's refund_amount gave beside its sale line.");
  public static final Field SOURCE_FILE =
      Field.text("source_file", "File of the record, relative to lake.path.");
  public static final Field INGEST_ID = Field.text("ingest_id", "Run that read the record.");

  public static final String SALE = "sale";
  public static final String REFUND = "refund";

  public static final Table TABLE =
      Table.named("order_lines")
          .oneRowPer("accepted raw line")
          .doc("The lake, typed, deduplicated and exactly once.")
          .fields(
              ORDER_ID,
              LINE_ID,
              CUSTOMER_ID,
              ORDERED_AT,
              ORDER_MONTH,
              KIND,
              PRODUCT_ID,
              CATEGORY,
              IS_COUNTED,
              QUANTITY,
              UNIT_PRICE,
              AMOUNT,
              DISCOUNT,
              CURRENCY,
              CHANNEL,
              DISCOUNT_CODE,
              COUNTRY,
              PRODUCT_NAME,
              ORDER_DISCOUNT,
              SHIPPING,
              TAX,
              STATUS,
              IS_TEST,
              IS_GUEST,
              UPDATED_AT,
              IS_DERIVED,
              SOURCE_FILE,
              INGEST_ID)
          .key(ORDER_ID, LINE_ID)
          .partitionedBy(ORDER_MONTH)
          .invariant("kind_is_known", "kind IN ('sale', 'refund')")
          .invariant("amount_has_its_sign", "(kind = 'sale') = (amount >= 0) OR amount = 0")
          .invariant("discount_is_not_negative", "discount >= 0 AND order_discount >= 0")
          .build();

  private OrderLinesTable() {}
}
