package io.perennial;

import io.perennial.orders.OrderLinesTable;
import io.perennial.products.CustomerAffinitiesTable;
import io.perennial.products.ProductRulesTable;
import io.perennial.products.Products;
import io.perennial.products.RecommendationBacktestTable;
import io.perennial.products.RecommendationsTable;
import io.perennial.table.Table;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The step that finds product rules, tries them, and recommends. */
final class ProductSteps {

  static final Step RECOMMENDATIONS =
      Step.named(
              "recommendations",
              List.of(OrderLinesTable.TABLE),
              List.of(
                  RecommendationsTable.TABLE,
                  RecommendationBacktestTable.TABLE,
                  ProductRulesTable.TABLE,
                  CustomerAffinitiesTable.TABLE),
              List.of("products", "shop.time-zone", "shop.currency"),
              ProductSteps::recommend)
          .asOf();

  private ProductSteps() {}

  private static String recommend(RunContext context) {
    try (Products products =
        Products.at(
            context.asOf(),
            context.store().read(OrderLinesTable.TABLE),
            context.settings().products())) {
      write(context, ProductRulesTable.TABLE, products.rules());
      write(context, RecommendationBacktestTable.TABLE, products.backtest());
      write(context, CustomerAffinitiesTable.TABLE, products.affinities());
      write(context, RecommendationsTable.TABLE, products.recommendations());
      return products.verdict();
    }
  }

  private static void write(RunContext context, Table table, List<Row> rows) {
    write(
        context, table, context.spark().createDataFrame(rows, table.schema(context.minorDigits())));
  }

  private static void write(RunContext context, Table table, Dataset<Row> rows) {
    context.store().replaceSnapshot(table, context.asOf(), rows);
  }
}
