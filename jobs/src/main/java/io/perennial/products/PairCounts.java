package io.perennial.products;

import io.perennial.config.ProductSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Counts the orders and customers of items and of pairs of items.
 *
 * <p>Pairs are counted in arrays of 6 bytes x items^2, whatever the number and length of the
 * orders; frequent itemsets of any length (FP-growth) have no such bound (decision record 0009). An
 * order with very many items says little about any pair, nor does a customer with very many items:
 * both are left out of the pair counts and of the counts that these are compared with.
 */
final class PairCounts {

  /** What is counted; rows hold the {@code ordinal}. */
  enum Kind {
    /** Orders with both items; the first code is the lower one. */
    TOGETHER,
    /** Customers whose first order with the first item precedes that with the second. */
    NEXT,
    /** Orders with the item, of at most products.max-basket items. */
    ORDERS_OF_ITEM,
    /** Customers with the item and at most products.max-history items. */
    BUYERS_OF_ITEM,
    /** Orders with the item, of any length. */
    ALL_ORDERS_OF_ITEM,
    /** Orders with the item in the last products.recent-days days, of any length. */
    RECENT_ORDERS_OF_ITEM,
    /** Orders with any product, of at most products.max-basket items. */
    ALL_ORDERS,
    /** Customers with any product and at most products.max-history items. */
    ALL_CUSTOMERS
  }

  /** A count; codes that the kind does not have are 0. */
  record Count(Kind kind, int first, int second, long n) {}

  private final int[] codes;
  private final int[] positions;
  private final int before;
  private final int recentFrom;
  private final int maxBasket;
  private final int maxHistory;
  private final int[][] together;
  private final int[][] next;
  private final int[] orders;
  private final int[] buyers;
  private final int[] recent;
  private final int[] sold;
  private final boolean[] isKnown;
  private long allOrders;
  private long allCustomers;

  /**
   * @param items number of item codes
   * @param settings the days that are recent, and the lengths above which pairs are not counted
   */
  PairCounts(int items, Cutoff cutoff, ProductSettings settings) {
    this.codes = cutoff.items();
    this.before = cutoff.before();
    this.recentFrom = before - settings.recentDays();
    this.maxBasket = settings.maxBasket();
    this.maxHistory = settings.maxHistory();
    this.positions = new int[items];
    Arrays.fill(positions, -1);
    this.together = new int[codes.length][];
    this.next = new int[codes.length][codes.length];
    for (int position = 0; position < codes.length; position++) {
      positions[codes[position]] = position;
      together[position] = new int[codes.length - position];
    }
    this.orders = new int[codes.length];
    this.buyers = new int[codes.length];
    this.recent = new int[codes.length];
    this.sold = new int[codes.length];
    this.isKnown = new boolean[codes.length];
  }

  /**
   * @param isCustomer false for an anonymous order, which has no sequence of orders
   */
  void add(PurchaseHistory history, boolean isCustomer) {
    int[][] baskets = new int[history.days().length][];
    int orderCount = 0;
    for (int order = 0; order < history.days().length; order++) {
      if (history.days()[order] < before) {
        int[] basket = positionsOf(history.items()[order]);
        countOrder(basket, history.days()[order] >= recentFrom);
        baskets[orderCount++] = basket;
      }
    }
    if (isCustomer && orderCount > 0) {
      countCustomer(Arrays.copyOf(baskets, orderCount));
    }
  }

  private void countOrder(int[] basket, boolean isRecent) {
    for (int item : basket) {
      sold[item]++;
      if (isRecent) {
        recent[item]++;
      }
    }
    if (basket.length > maxBasket) {
      return;
    }
    allOrders++;
    for (int i = 0; i < basket.length; i++) {
      int item = basket[i];
      orders[item]++;
      for (int j = i + 1; j < basket.length; j++) {
        together[item][basket[j] - item]++;
      }
    }
  }

  private void countCustomer(int[][] baskets) {
    int[] bought = Arrays.stream(baskets).flatMapToInt(Arrays::stream).distinct().toArray();
    if (bought.length > maxHistory) {
      return;
    }
    allCustomers++;
    int known = 0;
    for (int[] basket : baskets) {
      int earlier = known;
      for (int item : basket) {
        if (!isKnown[item]) {
          isKnown[item] = true;
          known++;
          buyers[item]++;
          for (int i = 0; i < earlier; i++) {
            next[bought[i]][item]++;
          }
        }
      }
    }
    for (int item : bought) {
      isKnown[item] = false;
    }
  }

  private int[] positionsOf(int[] basket) {
    int[] result = new int[basket.length];
    int size = 0;
    for (int code : basket) {
      if (positions[code] >= 0) {
        result[size++] = positions[code];
      }
    }
    return Arrays.copyOf(result, size);
  }

  /** Every count above 0, one array of pairs at a time. */
  Iterator<Count> counts() {
    return IntStream.rangeClosed(0, codes.length)
        .boxed()
        .flatMap(position -> countsOf(position).stream())
        .iterator();
  }

  private List<Count> countsOf(int position) {
    List<Count> counts = new ArrayList<>();
    Consumer<Count> add =
        count -> {
          if (count.n() > 0) {
            counts.add(count);
          }
        };
    if (position == codes.length) {
      add.accept(new Count(Kind.ALL_ORDERS, 0, 0, allOrders));
      add.accept(new Count(Kind.ALL_CUSTOMERS, 0, 0, allCustomers));
      return counts;
    }
    int code = codes[position];
    add.accept(new Count(Kind.ORDERS_OF_ITEM, code, 0, orders[position]));
    add.accept(new Count(Kind.BUYERS_OF_ITEM, code, 0, buyers[position]));
    add.accept(new Count(Kind.ALL_ORDERS_OF_ITEM, code, 0, sold[position]));
    add.accept(new Count(Kind.RECENT_ORDERS_OF_ITEM, code, 0, recent[position]));
    for (int other = position + 1; other < codes.length; other++) {
      if (together[position][other - position] > 0) {
        counts.add(
            new Count(Kind.TOGETHER, code, codes[other], together[position][other - position]));
      }
    }
    for (int other = 0; other < codes.length; other++) {
      if (next[position][other] > 0) {
        counts.add(new Count(Kind.NEXT, code, codes[other], next[position][other]));
      }
    }
    return counts;
  }
}
