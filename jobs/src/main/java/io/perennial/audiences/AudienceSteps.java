package io.perennial.audiences;

import io.perennial.churn.ChurnScoresTable;
import io.perennial.cohorts.RepurchaseCurveTable;
import io.perennial.config.AudienceKeys;
import io.perennial.config.AudienceSettings;
import io.perennial.config.ConfigurationException;
import io.perennial.config.Problem;
import io.perennial.config.Settings;
import io.perennial.config.ShopKeys;
import io.perennial.config.WarehouseKeys;
import io.perennial.customers.ContactsTable;
import io.perennial.customers.CustomersTable;
import io.perennial.loyalty.LoyaltyTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.orders.OrdersTable;
import io.perennial.products.CustomerAffinitiesTable;
import io.perennial.rfm.RfmTable;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepHooks;
import io.perennial.step.StepResult;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import io.perennial.table.TableStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The steps that gather profiles, choose audiences and measure what addressing them changed. */
public final class AudienceSteps {

  private static final Step PROFILE =
      Step.named(
              "customer_profile",
              List.of(
                  CustomerDaysTable.TABLE,
                  CustomersTable.TABLE,
                  OrdersTable.TABLE,
                  RfmTable.TABLE,
                  ChurnScoresTable.TABLE,
                  RepurchaseCurveTable.TABLE,
                  ContactsTable.TABLE,
                  LoyaltyTable.TABLE,
                  CustomerAffinitiesTable.TABLE),
              List.of(CustomerProfileTable.TABLE),
              List.of(
                  AudienceKeys.SEASON_DAYS.path(),
                  ShopKeys.CURRENCY.path(),
                  ShopKeys.TIME_ZONE.path()),
              AudienceSteps::profile)
          .asOf();

  private static final Step AUDIENCES =
      Step.named(
              "audience_members",
              List.of(CustomerProfileTable.TABLE, ContactsTable.TABLE),
              List.of(AudienceMembersTable.TABLE, AudienceSuppressionsTable.TABLE),
              List.of(
                  AudienceKeys.FILE.path(),
                  AudienceKeys.SUPPRESSION_LISTS.path(),
                  WarehouseKeys.STATE_PATH.path()),
              AudienceSteps::audiences)
          .asOf()
          .dependingOn(
              context ->
                  SuppressionLists.stamp(
                      context.spark(), context.settings().audiences().suppressionLists()))
          .with(new Hooks());

  private static final Step LIFT =
      Step.named(
              "campaign_lift",
              List.of(CustomerDaysTable.TABLE),
              List.of(CampaignLiftTable.TABLE),
              List.of(
                  AudienceKeys.LIFT_WINDOWS.path(),
                  WarehouseKeys.STATE_PATH.path(),
                  ShopKeys.CURRENCY.path()),
              AudienceSteps::lift)
          .asOf()
          .dependingOn(
              context -> String.valueOf(context.state().tables().version(AssignmentsTable.TABLE)));

  /** Profiles and audiences. */
  public static final List<Step> AUDIENCE_STEPS = List.of(PROFILE, AUDIENCES);

  /** What campaigns changed. */
  public static final List<Step> LIFT_STEPS = List.of(LIFT);

  private AudienceSteps() {}

  /**
   * Looks at the rules and the suppression lists before any work.
   *
   * @throws ConfigurationException with all problems at once
   */
  public static void check(SparkSession spark, Settings settings) {
    AudienceSettings audiences = settings.audiences();
    List<Problem> problems =
        new ArrayList<>(
            AudienceRules.problems(spark, audiences.audiences(), settings.shop().minorDigits()));
    problems.addAll(SuppressionLists.problems(spark, audiences.suppressionLists()));
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  private static StepResult profile(StepContext context) {
    Optional<SecondOrderTiming> secondOrder =
        SecondOrderTiming.of(
            context
                .snapshot(RepurchaseCurveTable.TABLE)
                .where(RepurchaseCurveTable.ORDER_NUMBER.col().equalTo(2))
                .select(RepurchaseCurveTable.DAY.col(), RepurchaseCurveTable.PROBABILITY.col())
                .collectAsList()
                .stream()
                .map(row -> new SecondOrderTiming.CurvePoint(row.getInt(0), row.getDouble(1)))
                .toList());
    context.write(
        CustomerProfileTable.TABLE,
        CustomerProfile.of(
            new CustomerProfile.Sources(
                context.read(CustomerDaysTable.TABLE),
                context.read(CustomersTable.TABLE),
                context.read(OrdersTable.TABLE),
                context.snapshot(RfmTable.TABLE),
                context.snapshot(ChurnScoresTable.TABLE),
                context.snapshot(LoyaltyTable.TABLE),
                context.snapshot(CustomerAffinitiesTable.TABLE),
                context.read(ContactsTable.TABLE),
                secondOrder.orElse(SecondOrderTiming.UNKNOWN)),
            context.asOf(),
            context.settings().audiences().seasonDays(),
            context.minorDigits()));
    String note =
        secondOrder
            .map(
                when ->
                    "half of the second orders come %d to %d days after the first"
                        .formatted(when.fromDay(), when.toDay()))
            .orElse("nobody has ordered twice");
    return StepResult.done(note);
  }

  private static StepResult audiences(StepContext context) {
    AudienceSettings settings = context.settings().audiences();
    Dataset<Row> suppressed =
        SuppressionLists.customers(
            SuppressionLists.read(context.spark(), settings.suppressionLists()),
            context.read(ContactsTable.TABLE));
    Audiences audiences =
        new Audiences(context.spark(), context.store(), context.state(), context.minorDigits());
    Audiences.Selection selection =
        audiences.select(settings.audiences(), suppressed, context.asOf());
    long assignments =
        isOfThePast(context)
            ? 0
            : audiences.assign(selection.audiences(), context.asOf(), context.runId());
    selection.faults().forEach(context::warn);
    for (String name : selection.empty()) {
      context.warn(
          "audience '%s' has no members; audience_suppressions says at which step they leave"
              .formatted(name));
    }
    return StepResult.refused(
        String.format(
            Locale.ROOT,
            "%,d audiences, %,d new assignments",
            selection.audiences().size(),
            assignments),
        selection.faults());
  }

  /** A run of an earlier as_of assigns no customers: lists are as of a later day already. */
  private static boolean isOfThePast(StepContext context) {
    return context.current().flatMap(RunRecord::asOf).filter(context.asOf()::isBefore).isPresent();
  }

  /**
   * Deletes the assignments of runs that were never published: they sent nothing, so no customer
   * cools off because of them.
   */
  private static void forgetUnpublishedAssignments(StepContext context) {
    TableStore tables = context.state().tables();
    if (!tables.exists(AssignmentsTable.TABLE)) {
      return;
    }
    String dead =
        context.allRuns().stream()
            .filter(run -> run.state() != State.PUBLISHED)
            .map(RunRecord::runId)
            .map(id -> "'" + id + "'")
            .collect(Collectors.joining(", "));
    String predicate = AssignmentsTable.RUN_ID + " IN (" + dead + ")";
    if (!dead.isEmpty() && !tables.read(AssignmentsTable.TABLE).where(predicate).isEmpty()) {
      tables.delete(AssignmentsTable.TABLE, predicate);
    }
  }

  private static StepResult lift(StepContext context) {
    List<Integer> windows = context.settings().audiences().liftWindowsDays();
    TableStore tables = context.state().tables();
    List<Row> rows =
        windows.isEmpty() || !tables.exists(AssignmentsTable.TABLE)
            ? List.of()
            : Lift.compare(
                Lift.sums(
                        tables.read(AssignmentsTable.TABLE),
                        context.read(CustomerDaysTable.TABLE),
                        context.asOf(),
                        windows)
                    .collectAsList(),
                context.asOf(),
                context.minorDigits());
    context.write(CampaignLiftTable.TABLE, rows);
    return StepResult.done(rows.isEmpty() ? "no window is over yet" : "");
  }

  private static final class Hooks implements StepHooks {

    @Override
    public void validate(SparkSession spark, Settings settings) {
      check(spark, settings);
    }

    @Override
    public List<String> recover(StepContext context) {
      forgetUnpublishedAssignments(context);
      return List.of();
    }
  }
}
