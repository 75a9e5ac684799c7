package io.perennial.oracle;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A customer with a valid order, with the attributes of the first one, which the cohort dimensions
 * read. The first valid order is the earliest one; ties go to the smallest order_id as text.
 */
public record Customer(
    String customerId,
    Instant firstOrderAt,
    LocalDate firstDay,
    LocalDate cohortMonth,
    String firstCountry,
    String firstChannel,
    String firstCategory,
    boolean firstOrderDiscounted) {

  static final String NO_VALUE = "(none)";

  static Map<String, Customer> of(List<Order> orders, OracleSettings settings) {
    Map<String, Customer> customers = new TreeMap<>();
    orders.stream()
        .filter(order -> order.isValid() && order.customerId() != null)
        .sorted(Comparator.comparing(Order::orderedAt).thenComparing(Order::orderId))
        .forEach(
            first ->
                customers.putIfAbsent(
                    first.customerId(),
                    new Customer(
                        first.customerId(),
                        first.orderedAt(),
                        settings.day(first.orderedAt()),
                        settings.month(first.orderedAt()),
                        first.country(),
                        first.channel(),
                        first.firstCategory(),
                        first.isDiscounted())));
    return customers;
  }

  /** The value of a dimension; the only value of {@code all} is {@code all} (choice). */
  String dimensionValue(String dimension) {
    String value =
        switch (dimension) {
          case "all" -> "all";
          case "country" -> firstCountry;
          case "channel" -> firstChannel;
          case "category" -> firstCategory;
          case "discounted" -> String.valueOf(firstOrderDiscounted);
          default -> throw new IllegalArgumentException("No such dimension: " + dimension);
        };
    return value == null ? NO_VALUE : value;
  }
}
