package io.perennial.cohorts;

import io.perennial.config.CohortKeys;
import io.perennial.config.Settings;
import io.perennial.config.ShopKeys;
import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.months.CustomerMonths;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.spark.CachedDatasets;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepHooks;
import io.perennial.step.StepResult;
import io.perennial.table.RunRecord.IdentityCheck;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The steps of cohorts and retention, each a snapshot as of a day. */
public final class CohortSteps {

  public static final Step COHORT_MATRIX =
      Step.named(
              "cohort_matrix",
              List.of(CustomerMonthsTable.TABLE, CustomerDaysTable.TABLE, CustomersTable.TABLE),
              List.of(CohortMatrixTable.TABLE, CohortAveragesTable.TABLE),
              List.of(
                  CohortKeys.DIMENSIONS.path(),
                  CohortKeys.HISTORY_START.path(),
                  ShopKeys.CURRENCY.path()),
              CohortSteps::cohortMatrix)
          .asOf()
          .with(new Hooks());

  public static final Step RETENTION =
      Step.named(
              "retention_summary",
              List.of(CustomerMonthsTable.TABLE, CustomerDaysTable.TABLE, CustomersTable.TABLE),
              List.of(RetentionSummaryTable.TABLE),
              List.of(CohortKeys.GROUP, ShopKeys.CURRENCY.path()),
              CohortSteps::retention)
          .asOf();

  public static final Step REPURCHASE =
      Step.named(
              "repurchase_curve",
              List.of(CustomerDaysTable.TABLE),
              List.of(RepurchaseCurveTable.TABLE),
              List.of(CohortKeys.MAX_ORDER_NUMBER.path()),
              CohortSteps::repurchase)
          .asOf();

  private CohortSteps() {}

  /** Customer months as they were known at as_of. */
  public static Dataset<Row> monthsAsOf(StepContext context) {
    return CustomerMonths.asOf(
        context.read(CustomerMonthsTable.TABLE),
        context.read(CustomerDaysTable.TABLE),
        context.read(CustomersTable.TABLE),
        context.asOf(),
        context.minorDigits());
  }

  private static StepResult cohortMatrix(StepContext context) {
    LocalDate asOf = context.asOf();
    Settings.Cohorts settings = context.settings().cohorts();
    try (CachedDatasets cache = new CachedDatasets()) {
      Dataset<Row> observed =
          cache.keep(
              CohortMatrix.observed(
                  monthsAsOf(context), context.read(CustomersTable.TABLE), settings));
      context.write(
          CohortMatrixTable.TABLE,
          CohortMatrix.of(observed, asOf, settings, context.minorDigits()));
    }
    context.write(
        CohortAveragesTable.TABLE,
        CohortAverages.of(context.snapshot(CohortMatrixTable.TABLE), context.minorDigits()));
    return StepResult.done();
  }

  private static StepResult retention(StepContext context) {
    Settings.Cohorts settings = context.settings().cohorts();
    try (CachedDatasets cache = new CachedDatasets()) {
      Dataset<Row> sums =
          cache.keep(
              RetentionSummary.sums(
                  monthsAsOf(context),
                  context.read(CustomerDaysTable.TABLE),
                  context.read(CustomersTable.TABLE),
                  context.asOf(),
                  settings));
      context.write(
          RetentionSummaryTable.TABLE,
          RetentionSummary.of(sums, context.asOf(), settings, context.minorDigits()));
    }
    return StepResult.done();
  }

  private static StepResult repurchase(StepContext context) {
    context.write(
        RepurchaseCurveTable.TABLE,
        RepurchaseCurve.of(
            context.read(CustomerDaysTable.TABLE),
            context.asOf(),
            context.settings().repurchase().maxOrderNumber()));
    return StepResult.done();
  }

  private static final class Hooks implements StepHooks {

    @Override
    public List<IdentityCheck> reconcile(StepContext context) {
      return List.of(CohortReconciliation.check(context));
    }
  }
}
