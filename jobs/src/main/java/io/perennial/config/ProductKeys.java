package io.perennial.config;

/** The keys below {@code products}. */
public final class ProductKeys {

  /** All keys of the group, for a step that depends on all. */
  public static final String GROUP = "products";

  public static final Key<Integer> MAX_ITEMS =
      new Key<>("products.max-items", Allowed.whole(10, 5_000));
  public static final Key<Integer> MIN_ORDERS =
      new Key<>("products.min-orders", Allowed.whole(1, 1_000_000));
  public static final Key<Integer> MAX_BASKET =
      new Key<>("products.max-basket", Allowed.whole(2, 10_000));
  public static final Key<Integer> MAX_HISTORY =
      new Key<>("products.max-history", Allowed.whole(2, 10_000));
  public static final Key<Integer> RULES_PER_PRODUCT =
      new Key<>("products.rules-per-product", Allowed.whole(1, 1_000));
  public static final Key<Integer> RECENT_DAYS =
      new Key<>("products.recent-days", Allowed.whole("days", 1, 3_650));
  public static final Key<Integer> RECOMMENDATIONS =
      new Key<>("products.recommendations", Allowed.whole(1, 50));

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
