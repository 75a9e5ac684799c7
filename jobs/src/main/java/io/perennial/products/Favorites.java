package io.perennial.products;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** Which of the products, or categories, that a customer bought is in most of the orders. */
final class Favorites {

  private static final Comparator<Map.Entry<String, Tally>> BY_PREFERENCE =
      Comparator.comparingLong((Map.Entry<String, Tally> entry) -> entry.getValue().orders)
          .thenComparingLong(entry -> entry.getValue().spent)
          .thenComparingLong(entry -> entry.getValue().last)
          .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder()));

  private final Map<String, Tally> tallies = new HashMap<>();

  private static final class Tally {
    private long orders;
    private long spent;
    private long last = Long.MIN_VALUE;
    private int firstDay = Integer.MAX_VALUE;
    private String lastOrder = "";
  }

  /**
   * Counts a line. The lines of an order must come together.
   *
   * @param name null is passed over
   * @param order the order's earliest line
   * @param spent amount less discount, in minor units
   */
  void add(String name, SaleLine order, long spent) {
    if (name == null) {
      return;
    }
    Tally tally = tallies.computeIfAbsent(name, any -> new Tally());
    if (!tally.lastOrder.equals(order.orderId())) {
      tally.orders++;
      tally.lastOrder = order.orderId();
    }
    tally.spent += spent;
    tally.last = Math.max(tally.last, order.micros());
    tally.firstDay = Math.min(tally.firstDay, order.day());
  }

  /**
   * The one in most orders; of equals the one with more spent on it, then the later order, then the
   * alphabetically first. Null without any.
   */
  String best() {
    return tallies.entrySet().stream().max(BY_PREFERENCE).map(Map.Entry::getKey).orElse(null);
  }

  /** Whether any was bought in the month for the first time. */
  boolean anyFirstIn(HoldoutMonth month) {
    return tallies.values().stream()
        .anyMatch(tally -> tally.firstDay >= month.from() && tally.firstDay < month.to());
  }
}
