package io.perennial.acceptance;

/** The two shipped segment schemes, written down a second time. */
final class ShippedSchemes {

  private ShippedSchemes() {}

  /** {@code r5-fm5}: recency against the mean of the two other scores, halves rounded up. */
  static String r5fm5(int r, int f, int m) {
    int fm = (f + m + 1) / 2;
    return switch (r) {
      case 5 -> fm >= 4 ? "Champions" : fm == 3 ? "Potential Loyalist" : "New Customers";
      case 4 -> fm >= 4 ? "Loyal Customers" : fm == 3 ? "Potential Loyalist" : "Promising";
      case 3 -> fm >= 4 ? "Loyal Customers" : fm == 3 ? "Need Attention" : "About to Sleep";
      case 2 -> fm >= 3 ? "At Risk" : "Hibernating";
      default -> fm >= 4 ? "Cannot Lose Them" : "Lost";
    };
  }

  /** {@code r3-f3-m3}: 27 cells. */
  static String r3f3m3(int r, int f, int m) {
    return switch (r) {
      case 3 ->
          f == 3 ? (m == 3 ? "Best" : "Loyal") : (m == 3 ? "Big Spenders" : "New or Occasional");
      case 2 -> f == 3 ? "Slipping Loyal" : m == 3 ? "Slipping Valuable" : "Slipping";
      default -> m == 3 ? "Lost Valuable" : "Lost";
    };
  }
}
