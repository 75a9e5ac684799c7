package io.perennial.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One row of {@code customer_days}: a customer and a local day with any counted line. Sale lines
 * are booked on the day of their order's earliest sale line, refund lines on their own.
 *
 * @param orders valid orders
 * @param units of the sale lines
 * @param refund positive
 * @param categories distinct categories per order, added up over the day's orders
 * @param firstOrderAt of the first valid order that day, null if there is none
 */
public record CustomerDay(
    String customerId,
    LocalDate day,
    long orders,
    BigDecimal units,
    BigDecimal gross,
    BigDecimal discount,
    BigDecimal refund,
    BigDecimal net,
    long discountedOrders,
    long categories,
    Instant firstOrderAt,
    Instant lastOrderAt,
    LocalDate month) {

  private record Key(String customerId, LocalDate day) {}

  static List<CustomerDay> of(List<Line> lines, List<Order> orders, OracleSettings settings) {
    Map<String, Order> orderById = new HashMap<>();
    orders.forEach(order -> orderById.put(order.orderId(), order));
    Map<Key, List<Line>> booked =
        new TreeMap<>(Comparator.comparing(Key::customerId).thenComparing(Key::day));
    for (Line line : lines) {
      if (line.isCounted() && line.customerId() != null) {
        Instant time = line.isSale() ? orderById.get(line.orderId()).orderedAt() : line.orderedAt();
        Key key = new Key(line.customerId(), settings.day(time));
        booked.computeIfAbsent(key, k -> new ArrayList<>()).add(line);
      }
    }
    List<CustomerDay> days = new ArrayList<>();
    booked.forEach((key, ofDay) -> days.add(one(key, ofDay, orderById)));
    return days;
  }

  private static CustomerDay one(Key key, List<Line> lines, Map<String, Order> orderById) {
    List<Line> sales = lines.stream().filter(Line::isSale).toList();
    List<Order> sold =
        sales.stream().map(line -> orderById.get(line.orderId())).distinct().toList();
    List<Order> valid = sold.stream().filter(Order::isValid).toList();
    BigDecimal units = BigDecimal.ZERO;
    BigDecimal gross = BigDecimal.ZERO;
    BigDecimal discount = BigDecimal.ZERO;
    BigDecimal refund = BigDecimal.ZERO;
    for (Line line : lines) {
      if (line.isSale()) {
        units = units.add(line.quantity());
        gross = gross.add(line.amount());
        discount = discount.add(line.discount());
      } else {
        refund = refund.subtract(line.amount());
      }
    }
    Comparator<Instant> byTime = Comparator.naturalOrder();
    return new CustomerDay(
        key.customerId(),
        key.day(),
        valid.size(),
        units,
        gross,
        discount,
        refund,
        gross.subtract(discount).subtract(refund),
        valid.stream().filter(Order::isDiscounted).count(),
        sold.stream().mapToLong(Order::categories).sum(),
        valid.stream().map(Order::orderedAt).min(byTime).orElse(null),
        valid.stream().map(Order::orderedAt).max(byTime).orElse(null),
        OracleSettings.monthOf(key.day()));
  }
}
