package io.perennial.products;

import java.io.Serializable;
import java.util.List;

/**
 * What orders before a day tell about items.
 *
 * @param codes the items that count, ascending
 * @param rules in the order of kind, antecedent and consequent
 * @param sold orders with each code
 * @param recent those of the last days
 */
record MinedRules(int[] codes, List<Rule> rules, long[] sold, long[] recent)
    implements Serializable {

  /** What is known where no product is. */
  static final MinedRules NOTHING = new MinedRules(new int[0], List.of(), new long[0], new long[0]);

  /** Orders that a product needs before its trend is believed. */
  private static final double PRIOR_ORDERS = 10;

  /**
   * How much of what an item sold it sold recently: the square root of (recent + 1) / (sold + 10).
   */
  double trend(int code) {
    return Math.sqrt((recent[code] + 1) / (sold[code] + PRIOR_ORDERS));
  }
}
