package io.perennial.audiences;

import io.perennial.churn.ChurnScoresTable;
import io.perennial.cohorts.RepurchaseCurveTable;
import io.perennial.config.AudienceSettings;
import io.perennial.config.ConfigurationException;
import io.perennial.config.Problem;
import io.perennial.config.Settings;
import io.perennial.customers.ContactsTable;
import io.perennial.customers.CustomersTable;
import io.perennial.loyalty.LoyaltyTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.orders.OrdersTable;
import io.perennial.products.CustomerAffinitiesTable;
import io.perennial.rfm.RfmTable;
import io.perennial.state.PrivateState;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import io.perennial.table.Runs;
import io.perennial.table.Table;
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
              List.of("audiences.season-days", "shop.currency", "shop.time-zone"),
              AudienceSteps::profile)
          .asOf();

  private static final Step AUDIENCES =
      Step.named(
              "audience_members",
              List.of(CustomerProfileTable.TABLE, ContactsTable.TABLE),
              List.of(AudienceMembersTable.TABLE, AudienceSuppressionsTable.TABLE),
              List.of("audiences.file", "audiences.suppression-lists", "state.path"),
              AudienceSteps::audiences)
          .asOf()
          .alsoOn(
              context ->
                  SuppressionLists.stamp(
                      context.spark(), context.settings().audiences().suppressionLists()));

  private static final Step LIFT =
      Step.named(
              "campaign_lift",
              List.of(CustomerDaysTable.TABLE),
              List.of(CampaignLiftTable.TABLE),
              List.of("audiences.lift-windows", "state.path", "shop.currency"),
              AudienceSteps::lift)
          .asOf()
          .alsoOn(
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

  private static String profile(StepContext context) {
    Optional<SecondOrderTiming> secondOrder =
        SecondOrderTiming.of(
            context
                .store()
                .snapshot(RepurchaseCurveTable.TABLE, context.asOf())
                .where(RepurchaseCurveTable.ORDER_NUMBER.col().equalTo(2))
                .select(RepurchaseCurveTable.DAY.col(), RepurchaseCurveTable.PROBABILITY.col())
                .collectAsList()
                .stream()
                .map(row -> new SecondOrderTiming.CurveDay(row.getInt(0), row.getDouble(1)))
                .toList());
    context.write(
        CustomerProfileTable.TABLE,
        CustomerProfile.of(
            new CustomerProfile.Sources(
                context.store().read(CustomerDaysTable.TABLE),
                context.store().read(CustomersTable.TABLE),
                context.store().read(OrdersTable.TABLE),
                context.store().snapshot(RfmTable.TABLE, context.asOf()),
                context.store().snapshot(ChurnScoresTable.TABLE, context.asOf()),
                whereMade(context, LoyaltyTable.TABLE),
                whereMade(context, CustomerAffinitiesTable.TABLE),
                whereMade(context, ContactsTable.TABLE),
                secondOrder),
            context.asOf(),
            context.settings().audiences().seasonDays(),
            context.minorDigits()));
    return secondOrder
        .map(
            when ->
                "half of the second orders come %d to %d days after the first"
                    .formatted(when.fromDay(), when.toDay()))
        .orElse("nobody has ordered twice");
  }

  private static String audiences(StepContext context) {
    AudienceSettings settings = context.settings().audiences();
    PrivateState state = context.state();
    Optional<Dataset<Row>> suppressed =
        settings.suppressionLists().isEmpty()
            ? Optional.empty()
            : Optional.of(
                SuppressionLists.customers(
                    SuppressionLists.read(context.spark(), settings.suppressionLists()),
                    whereMade(context, ContactsTable.TABLE)));
    Audiences.Made made =
        new Audiences(context.spark(), context.store(), state, context.minorDigits())
            .make(
                settings.audiences(),
                suppressed,
                context.asOf(),
                isOfThePast(context) ? Optional.empty() : Optional.of(context.runId()));
    made.faults().forEach(context::refuse);
    made.faults().forEach(fault -> context.say("  warning: " + fault));
    made.empty()
        .forEach(
            name ->
                context.say(
                    "  warning: audience '"
                        + name
                        + "' has no members; audience_suppressions says at which step they"
                        + " leave"));
    return String.format(
        Locale.ROOT, "%,d audiences, %,d new assignments", made.audiences(), made.assignments());
  }

  /** A look into the past addresses nobody: lists are as of a later day already. */
  private static boolean isOfThePast(StepContext context) {
    return context.current().flatMap(RunRecord::asOf).filter(context.asOf()::isBefore).isPresent();
  }

  /**
   * Forgets whom runs assigned that were never published: they sent nothing, and nobody cools off
   * for them.
   */
  public static void recover(StepContext context) {
    TableStore tables = context.state().tables();
    if (!tables.exists(AssignmentsTable.TABLE)) {
      return;
    }
    String dead =
        new Runs(context.spark(), context.store())
            .all().stream()
                .filter(run -> run.state() != State.PUBLISHED)
                .map(RunRecord::runId)
                .map(id -> "'" + id + "'")
                .collect(Collectors.joining(", "));
    String predicate = AssignmentsTable.RUN_ID + " IN (" + dead + ")";
    if (!dead.isEmpty() && !tables.read(AssignmentsTable.TABLE).where(predicate).isEmpty()) {
      tables.delete(AssignmentsTable.TABLE, predicate);
    }
  }

  private static String lift(StepContext context) {
    List<Integer> windows = context.settings().audiences().liftWindowsDays();
    TableStore tables = context.state().tables();
    List<Row> rows =
        windows.isEmpty() || !tables.exists(AssignmentsTable.TABLE)
            ? List.of()
            : Lift.compare(
                Lift.sums(
                        tables.read(AssignmentsTable.TABLE),
                        context.store().read(CustomerDaysTable.TABLE),
                        context.asOf(),
                        windows)
                    .collectAsList(),
                context.asOf(),
                context.minorDigits());
    context.write(CampaignLiftTable.TABLE, rows);
    return rows.isEmpty() ? "no window is over yet" : "";
  }

  /** A table of another step, of this as_of; empty where no step makes it. */
  private static Optional<Dataset<Row>> whereMade(StepContext context, Table wanted) {
    return Optional.of(wanted)
        .filter(context.store()::exists)
        .map(
            table ->
                table.isSnapshot()
                    ? context.store().snapshot(table, context.asOf())
                    : context.store().read(table));
  }
}
