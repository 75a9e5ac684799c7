package io.perennial.customers;

import static org.apache.spark.sql.functions.*;

import io.perennial.orders.OrdersTable;
import io.perennial.spark.BloomKeyFilter;
import io.perennial.spark.CachedDatasets;
import io.perennial.step.InputChanges;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepResult;
import io.perennial.table.Months;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The step from orders to customers, computed whole or for the customers of changed orders. */
public final class CustomerSteps {

  public static final Step CUSTOMERS =
      Step.named(
          "customers",
          List.of(OrdersTable.TABLE, ContactsTable.TABLE),
          List.of(CustomersTable.TABLE),
          List.of("shop.time-zone"),
          CustomerSteps::customers);

  private static final String NOTHING_CHANGED = "nothing to change";

  private CustomerSteps() {}

  private static StepResult customers(StepContext context) {
    Optional<InputChanges> changes = InputChanges.of(CUSTOMERS, context);
    if (changes.isPresent()) {
      return customers(context, changes.get());
    }
    context.overwrite(
        CustomersTable.TABLE,
        Customers.of(context.read(OrdersTable.TABLE), ContactSteps.consents(context)));
    return StepResult.done();
  }

  private static StepResult customers(StepContext context, InputChanges changes) {
    Months touched = changes.monthsChanged(OrdersTable.TABLE);
    Dataset<Row> customers = context.read(CustomersTable.TABLE);
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> withChangedOrders =
          ChangedCustomers.withChangedOrders(
              changes.removed(OrdersTable.TABLE, touched),
              changes.monthsRemoved(OrdersTable.TABLE),
              changes.added(OrdersTable.TABLE, touched));
      Dataset<Row> known = customers;
      if (!context.isSmall(CustomersTable.TABLE)) {
        withChangedOrders = kept.keep(withChangedOrders);
        known = BloomKeyFilter.among(customers, withChangedOrders, CustomersTable.CUSTOMER_ID);
      }
      Dataset<Row> changed = kept.keep(ChangedCustomers.of(withChangedOrders, known));
      Dataset<Row> reconsented =
          changes.isUnchanged(ContactsTable.TABLE)
              ? context.store().noRows(ContactsTable.TABLE).select(ContactsTable.CUSTOMER_ID.col())
              : kept.keep(
                  ChangedCustomers.reconsented(
                      changes.before(ContactsTable.TABLE), context.read(ContactsTable.TABLE)));
      Dataset<Row> ids = kept.keep(ChangedCustomers.ids(changed, reconsented));
      long number = ids.count();
      if (number == 0) {
        return StepResult.done(NOTHING_CHANGED);
      }
      boolean isAnyFirstRemoved = !ChangedCustomers.withFirstRemoved(changed).isEmpty();
      Dataset<Row> made =
          kept.keep(
              ChangedCustomers.rows(
                  changed,
                  isAnyFirstRemoved
                      ? context.read(OrdersTable.TABLE)
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
              : ChangedCustomers.except(changes.current(CustomersTable.TABLE, rewritten), ids)
                  .unionByName(made);
      context.exchangeMonths(CustomersTable.TABLE, rewritten, rows);
      return StepResult.done(
          String.format(Locale.ROOT, "%,d customers looked at, %s rewritten", number, rewritten));
    }
  }
}
