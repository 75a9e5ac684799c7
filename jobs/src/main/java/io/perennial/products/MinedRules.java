package io.perennial.products;

import java.io.Serializable;
import java.util.List;

/**
 * Rules and item counts from the orders before a {@link Cutoff}.
 *
 * @param items codes of the items, ascending
 * @param rules by kind, antecedent and consequent
 * @param orders orders with each code
 * @param recentOrders orders with each code in the last products.recent-days days
 */
record MinedRules(int[] items, List<Rule> rules, long[] orders, long[] recentOrders)
    implements Serializable {

  /** Without any item. */
  static final MinedRules EMPTY = new MinedRules(new int[0], List.of(), new long[0], new long[0]);

  /** Pseudo-orders that shrink the trend of rarely sold items. */
  private static final double PRIOR_ORDERS = 10;

  /**
   * Share of an item's orders that are recent, shrunk: the square root of (recent + 1) / (all +
   * 10).
   */
  double trend(int code) {
    return Math.sqrt((recentOrders[code] + 1) / (orders[code] + PRIOR_ORDERS));
  }
}
