package io.perennial.products;

import io.perennial.config.ProductKeys;
import io.perennial.config.ShopKeys;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepResult;
import java.util.List;

/** The step that finds product rules, tries them, and recommends. */
public final class ProductSteps {

  public static final Step RECOMMENDATIONS =
      Step.named(
              "recommendations",
              List.of(OrderLinesTable.TABLE),
              List.of(
                  RecommendationsTable.TABLE,
                  RecommendationBacktestTable.TABLE,
                  ProductRulesTable.TABLE,
                  CustomerAffinitiesTable.TABLE),
              List.of(ProductKeys.GROUP, ShopKeys.TIME_ZONE.path(), ShopKeys.CURRENCY.path()),
              ProductSteps::recommend)
          .asOf();

  private ProductSteps() {}

  private static StepResult recommend(StepContext context) {
    try (Products products =
        Products.at(
            context.asOf(), context.read(OrderLinesTable.TABLE), context.settings().products())) {
      context.write(ProductRulesTable.TABLE, products.rules());
      context.write(RecommendationBacktestTable.TABLE, products.backtest());
      context.write(CustomerAffinitiesTable.TABLE, products.affinities());
      context.write(RecommendationsTable.TABLE, products.recommendations());
      return StepResult.done(products.verdict());
    }
  }
}
