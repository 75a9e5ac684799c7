package io.perennial.sample;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parameters of the population that every synthetic lake draws its customers from. They are written
 * to truth.json, so that a test can compare a fitted model with them. Rates are orders per day
 * while alive, averaged over a year.
 */
final class Population {

  /** Rates are Gamma(shape, scale) times the factors of channel, country and first category. */
  static final double RATE_SHAPE = 0.9;

  static final double RATE_SCALE = 0.0125;

  /** The probability to drop out after each order, including the first, is Beta(a, b). */
  static final double DROPOUT_A = 0.9;

  static final double DROPOUT_B = 2.1;

  /** Growth of the number of new customers per year, as an exponent. */
  static final double YEARLY_GROWTH = 0.30;

  /**
   * Shares of customers with a key. Guests and gift buyers buy once, bargain hunters rarely again.
   */
  static final double GUEST_SHARE = 0.08;

  static final double GIFT_BUYER_SHARE = 0.06;
  static final double BARGAIN_HUNTER_SHARE = 0.07;
  static final double BARGAIN_HUNTER_DROPOUT = 0.9;

  /** Share of the other customers who wait for a discount: most of their orders have one. */
  static final double DISCOUNT_DRIVEN_SHARE = 0.15;

  static final double DISCOUNT_DRIVEN_CHANCE = 0.75;
  static final double DISCOUNT_CHANCE = 0.10;
  static final double WELCOME_CHANCE = 0.25;

  /** Anonymous orders per customer with a key. */
  static final double ANONYMOUS_RATIO = 0.06;

  /** Customers per member of staff, who places test orders. */
  static final long CUSTOMERS_PER_STAFF = 2_000;

  static final double STAFF_RATE = 0.03;

  static final double LINES_PER_ORDER_STOP = 0.40;

  static final double CANCELLED_SHARE = 0.012;
  static final double CANCELLED_LATER_SHARE = 0.008;
  static final double REFUND_SHARE = 0.06;
  static final double FULL_REFUND_SHARE = 0.35;

  /** Share of orders in the late file of a month that has one. */
  static final double LATE_SHARE = 0.04;

  private static final String[] CHANNELS = {"web", "app", "marketplace", "social", "store"};
  private static final double[] CHANNEL_WEIGHTS =
      SeededRandom.cumulate(0.44, 0.18, 0.16, 0.12, 0.10);
  private static final double[] CHANNEL_RATES = {1.0, 1.4, 0.65, 0.75, 1.1};

  /** The channel of an anonymous order. */
  static final int STORE = 4;

  private Population() {}

  static int channel(SeededRandom random) {
    return random.pick(CHANNEL_WEIGHTS);
  }

  static String channelName(int channel) {
    return CHANNELS[channel];
  }

  static double channelRate(int channel) {
    return CHANNEL_RATES[channel];
  }

  /** Every parameter by name. */
  static Map<String, Object> parameters() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("rate_shape", RATE_SHAPE);
    all.put("rate_scale", RATE_SCALE);
    all.put("dropout_a", DROPOUT_A);
    all.put("dropout_b", DROPOUT_B);
    all.put("yearly_growth_exponent", YEARLY_GROWTH);
    all.put("guest_share", GUEST_SHARE);
    all.put("gift_buyer_share", GIFT_BUYER_SHARE);
    all.put("bargain_hunter_share", BARGAIN_HUNTER_SHARE);
    all.put("bargain_hunter_dropout", BARGAIN_HUNTER_DROPOUT);
    all.put("discount_driven_share", DISCOUNT_DRIVEN_SHARE);
    all.put("discount_driven_chance", DISCOUNT_DRIVEN_CHANCE);
    all.put("discount_chance", DISCOUNT_CHANCE);
    all.put("welcome_chance", WELCOME_CHANCE);
    all.put("anonymous_ratio", ANONYMOUS_RATIO);
    all.put("customers_per_staff", CUSTOMERS_PER_STAFF);
    all.put("staff_rate", STAFF_RATE);
    all.put("lines_per_order_stop", LINES_PER_ORDER_STOP);
    all.put("cancelled_share", CANCELLED_SHARE);
    all.put("cancelled_later_share", CANCELLED_LATER_SHARE);
    all.put("refund_share", REFUND_SHARE);
    all.put("full_refund_share", FULL_REFUND_SHARE);
    all.put("late_share", LATE_SHARE);
    Map<String, Object> channels = new LinkedHashMap<>();
    for (int i = 0; i < CHANNELS.length; i++) {
      channels.put(CHANNELS[i], CHANNEL_RATES[i]);
    }
    all.put("channel_rate_factors", channels);
    Map<String, Object> countries = new LinkedHashMap<>();
    for (Residences.Country country : Residences.Country.values()) {
      countries.put(country.name(), country.rate);
    }
    all.put("country_rate_factors", countries);
    Map<String, Object> categories = new LinkedHashMap<>();
    for (Catalogue.Category category : Catalogue.CATEGORIES) {
      categories.put(category.name(), category.rate());
    }
    all.put("first_category_rate_factors", categories);
    return all;
  }
}
