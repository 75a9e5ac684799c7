package io.perennial.months;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ShopKeys;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.orders.OrdersTable;
import io.perennial.spark.BloomKeyFilter;
import io.perennial.spark.CachedDatasets;
import io.perennial.step.InputChanges;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepHooks;
import io.perennial.step.StepResult;
import io.perennial.table.Months;
import io.perennial.table.RunRecord.IdentityCheck;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The steps from orders and lines to customer_days and customer_months. Each computes its table
 * whole the first time, and where code or configuration changed; afterwards it rewrites only the
 * months that a change of its inputs concerns.
 */
public final class MonthSteps {

  public static final Step CUSTOMER_DAYS =
      Step.named(
          "customer_days",
          List.of(OrdersTable.TABLE, OrderLinesTable.TABLE),
          List.of(CustomerDaysTable.TABLE),
          List.of(ShopKeys.TIME_ZONE.path(), ShopKeys.CURRENCY.path()),
          MonthSteps::customerDays);

  public static final Step CUSTOMER_MONTHS =
      Step.named(
              "customer_months",
              List.of(CustomerDaysTable.TABLE, CustomersTable.TABLE),
              List.of(CustomerMonthsTable.TABLE),
              List.of(ShopKeys.TIME_ZONE.path(), ShopKeys.CURRENCY.path()),
              MonthSteps::customerMonths)
          .with(new Hooks());

  private static final String NOTHING_CHANGED = "nothing to change";

  private MonthSteps() {}

  private static StepResult customerDays(StepContext context) {
    Optional<InputChanges> changes = InputChanges.of(CUSTOMER_DAYS, context);
    if (changes.isPresent()) {
      return customerDays(context, changes.get());
    }
    context.overwrite(
        CustomerDaysTable.TABLE,
        CustomerDays.of(
            context.read(OrdersTable.TABLE),
            context.read(OrderLinesTable.TABLE),
            context.minorDigits()));
    return StepResult.done();
  }

  private static StepResult customerDays(StepContext context, InputChanges changes) {
    Months orders = changes.monthsChanged(OrdersTable.TABLE);
    Months lines = changes.monthsChanged(OrderLinesTable.TABLE);
    if (orders.and(lines).isEmpty()) {
      return StepResult.done(NOTHING_CHANGED);
    }
    Months rewritten =
        Months.in(
            ChangedMonths.ofDays(
                changes.removed(OrdersTable.TABLE, orders),
                changes.added(OrdersTable.TABLE, orders),
                changes.removed(OrderLinesTable.TABLE, lines),
                changes.added(OrderLinesTable.TABLE, lines)));
    if (rewritten.isEmpty()) {
      return StepResult.done(NOTHING_CHANGED);
    }
    context.replaceMonths(
        CustomerDaysTable.TABLE,
        rewritten,
        CustomerDays.of(
            changes.current(OrdersTable.TABLE, rewritten),
            changes.current(OrderLinesTable.TABLE, rewritten),
            context.minorDigits()));
    return StepResult.done(rewritten + " rewritten");
  }

  private static StepResult customerMonths(StepContext context) {
    Optional<InputChanges> changes = InputChanges.of(CUSTOMER_MONTHS, context);
    if (changes.isPresent()) {
      return customerMonths(context, changes.get());
    }
    context.overwrite(
        CustomerMonthsTable.TABLE,
        CustomerMonths.of(
            context.read(CustomerDaysTable.TABLE),
            context.read(CustomersTable.TABLE),
            context.minorDigits()));
    return StepResult.done();
  }

  private static StepResult customerMonths(StepContext context, InputChanges changes) {
    Months rewritten = changes.monthsChanged(CustomerDaysTable.TABLE);
    Months cohorts = changes.monthsChanged(CustomersTable.TABLE);
    if (!cohorts.isEmpty()) {
      rewritten = rewritten.and(monthsOfMoved(context, changes, cohorts));
    }
    if (rewritten.isEmpty()) {
      return StepResult.done(NOTHING_CHANGED);
    }
    Dataset<Row> days = changes.current(CustomerDaysTable.TABLE, rewritten);
    Dataset<Row> customers = context.read(CustomersTable.TABLE);
    if (!context.isSmall(CustomersTable.TABLE)) {
      customers = BloomKeyFilter.among(customers, days, CustomersTable.CUSTOMER_ID);
    }
    context.replaceMonths(
        CustomerMonthsTable.TABLE,
        rewritten,
        CustomerMonths.of(days, customers, context.minorDigits()));
    return StepResult.done(rewritten + " rewritten");
  }

  /** The months that hold rows of customers whose cohort is another now. */
  private static Months monthsOfMoved(StepContext context, InputChanges changes, Months cohorts) {
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> moved =
          kept.keep(
              ChangedMonths.moved(
                  changes.removed(CustomersTable.TABLE, cohorts),
                  changes.added(CustomersTable.TABLE, cohorts)));
      return moved.isEmpty()
          ? Months.NONE
          : Months.in(
              ChangedMonths.ofMoved(
                  context.read(CustomerMonthsTable.TABLE),
                  moved,
                  ChangedMonths.anyLeftACohort(moved)));
    }
  }

  private static final class Hooks implements StepHooks {

    @Override
    public List<IdentityCheck> reconcile(StepContext context) {
      return LineReconciliation.check(context);
    }
  }
}
