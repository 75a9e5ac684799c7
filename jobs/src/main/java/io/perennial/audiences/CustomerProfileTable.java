package io.perennial.audiences;

import io.perennial.churn.ChurnScoresTable;
import io.perennial.customers.CustomersTable;
import io.perennial.rfm.RfmTable;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataTypes;

/** Declares {@code customer_profile}: what a rule of an audience may use. */
public final class CustomerProfileTable {

  public static final Field CUSTOMER_ID = CustomersTable.CUSTOMER_ID;

  // From customer_days.
  public static final Field FIRST_ORDER_DAY =
      Field.date("first_order_day", "Local day of the first valid order.");
  public static final Field LAST_ORDER_DAY =
      Field.date("last_order_day", "Local day of the last valid order before as_of.");
  public static final Field DAYS_SINCE_FIRST_ORDER =
      Field.integer(
          "days_since_first_order", "Whole days from first_order_day to as_of; 1 and up.");
  public static final Field DAYS_SINCE_LAST_ORDER =
      Field.integer("days_since_last_order", "Whole days from last_order_day to as_of; 1 and up.");
  public static final Field ORDERS = Field.count("orders", "Valid orders ever.");
  public static final Field NET =
      Field.money("net", "Sales less discounts and refunds, of all time.");
  public static final Field AOV =
      Field.rate(
          "aov", "Average order value: (sales - discounts) / orders, in the shop's currency.");
  public static final Field ORDERS_LAST_YEAR =
      Field.count("orders_last_year", "Valid orders in the 365 days before as_of.");
  public static final Field NET_LAST_YEAR =
      Field.money("net_last_year", "Net in the 365 days before as_of.");
  public static final Field DISCOUNTED_ORDERS =
      Field.count("discounted_orders", "Valid orders with a discount.");
  public static final Field DISCOUNTED_SHARE =
      Field.rate("discounted_share", "discounted_orders / orders: 0 to 1.");
  public static final Field REFUND_DAYS =
      Field.count("refund_days", "Days on which money went back.");
  public static final Field REFUND =
      Field.money("refund", "Money that went back, positive; 0 without a refund.");
  public static final Field DAYS_SINCE_LAST_REFUND =
      Field.integer(
              "days_since_last_refund",
              "Whole days from the last day on which money went back to as_of; null without one.")
          .orNull();
  public static final Field BOUGHT_MONTHS =
      Field.of(
          "bought_months",
          DataTypes.createArrayType(DataTypes.IntegerType, false),
          "Months of the year, 1 to 12 ascending, in which they ever placed a valid order.");
  public static final Field COMING_SEASON_YEARS =
      Field.integer(
          "coming_season_years",
          "Earlier years with a valid order in the days of the year that now come: from as_of's day"
              + " of the year on, audiences.season-days long. 0 to 30.");

  // From customers and orders.
  public static final Field COHORT_MONTH = CustomersTable.COHORT_MONTH;
  public static final Field FIRST_CATEGORY = CustomersTable.FIRST_CATEGORY;
  public static final Field FIRST_CHANNEL = CustomersTable.FIRST_CHANNEL;
  public static final Field FIRST_COUNTRY = CustomersTable.FIRST_COUNTRY;
  public static final Field IS_GUEST =
      Field.flag(
          "is_guest", "Whether the last valid order before as_of was placed without an account.");

  // From rfm.
  public static final Field RECENCY_DAYS = RfmTable.RECENCY_DAYS.orNull();
  public static final Field FREQUENCY = RfmTable.FREQUENCY.orNull();
  public static final Field MONETARY = RfmTable.MONETARY.orNull();
  public static final Field R_SCORE = RfmTable.R_SCORE.orNull();
  public static final Field F_SCORE = RfmTable.F_SCORE.orNull();
  public static final Field M_SCORE = RfmTable.M_SCORE.orNull();
  public static final Field RFM_CELL = RfmTable.RFM_CELL.orNull();
  public static final Field SEGMENT = RfmTable.SEGMENT.orNull();

  // From churn_scores.
  public static final Field CHURN_PROBABILITY = ChurnScoresTable.CHURN_PROBABILITY.orNull();
  public static final Field RISK_BAND = ChurnScoresTable.RISK_BAND.orNull();
  public static final Field EXPECTED_ORDERS = ChurnScoresTable.EXPECTED_ORDERS;
  public static final Field EXPECTED_NET = ChurnScoresTable.EXPECTED_NET;
  public static final Field VALUE_AT_RISK = ChurnScoresTable.VALUE_AT_RISK;

  // From loyalty.
  public static final Field POINTS_EARNED =
      Field.count("points_earned", "Loyalty points earned by orders (loyalty).").orNull();
  public static final Field POINTS_RETURNED =
      Field.count("points_returned", "Loyalty points that refunds took back (loyalty).").orNull();
  public static final Field POINTS_BALANCE =
      Field.count("points_balance", "Loyalty points now (loyalty).").orNull();
  public static final Field TIER = Field.text("tier", "Loyalty tier (loyalty).").orNull();
  public static final Field NET_IN_TIER_WINDOW =
      Field.money("net_in_tier_window", "Net that the tier is judged by (loyalty).").orNull();
  public static final Field POINTS_TO_NEXT_TIER =
      Field.count(
              "points_to_next_tier",
              "Points that the next tier still takes (loyalty); null in the highest.")
          .orNull();

  public static final Field NEXT_TIER =
      Field.text("next_tier", "Loyalty tier above (loyalty); null in the highest.").orNull();
  public static final Field NET_TO_NEXT_TIER =
      Field.money(
              "net_to_next_tier",
              "Net that the next tier still takes (loyalty); null in the highest.")
          .orNull();

  // From product affinities.
  public static final Field FAVORITE_CATEGORY =
      Field.text("favorite_category", "Category that they bought most.").orNull();
  public static final Field FAVORITE_PRODUCT_ID =
      Field.text("favorite_product_id", "Product that they bought most.").orNull();
  public static final Field NEXT_PRODUCT_ID =
      Field.text("next_product_id", "Product not yet bought that is recommended first.").orNull();
  public static final Field NEXT_PRODUCT_BECAUSE =
      Field.of(
              "next_product_because",
              DataTypes.createArrayType(DataTypes.StringType, true),
              "Products they bought that the recommendation rests on.")
          .orNull();

  // From contacts: what there is, never what it says.
  public static final Field HAS_EMAIL =
      Field.flag("has_email", "Whether contacts holds a usable e-mail address.");
  public static final Field HAS_PHONE =
      Field.flag("has_phone", "Whether contacts holds a usable phone number.");
  public static final Field HAS_POSTAL_ADDRESS =
      Field.flag(
          "has_postal_address",
          "Whether contacts holds first name, last name, country and zip, which platforms match by.");
  public static final Field COUNTRY =
      Field.text("country", "Country of contacts; of the first valid order without one.").orNull();
  public static final Field DAYS_TO_BIRTHDAY =
      Field.integer(
              "days_to_birthday",
              "Days from as_of to the next birthday, 0 to 365; one of 29 February is kept on the 28th"
                  + " in other years. Null without a birth date.")
          .orNull();

  // Consents: unknown is no.
  public static final Field EMAIL_CONSENT =
      consent("email_consent", "Whether they agreed to marketing by e-mail");
  public static final Field SMS_CONSENT =
      consent("sms_consent", "Whether they agreed to marketing by text message");
  public static final Field ADS_CONSENT =
      consent("ads_consent", "Whether they agreed to advertising");

  // Of the shop, the same in every row, so that a rule reads like any other predicate.
  public static final Field SECOND_ORDER_FROM_DAY =
      Field.integer(
              "second_order_from_day",
              "Of the shop: first day of the shortest run of days since the first order in which half"
                  + " of the second orders fall that come within a year (repurchase_curve). Null"
                  + " where nobody ordered twice.")
          .orNull();
  public static final Field SECOND_ORDER_TO_DAY =
      Field.integer("second_order_to_day", "Of the shop: last day of that run of days.").orNull();
  public static final Field SECOND_ORDER_MEDIAN_DAY =
      Field.integer(
              "second_order_median_day",
              "Of the shop: days since the first order by which half of the second orders have come"
                  + " that come within a year (repurchase_curve).")
          .orNull();

  public static final Table TABLE =
      Table.named("customer_profile")
          .oneRowPer("as_of and customer with a valid order before it")
          .doc(
              "Everything that a rule of an audience may use, as it was known at as_of; consents and"
                  + " contacts as they are now. It holds no address.")
          .fields(
              Table.AS_OF,
              CUSTOMER_ID,
              FIRST_ORDER_DAY,
              LAST_ORDER_DAY,
              DAYS_SINCE_FIRST_ORDER,
              DAYS_SINCE_LAST_ORDER,
              ORDERS,
              NET,
              AOV,
              ORDERS_LAST_YEAR,
              NET_LAST_YEAR,
              DISCOUNTED_ORDERS,
              DISCOUNTED_SHARE,
              REFUND_DAYS,
              REFUND,
              DAYS_SINCE_LAST_REFUND,
              BOUGHT_MONTHS,
              COMING_SEASON_YEARS,
              COHORT_MONTH,
              FIRST_CATEGORY,
              FIRST_CHANNEL,
              FIRST_COUNTRY,
              IS_GUEST,
              RECENCY_DAYS,
              FREQUENCY,
              MONETARY,
              R_SCORE,
              F_SCORE,
              M_SCORE,
              RFM_CELL,
              SEGMENT,
              CHURN_PROBABILITY,
              RISK_BAND,
              EXPECTED_ORDERS,
              EXPECTED_NET,
              VALUE_AT_RISK,
              POINTS_EARNED,
              POINTS_RETURNED,
              POINTS_BALANCE,
              TIER,
              NET_IN_TIER_WINDOW,
              POINTS_TO_NEXT_TIER,
              NEXT_TIER,
              NET_TO_NEXT_TIER,
              FAVORITE_CATEGORY,
              FAVORITE_PRODUCT_ID,
              NEXT_PRODUCT_ID,
              NEXT_PRODUCT_BECAUSE,
              HAS_EMAIL,
              HAS_PHONE,
              HAS_POSTAL_ADDRESS,
              COUNTRY,
              DAYS_TO_BIRTHDAY,
              EMAIL_CONSENT,
              SMS_CONSENT,
              ADS_CONSENT,
              SECOND_ORDER_FROM_DAY,
              SECOND_ORDER_TO_DAY,
              SECOND_ORDER_MEDIAN_DAY)
          .key(Table.AS_OF, CUSTOMER_ID)
          .partitionedBy(Table.AS_OF)
          .invariant("orders_are_positive", "orders >= 1")
          .invariant("share_is_one", "discounted_share >= 0 AND discounted_share <= 1")
          .build();

  private CustomerProfileTable() {}

  private static Field consent(String name, String doc) {
    return Field.of(
            name,
            DataTypes.BooleanType,
            doc
                + " (latest dated answer, at a tie the most restrictive); null is unknown, which is"
                + " no.")
        .orNull();
  }
}
