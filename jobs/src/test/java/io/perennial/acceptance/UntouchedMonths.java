package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.oracle.Customer;
import io.perennial.oracle.CustomerMonth;
import io.perennial.oracle.Line;
import io.perennial.oracle.Oracle;
import io.perennial.oracle.Order;
import io.perennial.orders.OrdersTable;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which months a run between two states of a lake may write, as plain lists of the oracle's rows
 * tell it: all others must keep their very files.
 */
final class UntouchedMonths {

  private static final Pattern MONTH = Pattern.compile("month=(\\d{4}-\\d{2}-\\d{2})/");

  private final Oracle before;
  private final Oracle after;
  private final Set<String> changedOrders = new HashSet<>();
  private final Set<String> theirCustomers = new HashSet<>();

  private UntouchedMonths(Oracle before, Oracle after) {
    this.before = before;
    this.after = after;
    Map<String, Set<Line>> old = byOrder(before);
    Map<String, Set<Line>> now = byOrder(after);
    for (Oracle oracle : List.of(before, after)) {
      for (Line line : oracle.lines()) {
        if (!Objects.equals(old.get(line.orderId()), now.get(line.orderId()))) {
          changedOrders.add(line.orderId());
          theirCustomers.add(line.customerId());
        }
      }
    }
  }

  /**
   * @return how many months were left alone, so that a test can see that some were
   */
  static int require(Shop shop, Oracle before, RunRecord first, Oracle after, RunRecord second) {
    UntouchedMonths months = new UntouchedMonths(before, after);
    Set<LocalDate> days = new TreeSet<>(months.ofOrders());
    days.addAll(months.ofRefunds());
    Set<LocalDate> customerMonths = new TreeSet<>(days);
    customerMonths.addAll(months.ofMoved());
    Map<Table, Set<LocalDate>> mayBeWritten =
        Map.of(
            OrdersTable.TABLE,
            months.ofOrders(),
            CustomersTable.TABLE,
            months.ofCohorts(),
            CustomerDaysTable.TABLE,
            days,
            CustomerMonthsTable.TABLE,
            customerMonths);
    int leftAlone = 0;
    for (Map.Entry<Table, Set<LocalDate>> table : mayBeWritten.entrySet()) {
      Map<LocalDate, Set<String>> old = files(shop, table.getKey(), first);
      Map<LocalDate, Set<String>> now = files(shop, table.getKey(), second);
      old.keySet().removeAll(table.getValue());
      now.keySet().removeAll(table.getValue());
      assertThat(now)
          .as("files of %s in months that nothing touched", table.getKey())
          .isEqualTo(old);
      leftAlone += now.size();
    }
    return leftAlone;
  }

  private static Map<String, Set<Line>> byOrder(Oracle oracle) {
    return oracle.lines().stream()
        .collect(Collectors.groupingBy(Line::orderId, Collectors.toSet()));
  }

  private Set<LocalDate> ofOrders() {
    Set<LocalDate> months = new TreeSet<>();
    for (Oracle oracle : List.of(before, after)) {
      oracle.orders().stream()
          .filter(order -> changedOrders.contains(order.orderId()))
          .map(Order::orderMonth)
          .forEach(months::add);
    }
    return months;
  }

  private Set<LocalDate> ofRefunds() {
    Set<LocalDate> months = new TreeSet<>();
    for (Oracle oracle : List.of(before, after)) {
      oracle.lines().stream()
          .filter(line -> line.kind().equals("refund") && changedOrders.contains(line.orderId()))
          .map(Line::orderMonth)
          .forEach(months::add);
    }
    return months;
  }

  private Set<LocalDate> ofCohorts() {
    Set<LocalDate> months = new TreeSet<>();
    for (Oracle oracle : List.of(before, after)) {
      oracle.customers().values().stream()
          .filter(customer -> theirCustomers.contains(customer.customerId()))
          .map(Customer::cohortMonth)
          .forEach(months::add);
    }
    return months;
  }

  private Set<LocalDate> ofMoved() {
    Set<LocalDate> months = new TreeSet<>();
    for (Oracle oracle : List.of(before, after)) {
      oracle.customerMonths().stream()
          .filter(
              month ->
                  !Objects.equals(
                      cohort(before, month.customerId()), cohort(after, month.customerId())))
          .map(CustomerMonth::month)
          .forEach(months::add);
    }
    return months;
  }

  private static LocalDate cohort(Oracle oracle, String customer) {
    Customer known = oracle.customers().get(customer);
    return known == null ? null : known.cohortMonth();
  }

  private static Map<LocalDate, Set<String>> files(Shop shop, Table table, RunRecord run) {
    Map<LocalDate, Set<String>> files = new TreeMap<>();
    Arrays.stream(shop.store().read(table, run.tables().get(table.name())).inputFiles())
        .forEach(
            file -> {
              Matcher month = MONTH.matcher(file);
              assertThat(month.find()).as(file).isTrue();
              files
                  .computeIfAbsent(LocalDate.parse(month.group(1)), any -> new TreeSet<>())
                  .add(file);
            });
    return files;
  }
}
