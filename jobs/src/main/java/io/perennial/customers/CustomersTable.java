package io.perennial.customers;

import io.perennial.table.Field;
import io.perennial.table.Table;

public final class CustomersTable {

  private static final Table.Builder BUILDER =
      Table.named("customers")
          .oneRowPer("customer with a valid order")
          .doc(
              "How a customer began: attributes of the first valid order (ties: the smallest"
                  + " order_id).");

  public static final Field CUSTOMER_ID =
      BUILDER.text("customer_id", "The customer; never an address.");
  public static final Field FIRST_ORDER_AT =
      BUILDER.timestamp("first_order_at", "Time of the first valid order.");
  public static final Field COHORT_MONTH =
      BUILDER.date("cohort_month", "First day of the local month of the first valid order.");
  public static final Field FIRST_COUNTRY =
      BUILDER.orNull().text("first_country", "Country of the first valid order.");
  public static final Field FIRST_CHANNEL =
      BUILDER.orNull().text("first_channel", "Channel of the first valid order.");
  public static final Field FIRST_CATEGORY =
      BUILDER
          .orNull()
          .text(
              "first_category",
              "Product category of the first valid order (orders.first_category).");
  public static final Field FIRST_ORDER_DISCOUNTED =
      BUILDER.flag("first_order_discounted", "Whether the first valid order had a discount.");
  public static final Field EMAIL_CONSENT = consent("email_consent", "be written to by e-mail");
  public static final Field SMS_CONSENT = consent("sms_consent", "be written to by SMS");
  public static final Field ADS_CONSENT = consent("ads_consent", "be matched on ad platforms");

  public static final Table TABLE = BUILDER.key(CUSTOMER_ID).partitionedBy(COHORT_MONTH).build();

  private CustomersTable() {}

  private static Field consent(String name, String what) {
    return BUILDER
        .orNull()
        .flag(
            name,
            "Whether the customer consents to "
                + what
                + ": the latest dated consent, of several of one time the most restrictive; null"
                + " where none is known, which is no consent.");
  }
}
