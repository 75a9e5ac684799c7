package io.perennial.months;

import static org.apache.spark.sql.functions.*;

import io.perennial.customers.ChangedCustomers;
import io.perennial.customers.ContactSteps;
import io.perennial.customers.ContactsTable;
import io.perennial.customers.Customers;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.OrderSpans;
import io.perennial.orders.Categories;
import io.perennial.orders.ChangedOrders;
import io.perennial.orders.Orders;
import io.perennial.orders.OrdersTable;
import io.perennial.spark.BloomKeyFilter;
import io.perennial.spark.CachedDatasets;
import io.perennial.spark.Sessions;
import io.perennial.step.InputChanges;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.table.Months;
import io.perennial.table.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The steps from order_lines to customer_months. Each is made as a whole the first time, and where
 * code or configuration changed; afterwards only what a change of its inputs concerns is computed,
 * and only the months that hold it are written.
 */
public final class OrderSteps {

  public static final Step ORDERS =
      Step.named(
          "orders",
          List.of(OrderLinesTable.TABLE),
          List.of(OrdersTable.TABLE),
          List.of("shop.time-zone", "shop.currency"),
          OrderSteps::orders);

  public static final Step CUSTOMERS =
      Step.named(
          "customers",
          List.of(OrdersTable.TABLE, ContactsTable.TABLE),
          List.of(CustomersTable.TABLE),
          List.of("shop.time-zone"),
          OrderSteps::customers);

  public static final Step CUSTOMER_DAYS =
      Step.named(
          "customer_days",
          List.of(OrdersTable.TABLE, OrderLinesTable.TABLE),
          List.of(CustomerDaysTable.TABLE),
          List.of("shop.time-zone", "shop.currency"),
          OrderSteps::customerDays);

  public static final Step CUSTOMER_MONTHS =
      Step.named(
          "customer_months",
          List.of(CustomerDaysTable.TABLE, CustomersTable.TABLE),
          List.of(CustomerMonthsTable.TABLE),
          List.of("shop.time-zone", "shop.currency"),
          OrderSteps::customerMonths);

  private static final String NOTHING = "nothing to change";

  private OrderSteps() {}

  private static String orders(StepContext context) {
    Optional<InputChanges> last = InputChanges.of(ORDERS, context);
    if (last.isPresent()) {
      return orders(context, last.get());
    }
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> lines = context.store().read(OrderLinesTable.TABLE);
      overwrite(context, OrdersTable.TABLE, ordersOf(context, kept, lines, lines));
      return "";
    }
  }

  private static String orders(StepContext context, InputChanges last) {
    Months touched = last.monthsChanged(OrderLinesTable.TABLE);
    if (touched.isEmpty()) {
      return NOTHING;
    }
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> gone = last.gone(OrderLinesTable.TABLE, touched);
      Dataset<Row> come = last.come(OrderLinesTable.TABLE, touched);
      boolean areAllNew = last.monthsGone(OrderLinesTable.TABLE).isEmpty();
      Dataset<Row> changed =
          kept.keep(areAllNew ? ChangedOrders.ids(come) : ChangedOrders.of(gone, come));
      long orders = changed.count();
      if (orders == 0) {
        return NOTHING;
      }
      Dataset<Row> had =
          kept.keep(
              ChangedOrders.only(
                  ChangedOrders.spans(context.store().read(OrdersTable.TABLE))
                      .where(mayBeAmong(context, changed)),
                  changed));
      Months rewritten = Months.in(had.select(OrdersTable.ORDER_MONTH.col()));
      // An order that is new has no other lines than those that came, and is added to its month.
      Dataset<Row> lines = areAllNew ? come : ChangedOrders.only(come, changed);
      if (rewritten.isEmpty()) {
        exchange(context, OrdersTable.TABLE, rewritten, ordersOf(context, kept, lines, come));
      } else {
        Dataset<Row> around = last.now(OrderLinesTable.TABLE, touched.and(OrderSpans.months(had)));
        Dataset<Row> all =
            ChangedOrders.except(lines, had)
                .unionByName(ChangedOrders.only(around.where(mayBeAmong(context, had)), had));
        exchange(
            context,
            OrdersTable.TABLE,
            rewritten,
            ChangedOrders.except(last.now(OrdersTable.TABLE, rewritten), had)
                .unionByName(ordersOf(context, kept, all, around)));
      }
      return String.format(Locale.ROOT, "%,d orders changed, %s rewritten", orders, rewritten);
    }
  }

  /** A condition that rows of these orders meet, and few others. */
  private static Column mayBeAmong(StepContext context, Dataset<Row> orderIds) {
    return context.isSmall(OrdersTable.TABLE)
        ? lit(true)
        : BloomKeyFilter.isAmong(orderIds, orderIds.count(), OrdersTable.ORDER_ID);
  }

  private static String customers(StepContext context) {
    Optional<InputChanges> last = InputChanges.of(CUSTOMERS, context);
    if (last.isPresent()) {
      return customers(context, last.get());
    }
    overwrite(
        context,
        CustomersTable.TABLE,
        Customers.of(context.store().read(OrdersTable.TABLE), ContactSteps.consents(context)));
    return "";
  }

  private static String customers(StepContext context, InputChanges last) {
    Months touched = last.monthsChanged(OrdersTable.TABLE);
    Dataset<Row> customers = context.store().read(CustomersTable.TABLE);
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> withChangedOrders =
          ChangedCustomers.withChangedOrders(
              last.gone(OrdersTable.TABLE, touched),
              last.monthsGone(OrdersTable.TABLE),
              last.come(OrdersTable.TABLE, touched));
      Dataset<Row> known = customers;
      if (!context.isSmall(CustomersTable.TABLE)) {
        withChangedOrders = kept.keep(withChangedOrders);
        known = BloomKeyFilter.among(customers, withChangedOrders, CustomersTable.CUSTOMER_ID);
      }
      Dataset<Row> changed = kept.keep(ChangedCustomers.of(withChangedOrders, known));
      Dataset<Row> reconsented =
          last.isOfVersionNow(ContactsTable.TABLE)
              ? context.store().noRows(ContactsTable.TABLE).select(ContactsTable.CUSTOMER_ID.col())
              : kept.keep(
                  ChangedCustomers.reconsented(
                      last.before(ContactsTable.TABLE), context.store().read(ContactsTable.TABLE)));
      Dataset<Row> ids = kept.keep(ChangedCustomers.ids(changed, reconsented));
      long number = ids.count();
      if (number == 0) {
        return NOTHING;
      }
      boolean isAnyFirstRemoved = !ChangedCustomers.withFirstRemoved(changed).isEmpty();
      Dataset<Row> made =
          kept.keep(
              ChangedCustomers.rows(
                  changed,
                  isAnyFirstRemoved
                      ? context.store().read(OrdersTable.TABLE)
                      : context.store().noRows(OrdersTable.TABLE),
                  reconsented,
                  customers,
                  ContactSteps.consents(context)));
      Months rewritten =
          Months.in(ChangedCustomers.earlierCohorts(changed, reconsented, customers));
      // Who is new is added to a month.
      Dataset<Row> rows =
          rewritten.isEmpty()
              ? made
              : ChangedCustomers.except(last.now(CustomersTable.TABLE, rewritten), ids)
                  .unionByName(made);
      exchange(context, CustomersTable.TABLE, rewritten, rows);
      return String.format(Locale.ROOT, "%,d customers looked at, %s rewritten", number, rewritten);
    }
  }

  private static String customerDays(StepContext context) {
    Optional<InputChanges> last = InputChanges.of(CUSTOMER_DAYS, context);
    if (last.isPresent()) {
      return customerDays(context, last.get());
    }
    overwrite(
        context,
        CustomerDaysTable.TABLE,
        CustomerDays.of(
            context.store().read(OrdersTable.TABLE),
            context.store().read(OrderLinesTable.TABLE),
            context.minorDigits()));
    return "";
  }

  private static String customerDays(StepContext context, InputChanges last) {
    Months orders = last.monthsChanged(OrdersTable.TABLE);
    Months lines = last.monthsChanged(OrderLinesTable.TABLE);
    if (orders.and(lines).isEmpty()) {
      return NOTHING;
    }
    Months rewritten =
        Months.in(
            ChangedMonths.ofDays(
                last.gone(OrdersTable.TABLE, orders),
                last.come(OrdersTable.TABLE, orders),
                last.gone(OrderLinesTable.TABLE, lines),
                last.come(OrderLinesTable.TABLE, lines)));
    if (rewritten.isEmpty()) {
      return NOTHING;
    }
    replace(
        context,
        CustomerDaysTable.TABLE,
        rewritten,
        CustomerDays.of(
            last.now(OrdersTable.TABLE, rewritten),
            last.now(OrderLinesTable.TABLE, rewritten),
            context.minorDigits()));
    return rewritten + " rewritten";
  }

  private static String customerMonths(StepContext context) {
    Optional<InputChanges> last = InputChanges.of(CUSTOMER_MONTHS, context);
    if (last.isPresent()) {
      return customerMonths(context, last.get());
    }
    overwrite(
        context,
        CustomerMonthsTable.TABLE,
        CustomerMonths.of(
            context.store().read(CustomerDaysTable.TABLE),
            context.store().read(CustomersTable.TABLE),
            context.minorDigits()));
    return "";
  }

  private static String customerMonths(StepContext context, InputChanges last) {
    Months rewritten = last.monthsChanged(CustomerDaysTable.TABLE);
    Months cohorts = last.monthsChanged(CustomersTable.TABLE);
    if (!cohorts.isEmpty()) {
      rewritten = rewritten.and(monthsOfMoved(context, last, cohorts));
    }
    if (rewritten.isEmpty()) {
      return NOTHING;
    }
    Dataset<Row> days = last.now(CustomerDaysTable.TABLE, rewritten);
    Dataset<Row> customers = context.store().read(CustomersTable.TABLE);
    if (!context.isSmall(CustomersTable.TABLE)) {
      customers = BloomKeyFilter.among(customers, days, CustomersTable.CUSTOMER_ID);
    }
    replace(
        context,
        CustomerMonthsTable.TABLE,
        rewritten,
        CustomerMonths.of(days, customers, context.minorDigits()));
    return rewritten + " rewritten";
  }

  /** The months that hold rows of customers whose cohort is another now. */
  private static Months monthsOfMoved(StepContext context, InputChanges last, Months cohorts) {
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> moved =
          kept.keep(
              ChangedMonths.moved(
                  last.gone(CustomersTable.TABLE, cohorts),
                  last.come(CustomersTable.TABLE, cohorts)));
      return moved.isEmpty()
          ? Months.NONE
          : Months.in(
              ChangedMonths.ofMoved(
                  context.store().read(CustomerMonthsTable.TABLE),
                  moved,
                  ChangedMonths.anyLeftACohort(moved)));
    }
  }

  /**
   * @param around rows of order_lines, these lines among them, to take the categories from
   */
  private static Dataset<Row> ordersOf(
      StepContext context, CachedDatasets kept, Dataset<Row> lines, Dataset<Row> around) {
    Dataset<Row> codes = kept.keep(Categories.codesOf(around));
    return Orders.of(lines, new Categories(codes, codes.count()), context.minorDigits());
  }

  private static void overwrite(StepContext context, Table table, Dataset<Row> rows) {
    context.store().overwrite(table, Sessions.inFewFilesPerMonth(rows));
  }

  private static void exchange(StepContext context, Table table, Months months, Dataset<Row> rows) {
    context.store().exchangeMonths(table, months, Sessions.inFewFilesPerMonth(rows));
  }

  private static void replace(StepContext context, Table table, Months months, Dataset<Row> rows) {
    context.store().replaceMonths(table, months, Sessions.inFewFilesPerMonth(rows));
  }
}
