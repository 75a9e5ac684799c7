package io.perennial.pipeline;

import io.perennial.audiences.AudienceSteps;
import io.perennial.churn.ChurnSteps;
import io.perennial.cohorts.CohortSteps;
import io.perennial.customers.ContactSteps;
import io.perennial.customers.CustomerSteps;
import io.perennial.export.ExportSteps;
import io.perennial.loyalty.LoyaltySteps;
import io.perennial.months.MonthSteps;
import io.perennial.orders.OrderSteps;
import io.perennial.products.ProductSteps;
import io.perennial.restatements.RestatementSteps;
import io.perennial.rfm.RfmSteps;
import io.perennial.step.Step;
import io.perennial.table.Table;
import java.util.List;
import java.util.stream.Stream;

/** The steps of Perennial in the order data flows: the one list of stages in the pipeline. */
public final class Steps {

  /** From the raw lake to customer months. */
  public static final List<Step> LAKE_STEPS =
      List.of(
          OrderSteps.ORDER_LINES,
          ContactSteps.CONTACTS,
          OrderSteps.ORDERS,
          CustomerSteps.CUSTOMERS,
          MonthSteps.CUSTOMER_DAYS,
          MonthSteps.CUSTOMER_MONTHS);

  /** Cohorts and retention. */
  public static final List<Step> COHORT_STEPS =
      List.of(
          CohortSteps.COHORT_MATRIX,
          CohortSteps.RETENTION,
          CohortSteps.REPURCHASE,
          RestatementSteps.RESTATEMENTS);

  /** RFM scores and movements. */
  public static final List<Step> RFM_STEPS = List.of(RfmSteps.RFM);

  /** Churn models, their record on unseen windows, and scores. */
  public static final List<Step> CHURN_STEPS = List.of(ChurnSteps.CHURN);

  /** Everything that {@code run} does. */
  public static final List<Step> ALL =
      Stream.of(
              LAKE_STEPS,
              COHORT_STEPS,
              RFM_STEPS,
              CHURN_STEPS,
              List.of(LoyaltySteps.LOYALTY, ProductSteps.RECOMMENDATIONS),
              AudienceSteps.AUDIENCE_STEPS,
              AudienceSteps.LIFT_STEPS,
              ExportSteps.EXPORT_STEPS)
          .flatMap(List::stream)
          .toList();

  private Steps() {}

  /** Every table that steps write. */
  public static List<Table> tables() {
    return tables(ALL);
  }

  /** The tables that some steps write. */
  static List<Table> tables(List<Step> steps) {
    return steps.stream().flatMap(step -> step.writes().stream()).toList();
  }
}
