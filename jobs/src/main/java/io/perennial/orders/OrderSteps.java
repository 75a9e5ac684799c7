package io.perennial.orders;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.IngestSteps;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.OrderSpans;
import io.perennial.spark.BloomKeyFilter;
import io.perennial.spark.CachedDatasets;
import io.perennial.step.InputChanges;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepHooks;
import io.perennial.step.StepResult;
import io.perennial.table.Months;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The steps from the lake to orders. The orders of the first run, and of a run with other code or
 * configuration, are computed whole; afterwards only those that changed lines concern, and only
 * their months are written.
 */
public final class OrderSteps {

  /** The step that reads the lake; the orders of unchanged lines help it to find earlier lines. */
  public static final Step ORDER_LINES = IngestSteps.orderLines(OrderSteps::spansOfUnchangedLines);

  public static final Step ORDERS =
      Step.named(
              "orders",
              List.of(OrderLinesTable.TABLE),
              List.of(OrdersTable.TABLE),
              List.of("shop.time-zone", "shop.currency"),
              OrderSteps::orders)
          .with(new Hooks());

  private static final String NOTHING_CHANGED = "nothing to change";

  private OrderSteps() {}

  /** Spans of the orders, if these are those of the current lines and worth reading. */
  private static OrderSpans spansOfUnchangedLines(StepContext context) {
    return context.isSmall(OrderLinesTable.TABLE)
        ? OrderSpans.UNKNOWN
        : InputChanges.of(ORDERS, context)
            .filter(changes -> changes.isUnchanged(OrderLinesTable.TABLE))
            .map(changes -> OrderSpans.of(context.read(OrdersTable.TABLE)))
            .orElse(OrderSpans.UNKNOWN);
  }

  private static StepResult orders(StepContext context) {
    Optional<InputChanges> changes = InputChanges.of(ORDERS, context);
    if (changes.isPresent()) {
      return orders(context, changes.get());
    }
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> lines = context.read(OrderLinesTable.TABLE);
      context.overwrite(OrdersTable.TABLE, ordersOf(context, kept, lines, lines));
      return StepResult.done();
    }
  }

  private static StepResult orders(StepContext context, InputChanges changes) {
    Months touched = changes.monthsChanged(OrderLinesTable.TABLE);
    if (touched.isEmpty()) {
      return StepResult.done(NOTHING_CHANGED);
    }
    try (CachedDatasets kept = new CachedDatasets()) {
      Dataset<Row> removed = changes.removed(OrderLinesTable.TABLE, touched);
      Dataset<Row> added = changes.added(OrderLinesTable.TABLE, touched);
      boolean areAllNew = changes.monthsRemoved(OrderLinesTable.TABLE).isEmpty();
      Dataset<Row> changed =
          kept.keep(areAllNew ? ChangedOrders.ids(added) : ChangedOrders.of(removed, added));
      long orders = changed.count();
      if (orders == 0) {
        return StepResult.done(NOTHING_CHANGED);
      }
      Dataset<Row> had =
          kept.keep(
              ChangedOrders.only(
                  ChangedOrders.spans(context.read(OrdersTable.TABLE))
                      .where(mayBeAmong(context, changed)),
                  changed));
      Months rewritten = Months.in(had.select(OrdersTable.ORDER_MONTH.col()));
      // An order that is new has no other lines than those that came, and is added to its month.
      Dataset<Row> lines = areAllNew ? added : ChangedOrders.only(added, changed);
      if (rewritten.isEmpty()) {
        context.exchangeMonths(OrdersTable.TABLE, rewritten, ordersOf(context, kept, lines, added));
      } else {
        Dataset<Row> around =
            changes.current(OrderLinesTable.TABLE, touched.and(OrderSpans.months(had)));
        Dataset<Row> all =
            ChangedOrders.except(lines, had)
                .unionByName(ChangedOrders.only(around.where(mayBeAmong(context, had)), had));
        context.exchangeMonths(
            OrdersTable.TABLE,
            rewritten,
            ChangedOrders.except(changes.current(OrdersTable.TABLE, rewritten), had)
                .unionByName(ordersOf(context, kept, all, around)));
      }
      return StepResult.done(
          String.format(Locale.ROOT, "%,d orders changed, %s rewritten", orders, rewritten));
    }
  }

  /** A condition that rows of these orders meet, and few others. */
  private static Column mayBeAmong(StepContext context, Dataset<Row> orderIds) {
    return context.isSmall(OrdersTable.TABLE)
        ? lit(true)
        : BloomKeyFilter.isAmong(orderIds, orderIds.count(), OrdersTable.ORDER_ID);
  }

  /**
   * @param around rows of order_lines, these lines among them, to take the categories from
   */
  private static Dataset<Row> ordersOf(
      StepContext context, CachedDatasets kept, Dataset<Row> lines, Dataset<Row> around) {
    Dataset<Row> codes = kept.keep(Categories.codesOf(around));
    return Orders.of(lines, new Categories(codes, codes.count()), context.minorDigits());
  }

  private static final class Hooks implements StepHooks {

    /**
     * The day of the newest valid order. Reads months from the newest one, which usually has one.
     */
    @Override
    public Optional<LocalDate> newestDay(StepContext context) {
      Dataset<Row> valid = context.read(OrdersTable.TABLE).where(OrdersTable.IS_VALID.col());
      List<LocalDate> months =
          new ArrayList<>(context.store().months(OrdersTable.TABLE).firstDays());
      Collections.reverse(months);
      return months.stream()
          .map(
              month ->
                  valid
                      .where(OrdersTable.ORDER_MONTH.col().equalTo(lit(month)))
                      .agg(max(to_date(OrdersTable.ORDERED_AT.col())))
                      .first())
          .filter(day -> !day.isNullAt(0))
          .map(day -> day.getDate(0).toLocalDate())
          .findFirst();
    }
  }
}
