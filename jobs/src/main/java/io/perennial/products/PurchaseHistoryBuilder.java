package io.perennial.products;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Makes the history and the favourites of one customer from lines that come order by order. */
final class PurchaseHistoryBuilder {

  private record Order(long micros, String id, int day, int[] items) {}

  private final Map<String, Integer> codes;
  private final int before;
  private final HoldoutMonth month;
  private final Favorites products = new Favorites();
  private final Favorites categories = new Favorites();
  private final List<Order> orders = new ArrayList<>();
  private final List<SaleLine> open = new ArrayList<>();
  private boolean hasValidOrder;
  private boolean hasOrderBeforeMonth;

  /**
   * @param codes the code of each item
   * @param before only orders before this day count
   */
  PurchaseHistoryBuilder(Map<String, Integer> codes, int before, HoldoutMonth month) {
    this.codes = codes;
    this.before = before;
    this.month = month;
  }

  void add(SaleLine line) {
    if (!open.isEmpty() && !open.get(0).orderId().equals(line.orderId())) {
      closeOrder();
    }
    open.add(line);
  }

  /** Empty where nobody ordered anything that counts. */
  Optional<Row> row(String customerId) {
    closeOrder();
    if (!hasValidOrder) {
      return Optional.empty();
    }
    PurchaseHistory history = history();
    return Optional.of(
        RowFactory.create(customerId, history.toBytes(), categories.best(), products.best()));
  }

  private PurchaseHistory history() {
    orders.sort(Comparator.comparingLong(Order::micros).thenComparing(Order::id));
    return new PurchaseHistory(
        hasOrderBeforeMonth && products.anyFirstIn(month),
        orders.stream().mapToInt(Order::day).toArray(),
        orders.stream().map(Order::items).toArray(int[][]::new));
  }

  private void closeOrder() {
    if (open.isEmpty()) {
      return;
    }
    SaleLine first = open.stream().min(Comparator.comparingLong(SaleLine::micros)).orElseThrow();
    List<SaleLine> counted = open.stream().filter(SaleLine::isCounted).toList();
    boolean isValid = counted.stream().anyMatch(line -> line.amount() > 0);
    if (isValid && first.day() < before) {
      hasValidOrder = true;
      hasOrderBeforeMonth |= first.day() < month.from();
      List<String> bought =
          counted.stream().map(SaleLine::productId).flatMap(Stream::ofNullable).distinct().toList();
      if (!bought.isEmpty()) {
        int[] items =
            bought.stream()
                .map(codes::get)
                .flatMap(Stream::ofNullable)
                .mapToInt(code -> code)
                .sorted()
                .toArray();
        orders.add(new Order(first.micros(), first.orderId(), first.day(), items));
      }
      for (SaleLine line : counted) {
        long spent = line.amount() - line.discount();
        products.add(line.productId(), first, spent);
        categories.add(line.category(), first, spent);
      }
    }
    open.clear();
  }
}
