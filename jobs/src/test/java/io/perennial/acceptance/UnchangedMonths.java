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
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Computes from the oracle's rows which months a run between two states of a lake may write. All
 * other months must keep the same data files.
 */
final class UnchangedMonths {

  private static final Pattern MONTH = Pattern.compile("month=(\\d{4}-\\d{2}-\\d{2})/");

  private final Oracle before;
  private final Oracle after;
  private final Set<String> changedOrders = new HashSet<>();
  private final Set<String> changedCustomers = new HashSet<>();

  private UnchangedMonths(Oracle before, Oracle after) {
    this.before = before;
    this.after = after;
    Map<String, Set<Line>> earlier = byOrder(before);
    Map<String, Set<Line>> later = byOrder(after);
    for (Oracle oracle : List.of(before, after)) {
      for (Line line : oracle.lines()) {
        if (!Objects.equals(earlier.get(line.orderId()), later.get(line.orderId()))) {
          changedOrders.add(line.orderId());
          changedCustomers.add(line.customerId());
        }
      }
    }
  }

  /**
   * @return the number of unchanged months, for tests to check that there are any
   */
  static int assertUnchanged(
      Shop shop, Oracle before, RunRecord first, Oracle after, RunRecord second) {
    UnchangedMonths months = new UnchangedMonths(before, after);
    Set<LocalDate> days = new TreeSet<>(months.ofOrders());
    days.addAll(months.ofRefunds());
    Set<LocalDate> customerMonths = new TreeSet<>(days);
    customerMonths.addAll(months.ofMovedCustomers());
    Map<Table, Set<LocalDate>> writable =
        Map.of(
            OrdersTable.TABLE,
            months.ofOrders(),
            CustomersTable.TABLE,
            months.ofCohorts(),
            CustomerDaysTable.TABLE,
            days,
            CustomerMonthsTable.TABLE,
            customerMonths);
    int unchanged = 0;
    for (Map.Entry<Table, Set<LocalDate>> table : writable.entrySet()) {
      Map<LocalDate, Set<String>> earlier = files(shop, table.getKey(), first);
      Map<LocalDate, Set<String>> later = files(shop, table.getKey(), second);
      earlier.keySet().removeAll(table.getValue());
      later.keySet().removeAll(table.getValue());
      assertThat(later)
          .as("files of %s in months that nothing touched", table.getKey())
          .isEqualTo(earlier);
      unchanged += later.size();
    }
    return unchanged;
  }

  private static Map<String, Set<Line>> byOrder(Oracle oracle) {
    return oracle.lines().stream()
        .collect(Collectors.groupingBy(Line::orderId, Collectors.toSet()));
  }

  private Set<LocalDate> ofOrders() {
    return months(
        oracle ->
            oracle.orders().stream()
                .filter(order -> changedOrders.contains(order.orderId()))
                .map(Order::orderMonth));
  }

  private Set<LocalDate> ofRefunds() {
    return months(
        oracle ->
            oracle.lines().stream()
                .filter(
                    line -> line.kind().equals("refund") && changedOrders.contains(line.orderId()))
                .map(Line::orderMonth));
  }

  private Set<LocalDate> ofCohorts() {
    return months(
        oracle ->
            oracle.customers().values().stream()
                .filter(customer -> changedCustomers.contains(customer.customerId()))
                .map(Customer::cohortMonth));
  }

  private Set<LocalDate> ofMovedCustomers() {
    return months(
        oracle ->
            oracle.customerMonths().stream()
                .filter(
                    month ->
                        !Objects.equals(
                            cohort(before, month.customerId()), cohort(after, month.customerId())))
                .map(CustomerMonth::month));
  }

  private Set<LocalDate> months(Function<Oracle, Stream<LocalDate>> find) {
    return Stream.of(before, after).flatMap(find).collect(Collectors.toCollection(TreeSet::new));
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
