package io.perennial;

import static org.apache.spark.sql.functions.not;

import io.perennial.cohorts.CellChanges;
import io.perennial.cohorts.CellSums;
import io.perennial.cohorts.CohortAverages;
import io.perennial.cohorts.CohortAveragesTable;
import io.perennial.cohorts.CohortMatrix;
import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.Dimensions;
import io.perennial.cohorts.RepurchaseCurve;
import io.perennial.cohorts.RepurchaseCurveTable;
import io.perennial.cohorts.RetentionSummary;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.customers.ChangedCustomers;
import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.months.CustomerMonths;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.table.Kept;
import io.perennial.table.Months;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The steps of cohorts and retention, each a snapshot as of a day. */
final class CohortSteps {

  static final Step COHORT_MATRIX =
      Step.named(
              "cohort_matrix",
              List.of(CustomerMonthsTable.TABLE, CustomerDaysTable.TABLE, CustomersTable.TABLE),
              List.of(CohortMatrixTable.TABLE, CohortAveragesTable.TABLE),
              List.of("cohorts.dimensions", "cohorts.history-start", "shop.currency"),
              CohortSteps::cohortMatrix)
          .asOf();

  static final Step RETENTION =
      Step.named(
              "retention_summary",
              List.of(CustomerMonthsTable.TABLE, CustomerDaysTable.TABLE, CustomersTable.TABLE),
              List.of(RetentionSummaryTable.TABLE),
              List.of("cohorts", "shop.currency"),
              CohortSteps::retention)
          .asOf();

  static final Step REPURCHASE =
      Step.named(
              "repurchase_curve",
              List.of(CustomerDaysTable.TABLE),
              List.of(RepurchaseCurveTable.TABLE),
              List.of("repurchase"),
              CohortSteps::repurchase)
          .asOf();

  /** To look at more changed months than these costs as much as to look at all. */
  private static final int MOST_MONTHS = 6;

  private CohortSteps() {}

  /** Customer months as they were known at as_of. */
  static Dataset<Row> monthsAsOf(RunContext context) {
    return CustomerMonths.asOf(
        context.store().read(CustomerMonthsTable.TABLE),
        context.store().read(CustomerDaysTable.TABLE),
        context.store().read(CustomersTable.TABLE),
        context.asOf(),
        context.minorDigits());
  }

  private static String cohortMatrix(RunContext context) {
    LocalDate asOf = context.asOf();
    Dataset<Row> customers = context.store().read(CustomersTable.TABLE);
    Dimensions dimensions = new Dimensions(context.settings().cohorts().dimensions());
    try (Kept kept = new Kept()) {
      Optional<LastBuild> last =
          LastBuild.of(COHORT_MATRIX, context)
              .filter(before -> !context.isSmall(CustomerMonthsTable.TABLE))
              .filter(before -> isWholeMatrix(context, before))
              .filter(before -> doOnlyMonthsDiffer(context, before, dimensions));
      Dataset<Row> sums =
          last.isPresent()
              ? grownSums(context, last.get(), customers, dimensions, kept)
              : CellSums.of(monthsAsOf(context), customers, dimensions);
      context
          .store()
          .replaceSnapshot(
              CohortMatrixTable.TABLE,
              asOf,
              CohortMatrix.of(sums, asOf, context.settings().cohorts(), context.minorDigits()));
      context
          .store()
          .replaceSnapshot(
              CohortAveragesTable.TABLE,
              asOf,
              CohortAverages.of(
                  context.store().snapshot(CohortMatrixTable.TABLE, asOf), context.minorDigits()));
      return last.map(before -> before.monthsChanged(CustomerMonthsTable.TABLE) + " looked at")
          .orElse("");
    }
  }

  /** Whether the last matrix is of all days that there were, as the one to make will be. */
  private static boolean isWholeMatrix(RunContext context, LastBuild last) {
    LocalDate before = asOfBefore(context);
    return last.monthsChanged(CustomerMonthsTable.TABLE).count() <= MOST_MONTHS
        && context.store().snapshots(CohortMatrixTable.TABLE).contains(before)
        && CustomerMonths.isAllBefore(last.before(CustomerDaysTable.TABLE), before)
        && CustomerMonths.isAllBefore(
            context.store().read(CustomerDaysTable.TABLE), context.asOf());
  }

  private static LocalDate asOfBefore(RunContext context) {
    return context.latest().orElseThrow().asOf().orElseThrow();
  }

  private static boolean doOnlyMonthsDiffer(
      RunContext context, LastBuild last, Dimensions dimensions) {
    Months cohorts = last.monthsChanged(CustomersTable.TABLE);
    return cohorts.isEmpty()
        || !CellChanges.hasAnyLeft(
            last.gone(CustomersTable.TABLE, cohorts),
            last.come(CustomersTable.TABLE, cohorts),
            dimensions);
  }

  /** The sums of the last matrix, changed by what came and went of customer months. */
  private static Dataset<Row> grownSums(
      RunContext context,
      LastBuild last,
      Dataset<Row> customers,
      Dimensions dimensions,
      Kept kept) {
    Months touched = last.monthsChanged(CustomerMonthsTable.TABLE);
    Dataset<Row> before = last.before(CustomerMonthsTable.TABLE, touched);
    Dataset<Row> now = last.now(CustomerMonthsTable.TABLE, touched);
    Dataset<Row> changes =
        kept.keep(
            CellChanges.of(
                last.gone(CustomerMonthsTable.TABLE, touched),
                last.come(CustomerMonthsTable.TABLE, touched)));
    long number = changes.count();
    Dataset<Row> others =
        context
            .store()
            .read(CustomerMonthsTable.TABLE)
            .where(not(touched.holds(CustomerMonthsTable.MONTH)));
    return CellChanges.applied(
        context.store().snapshot(CohortMatrixTable.TABLE, asOfBefore(context)),
        changes,
        CellChanges.last(CellChanges.activeOtherwise(changes), number, before, now, others),
        ChangedCustomers.among(customers, changes, number),
        dimensions);
  }

  private static String retention(RunContext context) {
    context
        .store()
        .replaceSnapshot(
            RetentionSummaryTable.TABLE,
            context.asOf(),
            RetentionSummary.of(
                monthsAsOf(context),
                context.store().read(CustomerDaysTable.TABLE),
                context.store().read(CustomersTable.TABLE),
                context.asOf(),
                context.settings().cohorts(),
                context.minorDigits()));
    return "";
  }

  private static String repurchase(RunContext context) {
    context
        .store()
        .replaceSnapshot(
            RepurchaseCurveTable.TABLE,
            context.asOf(),
            RepurchaseCurve.of(
                context.store().read(CustomerDaysTable.TABLE),
                context.asOf(),
                context.settings().repurchase().maxOrderNumber()));
    return "";
  }
}
