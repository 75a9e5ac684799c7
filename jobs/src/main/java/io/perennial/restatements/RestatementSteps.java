package io.perennial.restatements;

import static org.apache.spark.sql.functions.*;

import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.CohortSteps;
import io.perennial.cohorts.Dimensions;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.config.CohortKeys;
import io.perennial.customers.CustomerSteps;
import io.perennial.customers.CustomersTable;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.ingest.OrderSpans;
import io.perennial.months.MonthSteps;
import io.perennial.orders.ChangedOrders;
import io.perennial.orders.OrderSteps;
import io.perennial.orders.OrdersTable;
import io.perennial.spark.CachedDatasets;
import io.perennial.state.ErasedPeople;
import io.perennial.step.Fingerprint;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepResult;
import io.perennial.table.Months;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import io.perennial.table.Table;
import java.io.FileNotFoundException;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** The step that records which published cohort cells changed, and why. */
public final class RestatementSteps {

  public static final Step RESTATEMENTS =
      Step.named(
              "restatements",
              List.of(CohortMatrixTable.TABLE, RetentionSummaryTable.TABLE),
              List.of(RestatementsTable.TABLE),
              List.of(CohortKeys.GROUP),
              RestatementSteps::restatements)
          .asOf();

  private RestatementSteps() {}

  private static StepResult restatements(StepContext context) {
    context.store().prepare(RestatementsTable.TABLE);
    Optional<RunRecord> made = published(context);
    if (made.isEmpty()) {
      return StepResult.done("nothing was published before");
    }
    RunRecord before = made.get();
    LocalDate asOfBefore = before.asOf().orElseThrow();
    if (context.asOf().isBefore(asOfBefore)) {
      return StepResult.done("as of a day before that of the current run");
    }
    try (CachedDatasets kept = new CachedDatasets()) {
      Optional<Dataset<Row>> cells = cells(context, asOfBefore).map(kept::keep);
      long values = cells.map(Dataset::count).orElse(0L);
      if (values == 0) {
        return StepResult.done("no published cell changed");
      }
      Dataset<Row> rows = withCauses(context, before, cells.orElseThrow(), kept);
      context.store().append(RestatementsTable.TABLE, rows.coalesce(1));
      return StepResult.done(
          String.format(
              Locale.ROOT, "%,d published values changed since run %s", values, before.runId()));
    }
  }

  /**
   * The run whose lines the current run's cohort matrix was computed from: another command may have
   * published the same matrix again with newer lines.
   */
  private static Optional<RunRecord> published(StepContext context) {
    String matrix = CohortMatrixTable.TABLE.name();
    Optional<Long> version = context.current().map(run -> run.tables().get(matrix));
    if (version.isEmpty()) {
      return Optional.empty();
    }
    List<RunRecord> runs =
        context.allRuns().stream()
            .filter(run -> run.state() == State.PUBLISHED)
            .filter(run -> version.get().equals(run.tables().get(matrix)))
            .toList();
    return runs.stream()
        .filter(run -> Fingerprint.isOfInputsIn(run, CohortSteps.COHORT_MATRIX, context))
        .reduce((earlier, later) -> later)
        .or(() -> runs.stream().findFirst());
  }

  /** The values that changed; empty if no table can be compared. */
  private static Optional<Dataset<Row>> cells(StepContext context, LocalDate asOfBefore) {
    return Stream.of(
            pair(context, CohortMatrixTable.TABLE, asOfBefore)
                .map(pair -> ChangedCells.ofMatrix(pair.before(), pair.now(), asOfBefore)),
            pair(context, RetentionSummaryTable.TABLE, asOfBefore)
                .map(
                    pair ->
                        ChangedCells.ofSummary(
                            pair.before(),
                            pair.now(),
                            asOfBefore,
                            context.settings().cohorts().repeatDays())))
        .flatMap(Optional::stream)
        .reduce(Dataset::union);
  }

  private record Pair(Dataset<Row> before, Dataset<Row> now) {}

  /** The two snapshots; empty unless both exist with the same columns. */
  private static Optional<Pair> pair(StepContext context, Table table, LocalDate asOfBefore) {
    Optional<Long> version = context.current().map(run -> run.tables().get(table.name()));
    if (version.isEmpty() || version.equals(context.store().version(table))) {
      return Optional.empty();
    }
    return context
        .store()
        .readAsDeclared(table, version.get())
        .map(
            all ->
                new Pair(
                    all.where(Table.AS_OF.col().equalTo(lit(asOfBefore))),
                    context.snapshot(table)));
  }

  private static Dataset<Row> withCauses(
      StepContext context, RunRecord before, Dataset<Row> cells, CachedDatasets kept) {
    boolean isIngestReconfigured =
        !Fingerprint.isUnchangedSince(before, OrderSteps.ORDER_LINES, context);
    boolean areMonthsReconfigured =
        isIngestReconfigured
            || !Stream.of(
                    OrderSteps.ORDERS,
                    CustomerSteps.CUSTOMERS,
                    MonthSteps.CUSTOMER_DAYS,
                    MonthSteps.CUSTOMER_MONTHS)
                .allMatch(step -> Fingerprint.isUnchangedSince(before, step, context));
    Set<Table> reconfigured = new HashSet<>();
    if (areMonthsReconfigured
        || !Fingerprint.isUnchangedSince(before, CohortSteps.COHORT_MATRIX, context)) {
      reconfigured.add(CohortMatrixTable.TABLE);
    }
    if (areMonthsReconfigured
        || !Fingerprint.isUnchangedSince(before, CohortSteps.RETENTION, context)) {
      reconfigured.add(RetentionSummaryTable.TABLE);
    }
    // If every record was read in another way, the lines do not tell which changes are new data.
    Optional<Dataset<Row>> changes =
        isIngestReconfigured ? Optional.empty() : changesBySlice(context, before, kept);
    if (changes.isEmpty()) {
      return Restatements.of(
          cells, attribution(context, reconfigured, EnumSet.of(RestatementCause.UNKNOWN)));
    }
    Set<RestatementCause> causes = EnumSet.noneOf(RestatementCause.class);
    changes
        .get()
        .select(ChangeCauses.cause())
        .distinct()
        .as(Encoders.STRING())
        .collectAsList()
        .forEach(label -> causes.add(RestatementCause.of(label)));
    return Restatements.of(
        cells,
        changes.get(),
        context.settings().cohorts(),
        attribution(
            context,
            reconfigured,
            causes.isEmpty() ? EnumSet.of(RestatementCause.UNKNOWN) : causes));
  }

  private static Attribution attribution(
      StepContext context, Set<Table> reconfigured, Set<RestatementCause> fallback) {
    return new Attribution(reconfigured, fallback, context.asOf(), context.runId());
  }

  /** Changes between two runs by slice; empty if the previous versions are no longer kept. */
  private static Optional<Dataset<Row>> changesBySlice(
      StepContext context, RunRecord before, CachedDatasets kept) {
    boolean isKept =
        Stream.of(OrderLinesTable.TABLE, OrdersTable.TABLE, CustomersTable.TABLE)
            .allMatch(table -> context.store().hasVersion(table, version(before, table)));
    if (!isKept) {
      return Optional.empty();
    }
    try {
      Dataset<Row> changes =
          kept.keep(
              ChangeCauses.bySlice(
                  changes(context, before, kept),
                  context.store().read(CustomersTable.TABLE, version(before, CustomersTable.TABLE)),
                  context.read(CustomersTable.TABLE),
                  new Dimensions(context.settings().cohorts().dimensions())));
      changes.count();
      return Optional.of(changes);
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof FileNotFoundException) {
          context.say("  The lines of run " + before.runId() + " are vacuumed: causes unknown.");
          return Optional.empty();
        }
      }
      throw e;
    }
  }

  private static Dataset<Row> changes(StepContext context, RunRecord before, CachedDatasets kept) {
    Table linesTable = OrderLinesTable.TABLE;
    long from = version(before, linesTable);
    Months touched =
        context
            .store()
            .monthsChanged(linesTable, from, context.store().version(linesTable).orElseThrow())
            .orElseGet(
                () ->
                    months(context.store().read(linesTable, from))
                        .and(months(context.read(linesTable))));
    Dataset<Row> lines =
        kept.keep(
            ChangedOrders.lines(
                context
                    .store()
                    .read(linesTable, from)
                    .where(touched.among(OrderLinesTable.ORDER_MONTH)),
                context.read(linesTable).where(touched.among(OrderLinesTable.ORDER_MONTH))));
    // An order with a removed line may have other lines in months that did not change.
    Dataset<Row> now = kept.keep(ChangedOrders.only(context.read(OrdersTable.TABLE), lines));
    Months monthsOfThem = touched.and(OrderSpans.months(now));
    return ChangeCauses.of(
        lines,
        context
            .store()
            .read(OrdersTable.TABLE, version(before, OrdersTable.TABLE))
            .where(monthsOfThem.among(OrdersTable.ORDER_MONTH)),
        now,
        context.removedErasedPeople() ? context.erasures().people() : ErasedPeople.none());
  }

  private static Months months(Dataset<Row> lines) {
    return Months.in(lines.select(OrderLinesTable.ORDER_MONTH.col()));
  }

  private static long version(RunRecord run, Table table) {
    return run.tables().get(table.name());
  }
}
