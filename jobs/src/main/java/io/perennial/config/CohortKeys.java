package io.perennial.config;

import io.perennial.config.Settings.Dimension;
import java.time.YearMonth;
import java.util.List;

/** The keys below {@code cohorts} and {@code repurchase}. */
public final class CohortKeys {

  public static final String GROUP = "cohorts";

  public static final Key<Dimension> DIMENSIONS =
      new Key<>(
          "cohorts.dimensions",
          "[country, channel, category, discounted]",
          Allowed.oneOf(Dimension.class),
          "Attributes of the first valid order that cohorts are cut by, besides all customers"
              + " together; category is the first product category.");
  public static final Key<Integer> ACTIVE_WINDOW =
      new Key<>(
          "cohorts.active-window",
          "6",
          Allowed.whole("months", 1, 60),
          "Whole months without a valid order after which retention_summary counts a customer as"
              + " lost.");
  public static final Key<Integer> REPEAT_DAYS =
      new Key<>(
          "cohorts.repeat-days",
          "90",
          Allowed.whole("days", 1, 3650),
          "How soon a second order makes a new customer a repeat customer.");
  public static final Key<YearMonth> HISTORY_START =
      new Key<>(
          "cohorts.history-start",
          "",
          new Allowed<>("a month YYYY-MM", YearMonth::parse),
          "First month whose new customers are known to be new; earlier cohorts are marked"
              + " `existing`. Not set: all are new.");
  public static final Key<Integer> MAX_ORDER_NUMBER =
      new Key<>(
          "repurchase.max-order-number",
          "5",
          Allowed.whole(2, 20),
          "The last order number that repurchase_curve gives the time to.");

  private CohortKeys() {}

  static Settings.Cohorts load(ConfigReader reader) {
    List<Dimension> dimensions = reader.list(DIMENSIONS);
    if (dimensions.stream().distinct().count() < dimensions.size()) {
      reader.problem(DIMENSIONS.path(), dimensions.toString(), "must name each dimension once", "");
    }
    return new Settings.Cohorts(
        dimensions,
        reader.value(ACTIVE_WINDOW),
        reader.value(REPEAT_DAYS),
        reader.optional(HISTORY_START));
  }
}
