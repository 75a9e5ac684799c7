package io.perennial.oracle;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What had happened before as_of's midnight: the customer days before it, and the customers whose
 * first valid order is before it. A customer who first orders later does not exist yet.
 */
public final class AsOfView {

  private final LocalDate asOf;
  private final Map<String, Customer> customers = new TreeMap<>();
  private final List<CustomerDay> days = new ArrayList<>();
  private final Map<String, Map<LocalDate, List<CustomerDay>>> daysByMonth = new HashMap<>();
  private final Map<String, NavigableSet<LocalDate>> activeMonths = new HashMap<>();

  private AsOfView(LocalDate asOf) {
    this.asOf = asOf;
  }

  static AsOfView before(LocalDate asOf, Map<String, Customer> customers, List<CustomerDay> days) {
    AsOfView known = new AsOfView(asOf);
    customers.values().stream()
        .filter(customer -> customer.firstDay().isBefore(asOf))
        .forEach(customer -> known.customers.put(customer.customerId(), customer));
    days.stream().filter(day -> day.day().isBefore(asOf)).forEach(known::add);
    return known;
  }

  private void add(CustomerDay day) {
    LocalDate month = OracleSettings.monthOf(day.day());
    days.add(day);
    daysByMonth
        .computeIfAbsent(day.customerId(), id -> new TreeMap<>())
        .computeIfAbsent(month, m -> new ArrayList<>())
        .add(day);
    if (day.orders() > 0) {
      activeMonths.computeIfAbsent(day.customerId(), id -> new TreeSet<>()).add(month);
    }
  }

  LocalDate asOf() {
    return asOf;
  }

  Map<String, Customer> customers() {
    return customers;
  }

  List<CustomerDay> days() {
    return days;
  }

  List<CustomerDay> days(Customer customer, LocalDate month) {
    return daysByMonth.get(customer.customerId()).getOrDefault(month, List.of());
  }

  List<CustomerDay> days(Customer customer) {
    return daysByMonth.get(customer.customerId()).values().stream().flatMap(List::stream).toList();
  }

  /** Whether the customer has a valid order in one of the months, both included. */
  boolean isActive(Customer customer, LocalDate fromMonth, LocalDate toMonth) {
    return !activeMonths
        .get(customer.customerId())
        .subSet(fromMonth, true, toMonth, true)
        .isEmpty();
  }

  /** The first month with a valid order of any customer, null without one. */
  LocalDate firstMonth() {
    return customers.values().stream()
        .map(Customer::cohortMonth)
        .min(LocalDate::compareTo)
        .orElse(null);
  }

  /** The last month that has begun: its first day is before as_of. */
  LocalDate lastMonth() {
    return OracleSettings.monthOf(asOf.minusDays(1));
  }

  /** complete: the next month's first day is as_of or before it. */
  String state(LocalDate month) {
    return month.plusMonths(1).isAfter(asOf) ? "partial" : "complete";
  }
}
