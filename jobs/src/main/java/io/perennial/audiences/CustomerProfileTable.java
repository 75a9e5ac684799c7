package io.perennial.audiences;

import io.perennial.churn.ChurnScoresTable;
import io.perennial.customers.CustomersTable;
import io.perennial.rfm.RfmTable;
import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataTypes;

/** Declares {@code customer_profile}: what a rule of an audience may use. */
public final class CustomerProfileTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("customer_profile")
          .oneRowPer("as_of and customer with a valid order before it")
          .doc(
              "Everything that a rule of an audience may use, as it was known at as_of; consents"
                  + " and contacts as they are now. It holds no address.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field CUSTOMER_ID = BUILDER.add(CustomersTable.CUSTOMER_ID);

  // From customer_days.
  public static final Field FIRST_ORDER_DAY =
      BUILDER.date("first_order_day", "Local day of the first valid order.");
  public static final Field LAST_ORDER_DAY =
      BUILDER.date("last_order_day", "Local day of the last valid order before as_of.");
  public static final Field DAYS_SINCE_FIRST_ORDER =
      BUILDER.integer(
          "days_since_first_order", "Whole days from first_order_day to as_of; 1 and up.");
  public static final Field DAYS_SINCE_LAST_ORDER =
      BUILDER.integer(
          "days_since_last_order", "Whole days from last_order_day to as_of; 1 and up.");
  public static final Field ORDERS = BUILDER.count("orders", "Valid orders ever.");
  public static final Field NET =
      BUILDER.money("net", "Sales less discounts and refunds, of all time.");
  public static final Field AOV =
      BUILDER.rate(
          "aov", "Average order value: (sales - discounts) / orders, in the shop's currency.");
  public static final Field ORDERS_LAST_YEAR =
      BUILDER.count("orders_last_year", "Valid orders in the 365 days before as_of.");
  public static final Field NET_LAST_YEAR =
      BUILDER.money("net_last_year", "Net in the 365 days before as_of.");
  public static final Field DISCOUNTED_ORDERS =
      BUILDER.count("discounted_orders", "Valid orders with a discount.");
  public static final Field DISCOUNTED_SHARE =
      BUILDER.rate("discounted_share", "discounted_orders / orders: 0 to 1.");
  public static final Field REFUND_DAYS =
      BUILDER.count("refund_days", "Days on which money went back.");
  public static final Field REFUND =
      BUILDER.money("refund", "Money that went back, positive; 0 without a refund.");
  public static final Field DAYS_SINCE_LAST_REFUND =
      NULLABLE.integer(
          "days_since_last_refund",
          "Whole days from the last day on which money went back to as_of; null without one.");
  public static final Field BOUGHT_MONTHS =
      BUILDER.of(
          "bought_months",
          DataTypes.createArrayType(DataTypes.IntegerType, false),
          "Months of the year, 1 to 12 ascending, in which they ever placed a valid order.");
  public static final Field COMING_SEASON_YEARS =
      BUILDER.integer(
          "coming_season_years",
          "Earlier years with a valid order in the days of the year that now come: from as_of's day"
              + " of the year on, audiences.season-days long. 0 to 30.");

  // From customers and orders.
  public static final Field COHORT_MONTH = BUILDER.add(CustomersTable.COHORT_MONTH);
  public static final Field FIRST_CATEGORY = BUILDER.add(CustomersTable.FIRST_CATEGORY);
  public static final Field FIRST_CHANNEL = BUILDER.add(CustomersTable.FIRST_CHANNEL);
  public static final Field FIRST_COUNTRY = BUILDER.add(CustomersTable.FIRST_COUNTRY);
  public static final Field IS_GUEST =
      BUILDER.flag(
          "is_guest", "Whether the last valid order before as_of was placed without an account.");

  // From rfm.
  public static final Field RECENCY_DAYS = NULLABLE.add(RfmTable.RECENCY_DAYS);
  public static final Field FREQUENCY = NULLABLE.add(RfmTable.FREQUENCY);
  public static final Field MONETARY = NULLABLE.add(RfmTable.MONETARY);
  public static final Field R_SCORE = NULLABLE.add(RfmTable.R_SCORE);
  public static final Field F_SCORE = NULLABLE.add(RfmTable.F_SCORE);
  public static final Field M_SCORE = NULLABLE.add(RfmTable.M_SCORE);
  public static final Field RFM_CELL = NULLABLE.add(RfmTable.RFM_CELL);
  public static final Field SEGMENT = NULLABLE.add(RfmTable.SEGMENT);

  // From churn_scores.
  public static final Field CHURN_PROBABILITY = NULLABLE.add(ChurnScoresTable.CHURN_PROBABILITY);
  public static final Field RISK_BAND = NULLABLE.add(ChurnScoresTable.RISK_BAND);
  public static final Field EXPECTED_ORDERS = BUILDER.add(ChurnScoresTable.EXPECTED_ORDERS);
  public static final Field EXPECTED_NET = BUILDER.add(ChurnScoresTable.EXPECTED_NET);
  public static final Field VALUE_AT_RISK = BUILDER.add(ChurnScoresTable.VALUE_AT_RISK);

  // From loyalty.
  public static final Field POINTS_EARNED =
      NULLABLE.count("points_earned", "Loyalty points earned by orders (loyalty).");
  public static final Field POINTS_RETURNED =
      NULLABLE.count("points_returned", "Loyalty points that refunds took back (loyalty).");
  public static final Field POINTS_BALANCE =
      NULLABLE.count("points_balance", "Loyalty points now (loyalty).");
  public static final Field TIER = NULLABLE.text("tier", "Loyalty tier (loyalty).");
  public static final Field NET_IN_TIER_WINDOW =
      NULLABLE.money("net_in_tier_window", "Net that the tier is judged by (loyalty).");
  public static final Field POINTS_TO_NEXT_TIER =
      NULLABLE.count(
          "points_to_next_tier",
          "Points that the next tier still takes (loyalty); null in the highest.");
  public static final Field NEXT_TIER =
      NULLABLE.text("next_tier", "Loyalty tier above (loyalty); null in the highest.");
  public static final Field NET_TO_NEXT_TIER =
      NULLABLE.money(
          "net_to_next_tier", "Net that the next tier still takes (loyalty); null in the highest.");

  // From product affinities.
  public static final Field FAVORITE_CATEGORY =
      NULLABLE.text("favorite_category", "Category that they bought most.");
  public static final Field FAVORITE_PRODUCT_ID =
      NULLABLE.text("favorite_product_id", "Product that they bought most.");
  public static final Field NEXT_PRODUCT_ID =
      NULLABLE.text("next_product_id", "Product not yet bought that is recommended first.");
  public static final Field NEXT_PRODUCT_BECAUSE =
      NULLABLE.of(
          "next_product_because",
          DataTypes.createArrayType(DataTypes.StringType, true),
          "Products they bought that the recommendation rests on.");

  // From contacts: what there is, never what it says.
  public static final Field HAS_EMAIL =
      BUILDER.flag("has_email", "Whether contacts holds a usable e-mail address.");
  public static final Field HAS_PHONE =
      BUILDER.flag("has_phone", "Whether contacts holds a usable phone number.");
  public static final Field HAS_POSTAL_ADDRESS =
      BUILDER.flag(
          "has_postal_address",
          "Whether contacts holds first name, last name, country and zip, which platforms match"
              + " by.");
  public static final Field COUNTRY =
      NULLABLE.text("country", "Country of contacts; of the first valid order without one.");
  public static final Field DAYS_TO_BIRTHDAY =
      NULLABLE.integer(
          "days_to_birthday",
          "Days from as_of to the next birthday, 0 to 365; one of 29 February is kept on the 28th"
              + " in other years. Null without a birth date.");

  // Consents: unknown is no.
  public static final Field EMAIL_CONSENT =
      consent("email_consent", "Whether they agreed to marketing by e-mail");
  public static final Field SMS_CONSENT =
      consent("sms_consent", "Whether they agreed to marketing by text message");
  public static final Field ADS_CONSENT =
      consent("ads_consent", "Whether they agreed to advertising");

  // Of the shop, the same in every row, so that a rule reads like any other predicate.
  public static final Field SECOND_ORDER_FROM_DAY =
      NULLABLE.integer(
          "second_order_from_day",
          "Of the shop: first day of the shortest run of days since the first order in which half"
              + " of the second orders fall that come within a year (repurchase_curve). Null"
              + " where nobody ordered twice.");
  public static final Field SECOND_ORDER_TO_DAY =
      NULLABLE.integer("second_order_to_day", "Of the shop: last day of that run of days.");
  public static final Field SECOND_ORDER_MEDIAN_DAY =
      NULLABLE.integer(
          "second_order_median_day",
          "Of the shop: days since the first order by which half of the second orders have come"
              + " that come within a year (repurchase_curve).");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, CUSTOMER_ID)
          .invariant("orders_are_positive", "orders >= 1")
          .invariant("share_is_one", "discounted_share >= 0 AND discounted_share <= 1")
          .build();

  private CustomerProfileTable() {}

  private static Field consent(String name, String doc) {
    return NULLABLE.flag(
        name,
        doc
            + " (latest dated answer, at a tie the most restrictive); null is unknown, which is"
            + " no.");
  }
}
