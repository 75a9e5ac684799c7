package io.perennial.oracle;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table {@code cohort_matrix}: every cohort that has customers, every month of it that has
 * begun by as_of.
 */
public final class CohortMatrix {

  /**
   * One cell. The rates, counts and money of a partial cell are those of the days so far.
   *
   * @param state complete, partial; existing for every cell of a cohort before the history start
   * @param aov as {@code ltv}: to 34 digits, for a test to round as the table does
   */
  public record Cell(
      LocalDate asOf,
      String dimension,
      String dimensionValue,
      LocalDate cohortMonth,
      int monthIndex,
      String state,
      long cohortSize,
      long activeCustomers,
      long rollingActiveCustomers,
      long orders,
      BigDecimal gross,
      BigDecimal discount,
      BigDecimal refund,
      BigDecimal net,
      BigDecimal cumulativeNet,
      double retentionRate,
      double retentionLow,
      double retentionHigh,
      double rollingRetentionRate,
      double rollingRetentionLow,
      double rollingRetentionHigh,
      Double revenueRetentionRate,
      BigDecimal aov,
      Double ordersPerCustomer,
      BigDecimal ltv) {}

  private record Key(String dimension, String value, LocalDate cohort) {}

  private CohortMatrix() {}

  static List<Cell> of(AsOfView known, OracleSettings settings) {
    return of(known, settings.dimensions(), settings);
  }

  static List<Cell> of(AsOfView known, List<String> dimensions, OracleSettings settings) {
    Map<Key, List<Customer>> cohorts =
        new TreeMap<>(
            Comparator.comparing(Key::dimension)
                .thenComparing(Key::value)
                .thenComparing(Key::cohort));
    for (String dimension : dimensions) {
      for (Customer customer : known.customers().values()) {
        Key key = new Key(dimension, customer.dimensionValue(dimension), customer.cohortMonth());
        cohorts.computeIfAbsent(key, k -> new ArrayList<>()).add(customer);
      }
    }
    List<Cell> cells = new ArrayList<>();
    cohorts.forEach((key, members) -> cells.addAll(cohort(key, members, known, settings)));
    return cells;
  }

  private static List<Cell> cohort(
      Key key, List<Customer> members, AsOfView known, OracleSettings settings) {
    boolean isExisting =
        settings.historyStart() != null && key.cohort().isBefore(settings.historyStart().atDay(1));
    List<Cell> cells = new ArrayList<>();
    BigDecimal netOfFirstMonth = null;
    BigDecimal cumulative = BigDecimal.ZERO;
    LocalDate last = known.lastMonth();
    for (LocalDate month = key.cohort(); !month.isAfter(last); month = month.plusMonths(1)) {
      LocalDate ofCell = month;
      Totals sums =
          Totals.of(members.stream().flatMap(c -> known.days(c, ofCell).stream()).toList());
      long active = members.stream().filter(c -> known.isActive(c, ofCell, ofCell)).count();
      long rolling = members.stream().filter(c -> known.isActive(c, ofCell, last)).count();
      long size = members.size();
      cumulative = cumulative.add(sums.net());
      if (netOfFirstMonth == null) {
        netOfFirstMonth = sums.net();
      }
      WilsonInterval interval = WilsonInterval.of(active, size);
      WilsonInterval rollingInterval = WilsonInterval.of(rolling, size);
      cells.add(
          new Cell(
              known.asOf(),
              key.dimension(),
              key.value(),
              key.cohort(),
              OracleSettings.monthsBetween(key.cohort(), month),
              isExisting ? "existing" : known.state(month),
              size,
              active,
              rolling,
              sums.orders(),
              sums.gross(),
              sums.discount(),
              sums.refund(),
              sums.net(),
              cumulative,
              Totals.rate(active, size),
              interval.low(),
              interval.high(),
              Totals.rate(rolling, size),
              rollingInterval.low(),
              rollingInterval.high(),
              Totals.rate(sums.net(), netOfFirstMonth),
              sums.aov(),
              Totals.rate(sums.orders(), active),
              Totals.quotient(cumulative, BigDecimal.valueOf(size))));
    }
    return cells;
  }
}
