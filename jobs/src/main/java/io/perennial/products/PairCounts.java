package io.perennial.products;

import io.perennial.config.ProductSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Counts, over histories, the orders and customers of products and of pairs of products.
 *
 * <p>Every pair has its place in an array: 6 bytes x items^2, however many orders there are and
 * however long they get. Frequent itemsets of any length (FP-growth) have no such bound: decision
 * record 0009 has what they cost. An order of very many products tells little about any two of
 * them, and so does a customer who bought very many: such ones make no pairs, nor what pairs are
 * compared with.
 */
final class PairCounts {

  /** What a count is of; {@code ordinal} is its code in rows. */
  enum Kind {
    /** Orders with both items; the first code is the lower one. */
    TOGETHER,
    /** Customers whose first order with the first item comes before the first with the second. */
    NEXT,
    /** Orders with the item that are not too long. */
    ORDERS,
    /** Customers who bought the item, and not too many others. */
    BUYERS,
    /** Orders with the item, however long. */
    SOLD,
    /** Those of the last days. */
    RECENT,
    /** Orders with any product, item or not, that are not too long. */
    ALL_ORDERS,
    /** Customers with an order with any product, and not too many items. */
    ALL_CUSTOMERS
  }

  /** A count; codes that a kind does not need are 0. */
  record Count(Kind kind, int first, int second, long n) {}

  private final int[] codes;
  private final int[] places;
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
   * @param items number of codes there are
   * @param cut the codes, and the orders, that count
   * @param settings how many days are recent, and what is too long to tell about pairs
   */
  PairCounts(int items, RuleMining.Cut cut, ProductSettings settings) {
    this.codes = cut.codes();
    this.before = cut.before();
    this.recentFrom = before - settings.recentDays();
    this.maxBasket = settings.maxBasket();
    this.maxHistory = settings.maxHistory();
    this.places = new int[items];
    Arrays.fill(places, -1);
    this.together = new int[codes.length][];
    this.next = new int[codes.length][codes.length];
    for (int place = 0; place < codes.length; place++) {
      places[codes[place]] = place;
      together[place] = new int[codes.length - place];
    }
    this.orders = new int[codes.length];
    this.buyers = new int[codes.length];
    this.recent = new int[codes.length];
    this.sold = new int[codes.length];
    this.isKnown = new boolean[codes.length];
  }

  /**
   * @param isCustomer false for an anonymous order, which is nobody's first or next
   */
  void add(PurchaseHistory history, boolean isCustomer) {
    int[][] baskets = new int[history.days().length][];
    int orderCount = 0;
    for (int order = 0; order < history.days().length; order++) {
      if (history.days()[order] < before) {
        int[] basket = placesOf(history.items()[order]);
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

  private int[] placesOf(int[] basket) {
    int[] result = new int[basket.length];
    int size = 0;
    for (int code : basket) {
      if (places[code] >= 0) {
        result[size++] = places[code];
      }
    }
    return Arrays.copyOf(result, size);
  }

  /** Every count above 0, one array of pairs at a time. */
  Iterator<Count> counts() {
    return IntStream.rangeClosed(0, codes.length)
        .boxed()
        .flatMap(place -> countsOf(place).stream())
        .iterator();
  }

  private List<Count> countsOf(int place) {
    List<Count> counts = new ArrayList<>();
    Consumer<Count> add =
        count -> {
          if (count.n() > 0) {
            counts.add(count);
          }
        };
    if (place == codes.length) {
      add.accept(new Count(Kind.ALL_ORDERS, 0, 0, allOrders));
      add.accept(new Count(Kind.ALL_CUSTOMERS, 0, 0, allCustomers));
      return counts;
    }
    int code = codes[place];
    add.accept(new Count(Kind.ORDERS, code, 0, orders[place]));
    add.accept(new Count(Kind.BUYERS, code, 0, buyers[place]));
    add.accept(new Count(Kind.SOLD, code, 0, sold[place]));
    add.accept(new Count(Kind.RECENT, code, 0, recent[place]));
    for (int other = place + 1; other < codes.length; other++) {
      if (together[place][other - place] > 0) {
        counts.add(new Count(Kind.TOGETHER, code, codes[other], together[place][other - place]));
      }
    }
    for (int other = 0; other < codes.length; other++) {
      if (next[place][other] > 0) {
        counts.add(new Count(Kind.NEXT, code, codes[other], next[place][other]));
      }
    }
    return counts;
  }
}
