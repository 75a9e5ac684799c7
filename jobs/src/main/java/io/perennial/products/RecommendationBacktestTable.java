package io.perennial.products;

import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code recommendation_backtest}. */
public final class RecommendationBacktestTable {

  /** Rules, then popularity where they lead to too few products. */
  public static final String RULES = "rules";

  /** What was in most orders of the last products.recent-days days. */
  public static final String POPULARITY = "popularity";

  public static final Field METHOD =
      Field.text(
          "method",
          "rules, or popularity: the products in most orders of the last products.recent-days days,"
              + " less what the customer has.");
  public static final Field MONTH =
      Field.date(
          "month",
          "First day of the month that was predicted, the last complete one before as_of; what"
              + " predicts it is known before this day.");
  public static final Field HIT_RATE_5 =
      Field.rate(
              "hit_rate_5",
              "Share of the customers who bought at least one of the first 5 recommended products in"
                  + " the month; null without customers.")
          .orNull();
  public static final Field HIT_RATE_10 =
      Field.rate("hit_rate_10", "The same of the first 10.").orNull();
  public static final Field CUSTOMERS =
      Field.count(
          "customers",
          "Customers with a valid order before the month who bought a product in it that they had"
              + " not bought before.");
  public static final Field IS_USED =
      Field.flag(
          "is_used",
          "Whether this method makes recommendations: rules, unless popularity has the better"
              + " hit_rate_10.");

  public static final Table TABLE =
      Table.named("recommendation_backtest")
          .oneRowPer("as_of and method")
          .doc("How often recommendations were right on a month that they had not seen.")
          .fields(Table.AS_OF, METHOD, HIT_RATE_5, HIT_RATE_10, CUSTOMERS, MONTH, IS_USED)
          .key(Table.AS_OF, METHOD)
          .partitionedBy(Table.AS_OF)
          .invariant("method_is_known", "method IN ('rules', 'popularity')")
          .invariant("ten_hit_more", "hit_rate_5 IS NULL OR hit_rate_5 <= hit_rate_10")
          .build();

  private RecommendationBacktestTable() {}
}
