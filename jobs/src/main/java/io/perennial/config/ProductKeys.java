package io.perennial.config;

/** The keys below {@code products}. */
public final class ProductKeys {

  public static final String GROUP = "products";

  public static final Key<Integer> MAX_ITEMS =
      new Key<>(
          "products.max-items",
          "2000",
          Allowed.whole(10, 5_000),
          "Products that rules are mined from: those with the most counted sale lines before as_of;"
              + " the others are too rare. Bounds memory: each task counts pairs in 6 x max-items^2"
              + " bytes (24 MB).");
  public static final Key<Integer> MIN_ORDERS =
      new Key<>(
          "products.min-orders",
          "5",
          Allowed.whole(1, 1_000_000),
          "Orders that hold both products, or customers who bought one after the other, below which"
              + " a pair is not a rule.");
  public static final Key<Integer> MAX_BASKET =
      new Key<>(
          "products.max-basket",
          "50",
          Allowed.whole(2, 10_000),
          "An order with more of these products says little about any two of them and makes no"
              + " rule.");
  public static final Key<Integer> MAX_HISTORY =
      new Key<>(
          "products.max-history",
          "100",
          Allowed.whole(2, 10_000),
          "A customer who bought more of these products (a reseller) makes no rule of what is bought"
              + " next.");
  public static final Key<Integer> RULES_PER_PRODUCT =
      new Key<>(
          "products.rules-per-product",
          "30",
          Allowed.whole(1, 1_000),
          "Rules of each kind per antecedent at most; the strongest stay.");
  public static final Key<Integer> RECENT_DAYS =
      new Key<>(
          "products.recent-days",
          "30",
          Allowed.whole("days", 1, 3_650),
          "Time before as_of that the popularity and the trend of a product are measured over.");
  public static final Key<Integer> RECOMMENDATIONS =
      new Key<>(
          "products.recommendations",
          "5",
          Allowed.whole(1, 50),
          "Products that are recommended to each customer.");

  private ProductKeys() {}

  static ProductSettings load(ConfigReader reader) {
    return new ProductSettings(
        reader.value(MAX_ITEMS),
        reader.value(MIN_ORDERS),
        reader.value(MAX_BASKET),
        reader.value(MAX_HISTORY),
        reader.value(RULES_PER_PRODUCT),
        reader.value(RECENT_DAYS),
        reader.value(RECOMMENDATIONS));
  }
}
