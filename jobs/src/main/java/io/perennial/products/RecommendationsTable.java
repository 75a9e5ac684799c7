package io.perennial.products;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataTypes;

public final class RecommendationsTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("recommendations")
          .oneRowPer("as_of, customer with a valid order before it, and rank")
          .doc(
              "Products that a customer has not bought yet, by the method that won the backtest"
                  + " (recommendation_backtest); after what rules lead to, the most popular ones.");

  public static final Field CUSTOMER_ID = BUILDER.add(CustomersTable.CUSTOMER_ID);
  public static final Field RANK = BUILDER.integer("rank", "1 is what the customer may want most.");
  public static final Field PRODUCT_ID =
      BUILDER.text("product_id", "A product that the customer has not bought before as_of.");
  public static final Field SCORE =
      BUILDER.rate(
          "score",
          "trend of the product x sum of the strength of the rules that lead to it from what the"
              + " customer bought; 0 where no rule does and popularity recommends.");
  public static final Field BECAUSE =
      BUILDER.of(
          "because",
          DataTypes.createArrayType(DataTypes.StringType, false),
          "Up to three products the customer bought whose rules add most to score, most first;"
              + " empty where popularity recommends.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, CUSTOMER_ID, RANK)
          .invariant("rank_is_positive", "rank >= 1")
          .invariant("score_is_not_negative", "score >= 0")
          .build();

  private RecommendationsTable() {}
}
