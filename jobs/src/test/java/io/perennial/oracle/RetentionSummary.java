package io.perennial.oracle;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table {@code retention_summary}: who was there, who came, who left, month by month. */
public final class RetentionSummary {

  /**
   * One month of a dimension value. Of a partial month, what only its end can tell is null.
   *
   * @param newCustomers the column {@code new}
   * @param reactivated of a partial month, those of the days so far (choice)
   * @param netNew booked in the month by the customers acquired in it
   * @param netReturning booked in the month by customers acquired before it
   */
  public record Row(
      LocalDate asOf,
      String dimension,
      String dimensionValue,
      LocalDate month,
      String state,
      long customersStart,
      Long customersEnd,
      long newCustomers,
      Long lost,
      long reactivated,
      Double retentionRate,
      Double churnRate,
      long orders,
      BigDecimal aov,
      BigDecimal netNew,
      BigDecimal netReturning,
      Double repeatPurchaseRate) {}

  private RetentionSummary() {}

  static List<Row> of(AsOfView known, OracleSettings settings) {
    List<Row> rows = new ArrayList<>();
    for (String dimension : settings.dimensions()) {
      Map<String, List<Customer>> byValue = new TreeMap<>();
      for (Customer customer : known.customers().values()) {
        byValue
            .computeIfAbsent(customer.dimensionValue(dimension), value -> new ArrayList<>())
            .add(customer);
      }
      byValue.forEach(
          (value, customers) -> {
            LocalDate first =
                customers.stream()
                    .map(Customer::cohortMonth)
                    .min(LocalDate::compareTo)
                    .orElseThrow();
            LocalDate last = known.lastMonth();
            for (LocalDate month = first; !month.isAfter(last); month = month.plusMonths(1)) {
              rows.add(row(dimension, value, month, customers, known, settings));
            }
          });
    }
    return rows;
  }

  private static Row row(
      String dimension,
      String value,
      LocalDate month,
      List<Customer> customers,
      AsOfView known,
      OracleSettings settings) {
    int window = settings.activeWindow();
    long start = 0;
    long end = 0;
    long acquired = 0;
    long lost = 0;
    long reactivated = 0;
    List<CustomerDay> ofAcquired = new ArrayList<>();
    List<CustomerDay> ofReturning = new ArrayList<>();
    for (Customer customer : customers) {
      boolean inStart = known.isActive(customer, month.minusMonths(window), month.minusMonths(1));
      boolean inEnd = known.isActive(customer, month.minusMonths(window - 1L), month);
      boolean isNew = customer.cohortMonth().equals(month);
      start += inStart ? 1 : 0;
      end += inEnd ? 1 : 0;
      acquired += isNew ? 1 : 0;
      lost += inStart && !inEnd ? 1 : 0;
      reactivated += inEnd && !inStart && !isNew ? 1 : 0;
      if (isNew) {
        ofAcquired.addAll(known.days(customer, month));
      } else if (customer.cohortMonth().isBefore(month)) {
        ofReturning.addAll(known.days(customer, month));
      }
    }
    List<CustomerDay> all = new ArrayList<>(ofAcquired);
    all.addAll(ofReturning);
    boolean isComplete = known.state(month).equals("complete");
    boolean hasHistory =
        OracleSettings.monthsBetween(historyStart(known, settings), month) >= window;
    boolean hasRate = isComplete && hasHistory;
    return new Row(
        known.asOf(),
        dimension,
        value,
        month,
        known.state(month),
        start,
        isComplete ? end : null,
        acquired,
        isComplete ? lost : null,
        reactivated,
        hasRate ? Totals.rate(start - lost, start) : null,
        hasRate ? Totals.rate(lost, start) : null,
        Totals.of(all).orders(),
        Totals.of(all).aov(),
        Totals.of(ofAcquired).net(),
        Totals.of(ofReturning).net(),
        repeatPurchaseRate(month, customers, known, settings.repeatDays()));
  }

  /**
   * The first month with a valid order counts as the first whole month of history. Choice: where a
   * later month is known to be the start of history, that one.
   */
  private static LocalDate historyStart(AsOfView known, OracleSettings settings) {
    LocalDate first = known.firstMonth();
    return settings.historyStart() == null || settings.historyStart().atDay(1).isBefore(first)
        ? first
        : settings.historyStart().atDay(1);
  }

  /**
   * A second valid order within d days of the first, over those acquired who could be watched that
   * long.
   */
  private static Double repeatPurchaseRate(
      LocalDate month, List<Customer> customers, AsOfView known, int within) {
    long watched = 0;
    long repeated = 0;
    for (Customer customer : customers) {
      LocalDate end = customer.firstDay().plusDays(within);
      if (customer.cohortMonth().equals(month) && end.isBefore(known.asOf())) {
        long orders =
            known.days(customer).stream()
                .filter(day -> !day.day().isAfter(end))
                .mapToLong(CustomerDay::orders)
                .sum();
        watched++;
        repeated += orders >= 2 ? 1 : 0;
      }
    }
    return Totals.rate(repeated, watched);
  }
}
