package io.perennial.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * One row of {@code orders}. An order that does not count has no figures: all of them are zero.
 *
 * @param orderedAt the earliest sale line. Choice: of an order without one, the earliest refund
 *     line
 * @param firstLineMonth of all accepted lines, counted or not, refunds included
 * @param isCounted not a column: whether the order is neither a test nor cancelled in full
 * @param isGuest choice: true if any line says so
 * @param lines all accepted lines of the order, counted or not, refunds included (choice)
 * @param countedSaleLines the counted sale lines among them
 * @param units of the sale lines (choice: refunds take none back)
 * @param refunded positive
 * @param channel choice, also of discount code and country: the smallest of the lines' values
 */
public record Order(
    String orderId,
    String customerId,
    Instant orderedAt,
    LocalDate orderMonth,
    LocalDate firstLineMonth,
    LocalDate lastLineMonth,
    boolean isValid,
    boolean isCounted,
    boolean isGuest,
    long lines,
    long countedSaleLines,
    BigDecimal units,
    BigDecimal gross,
    BigDecimal discount,
    BigDecimal refunded,
    BigDecimal net,
    BigDecimal shipping,
    BigDecimal tax,
    String firstCategory,
    long categories,
    String channel,
    String discountCode,
    String country) {

  /** The orders of all lines, by order_id. */
  static List<Order> of(List<Line> lines, OracleSettings settings) {
    Map<String, List<Line>> byOrder = new LinkedHashMap<>();
    for (Line line : lines) {
      byOrder.computeIfAbsent(line.orderId(), id -> new ArrayList<>()).add(line);
    }
    return byOrder.values().stream()
        .map(order -> one(order, settings))
        .sorted(Comparator.comparing(Order::orderId))
        .toList();
  }

  boolean isDiscounted() {
    return discount.signum() > 0;
  }

  private static Order one(List<Line> order, OracleSettings settings) {
    List<Line> allSales = order.stream().filter(Line::isSale).toList();
    List<Line> counted = order.stream().filter(Line::isCounted).toList();
    List<Line> sales = counted.stream().filter(Line::isSale).toList();
    List<Line> refunds = counted.stream().filter(l -> !l.isSale()).toList();
    Line any = order.get(0);
    Instant time = earliest(allSales.isEmpty() ? order : allSales);
    BigDecimal gross = sum(sales, Line::amount);
    BigDecimal discount = sum(sales, Line::discount);
    BigDecimal refunded = sum(refunds, Line::amount).negate();
    return new Order(
        any.orderId(),
        any.customerId(),
        time,
        settings.month(time),
        settings.month(earliest(order)),
        settings.month(
            order.stream().map(Line::orderedAt).max(Comparator.naturalOrder()).orElseThrow()),
        sales.stream().anyMatch(l -> l.amount().signum() > 0),
        any.isCounted(),
        order.stream().anyMatch(Line::isGuest),
        order.size(),
        sales.size(),
        sum(sales, Line::quantity),
        gross,
        discount,
        refunded,
        gross.subtract(discount).subtract(refunded),
        sum(counted, Line::shipping),
        sum(counted, Line::tax),
        firstCategory(allSales),
        sales.stream().map(Line::category).filter(Objects::nonNull).distinct().count(),
        smallest(order, Line::channel),
        smallest(order, Line::discountCode),
        smallest(order, Line::country));
  }

  private static Instant earliest(List<Line> lines) {
    return lines.stream().map(Line::orderedAt).min(Comparator.naturalOrder()).orElseThrow();
  }

  /**
   * Of the earliest sale line; at the same second, the alphabetically first. Choice: lines of that
   * second without a category are passed over.
   */
  private static String firstCategory(List<Line> sales) {
    if (sales.isEmpty()) {
      return null;
    }
    Instant second = earliest(sales).truncatedTo(ChronoUnit.SECONDS);
    return smallest(
        sales.stream()
            .filter(l -> l.orderedAt().truncatedTo(ChronoUnit.SECONDS).equals(second))
            .toList(),
        Line::category);
  }

  private static BigDecimal sum(List<Line> lines, Function<Line, BigDecimal> figure) {
    return lines.stream().map(figure).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static String smallest(List<Line> lines, Function<Line, String> cell) {
    return lines.stream()
        .map(cell)
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }
}
