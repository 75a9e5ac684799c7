package io.perennial.pipeline;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AudienceSteps;
import io.perennial.churn.ChurnSteps;
import io.perennial.cohorts.CohortSteps;
import io.perennial.config.AsOf;
import io.perennial.customers.ContactSteps;
import io.perennial.export.ExportSteps;
import io.perennial.ingest.Ingest;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.RejectGate;
import io.perennial.ingest.RejectsTable;
import io.perennial.loyalty.LoyaltySteps;
import io.perennial.months.OrderSteps;
import io.perennial.orders.OrdersTable;
import io.perennial.products.ProductSteps;
import io.perennial.restatements.RestatementSteps;
import io.perennial.rfm.RfmSteps;
import io.perennial.step.Fingerprint;
import io.perennial.step.InputChanges;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.table.RunRecord;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The steps of Perennial in the order data flows. Each calls one stage and writes its tables. */
public final class Steps {

  /** What makes the lake's lines what they are: a change of it reads the lake anew. */
  private static final List<String> LAKE_KEYS =
      List.of(
          "shop.time-zone",
          "shop.currency",
          "lake.path",
          "lake.source",
          "lake.format",
          "lake.earliest",
          "lake.latest",
          "contacts",
          "source");

  public static final Step INGEST =
      Step.named(
          "order_lines",
          List.of(),
          List.of(OrderLinesTable.TABLE, RejectsTable.TABLE, IngestedFilesTable.TABLE),
          LAKE_KEYS,
          Steps::ingest);

  /** From the raw lake to customer months. */
  public static final List<Step> LAKE_STEPS =
      List.of(
          INGEST,
          ContactSteps.CONTACTS,
          OrderSteps.ORDERS,
          OrderSteps.CUSTOMERS,
          OrderSteps.CUSTOMER_DAYS,
          OrderSteps.CUSTOMER_MONTHS);

  /** Cohorts and retention. */
  public static final List<Step> COHORT_STEPS =
      List.of(
          CohortSteps.COHORT_MATRIX,
          CohortSteps.RETENTION,
          CohortSteps.REPURCHASE,
          RestatementSteps.RESTATEMENTS);

  /** RFM scores and movements. */
  public static final List<Step> RFM_STEPS = List.of(RfmSteps.RFM);

  /** Churn models, how good they are, and scores. */
  public static final List<Step> CHURN_STEPS = List.of(ChurnSteps.CHURN);

  /** Points and tiers. */
  static final List<Step> LOYALTY_STEPS = List.of(LoyaltySteps.LOYALTY);

  /** Product rules, recommendations and affinities. */
  static final List<Step> PRODUCT_STEPS = List.of(ProductSteps.RECOMMENDATIONS);

  /** Everything that {@code run} does. */
  public static final List<Step> ALL =
      Stream.of(
              LAKE_STEPS,
              COHORT_STEPS,
              RFM_STEPS,
              CHURN_STEPS,
              LOYALTY_STEPS,
              PRODUCT_STEPS,
              AudienceSteps.AUDIENCE_STEPS,
              AudienceSteps.LIFT_STEPS,
              ExportSteps.EXPORT_STEPS)
          .flatMap(List::stream)
          .toList();

  private Steps() {}

  private static String ingest(StepContext context) {
    Ingest ingest =
        new Ingest(
                context.spark(),
                context.settings(),
                context.store(),
                context.runId(),
                context::say,
                Optional.of(context.erasures()),
                context.isErasing())
            .knowing(ordersOfLines(context));
    boolean isMeantOtherwise = lakeChangedMeaning(context);
    if (isMeantOtherwise && !context.rebuild()) {
      ingest.requireNothingGone();
    }
    Ingest.Outcome outcome = ingest.run(context.rebuild() || isMeantOtherwise);
    if (outcome.areErasedPeopleRemoved()) {
      requireNewest(context);
      context.removedErasedPeople();
    }
    if (!context.isErasing()) {
      RejectGate.check(context, outcome.files());
    }
    return String.format(
        Locale.ROOT,
        "%,d records of %,d of %,d files read",
        outcome.recordsRead(),
        outcome.filesRead(),
        outcome.files().size());
  }

  /** What readers read afterwards must be this run: nobody can read any run before it. */
  private static void requireNewest(StepContext context) {
    context
        .current()
        .flatMap(RunRecord::asOf)
        .filter(newest -> context.wantedAsOf().filter(newest::isAfter).isPresent())
        .ifPresent(
            newest -> {
              throw new IllegalStateException(
                  "Cannot run as of "
                      + context.wantedAsOf().get()
                      + ": the tables hold people who are erased, and what is read as of "
                      + newest
                      + " would be lost with their records. Run `run` without --as-of first.");
            });
  }

  /** The orders, where they are made of the lines that there are, and these are many. */
  private static Optional<Dataset<Row>> ordersOfLines(StepContext context) {
    return context.isSmall(OrderLinesTable.TABLE)
        ? Optional.empty()
        : InputChanges.of(OrderSteps.ORDERS, context)
            .filter(last -> last.isOfVersionNow(OrderLinesTable.TABLE))
            .map(last -> context.store().read(OrdersTable.TABLE));
  }

  /** Whether the mapping, the shop or the code changed since the lines were written. */
  private static boolean lakeChangedMeaning(StepContext context) {
    Optional<String> before = context.latest().map(run -> run.steps().get(INGEST.name()));
    return before.isPresent() && !before.get().equals(Fingerprint.of(INGEST, context));
  }

  /**
   * The as_of of this run: as told, else the day after the newest valid order.
   *
   * @throws IllegalStateException if there is no valid order, or as_of would move too far
   */
  static LocalDate chooseAsOf(StepContext context) {
    if (context.wantedAsOf().isPresent()) {
      return context.wantedAsOf().get();
    }
    Optional<LocalDate> newest = newestValidOrder(context);
    Optional<LocalDate> current = context.current().flatMap(RunRecord::asOf);
    if (newest.isEmpty()) {
      return current.orElseThrow(
          () ->
              new IllegalStateException(
                  "Cannot choose as_of: the lake '"
                      + context.settings().lake().path()
                      + "' holds no valid order (a counted sale of more than 0). Check the mapping"
                      + " with `check`, or say --as-of YYYY-MM-DD."));
    }
    int maxGapDays = context.settings().lake().maxGapDays();
    return current
        .map(asOf -> AsOf.next(newest.get(), asOf, maxGapDays))
        .orElseGet(() -> AsOf.next(newest.get()));
  }

  /** Its day. Months are looked through from the newest, which has one as a rule. */
  private static Optional<LocalDate> newestValidOrder(StepContext context) {
    Dataset<Row> orders = context.store().read(OrdersTable.TABLE).where(OrdersTable.IS_VALID.col());
    List<LocalDate> months = new ArrayList<>(context.store().months(OrdersTable.TABLE).firstDays());
    Collections.reverse(months);
    return months.stream()
        .map(
            month ->
                orders
                    .where(OrdersTable.ORDER_MONTH.col().equalTo(lit(month)))
                    .agg(max(to_date(OrdersTable.ORDERED_AT.col())))
                    .first())
        .filter(day -> !day.isNullAt(0))
        .map(day -> day.getDate(0).toLocalDate())
        .findFirst();
  }
}
