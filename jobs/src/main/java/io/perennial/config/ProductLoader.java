package io.perennial.config;

import static io.perennial.config.SettingsLoader.whole;

/** Reads the keys below {@code products}. */
final class ProductLoader {

  private ProductLoader() {}

  static ProductSettings load(ConfigReader reader) {
    return new ProductSettings(
        reader.required(
            "products.max-items", "a whole number from 10 to 5000", whole(10, 5_000), 2_000),
        reader.required(
            "products.min-orders", "a whole number from 1 to 1000000", whole(1, 1_000_000), 5),
        reader.required(
            "products.max-basket", "a whole number from 2 to 10000", whole(2, 10_000), 50),
        reader.required(
            "products.max-history", "a whole number from 2 to 10000", whole(2, 10_000), 100),
        reader.required(
            "products.rules-per-product", "a whole number from 1 to 1000", whole(1, 1_000), 30),
        reader.required(
            "products.recent-days", "a whole number of days from 1 to 3650", whole(1, 3_650), 30),
        reader.required(
            "products.recommendations", "a whole number from 1 to 50", whole(1, 50), 5));
  }
}
