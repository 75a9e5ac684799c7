package io.perennial.products;

import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class RecommendationBacktestTable {

  /** Rules, then popularity where they lead to too few products. */
  public static final String RULES = "rules";

  /** What was in most orders of the last products.recent-days days. */
  public static final String POPULARITY = "popularity";

  private static final Table.Builder BUILDER =
      Table.snapshot("recommendation_backtest")
          .oneRowPer("as_of and method")
          .doc("How often recommendations were right on a month that they had not seen.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field METHOD =
      BUILDER.text(
          "method",
          "rules, or popularity: the products in most orders of the last products.recent-days days,"
              + " less what the customer has.");
  public static final Field HIT_RATE_5 =
      NULLABLE.rate(
          "hit_rate_5",
          "Share of the customers who bought at least one of the first 5 recommended products in"
              + " the month; null without customers.");
  public static final Field HIT_RATE_10 = NULLABLE.rate("hit_rate_10", "The same of the first 10.");
  public static final Field CUSTOMERS =
      BUILDER.count(
          "customers",
          "Customers with a valid order before the month who bought a product in it that they had"
              + " not bought before.");
  public static final Field MONTH =
      BUILDER.date(
          "month",
          "First day of the month that was predicted, the last complete one before as_of; what"
              + " predicts it is known before this day.");
  public static final Field IS_USED =
      BUILDER.flag(
          "is_used",
          "Whether this method makes recommendations: rules, unless popularity has the better"
              + " hit_rate_10.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, METHOD)
          .invariant("method_is_known", "method IN ('rules', 'popularity')")
          .invariant("ten_hit_more", "hit_rate_5 IS NULL OR hit_rate_5 <= hit_rate_10")
          .build();

  private RecommendationBacktestTable() {}
}
