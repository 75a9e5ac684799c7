package io.perennial.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One row of {@code customer_months}: a customer and a month with any counted line, over everything
 * ingested.
 *
 * @param cohortMonth null without a valid order
 * @param monthIndex k, negative for what precedes the cohort, null without one
 */
public record CustomerMonth(
    String customerId,
    LocalDate month,
    LocalDate cohortMonth,
    Integer monthIndex,
    long orders,
    BigDecimal units,
    BigDecimal gross,
    BigDecimal discount,
    BigDecimal refund,
    BigDecimal net,
    long discountedOrders,
    Instant firstOrderAt,
    Instant lastOrderAt) {

  private record Key(String customerId, LocalDate month) {}

  static List<CustomerMonth> of(List<CustomerDay> days, Map<String, Customer> customers) {
    Map<Key, List<CustomerDay>> byMonth =
        new TreeMap<>(Comparator.comparing(Key::customerId).thenComparing(Key::month));
    for (CustomerDay day : days) {
      Key key = new Key(day.customerId(), OracleSettings.monthOf(day.day()));
      byMonth.computeIfAbsent(key, k -> new ArrayList<>()).add(day);
    }
    List<CustomerMonth> months = new ArrayList<>();
    byMonth.forEach(
        (key, ofMonth) -> {
          Customer customer = customers.get(key.customerId());
          LocalDate cohort = customer == null ? null : customer.cohortMonth();
          Totals sums = Totals.of(ofMonth);
          months.add(
              new CustomerMonth(
                  key.customerId(),
                  key.month(),
                  cohort,
                  cohort == null ? null : OracleSettings.monthsBetween(cohort, key.month()),
                  sums.orders(),
                  sums.units(),
                  sums.gross(),
                  sums.discount(),
                  sums.refund(),
                  sums.net(),
                  sums.discountedOrders(),
                  sums.firstOrderAt(),
                  sums.lastOrderAt()));
        });
    return months;
  }
}
