package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.LiftEstimate.Interval;
import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Computes {@code campaign_lift}: Spark sums the orders of each arm, plain Java compares the arms.
 *
 * <p>A customer counts from its first assignment to the experiment, in its arm, whether or not it
 * was reached.
 */
public final class Lift {

  private static final Field ENTERED = Field.date("entered", "as_of of the first assignment.");
  private static final Field WINDOW = CampaignLiftTable.WINDOW_DAYS;
  private static final Field ORDERS = CustomerDaysTable.ORDERS;
  private static final Field NET = Field.count("net", "Net in minor units.");
  private static final Field WINDOWS =
      Field.of("windows", DataTypes.NullType, "Orders and net of each window, as structs.");

  /** Wide enough for the sum of squares of any money in minor units. */
  private static final DataType WIDE = DataTypes.createDecimalType(38, 0);

  private Lift() {}

  /**
   * Sums by experiment, window and arm: a few rows, whatever the number of customers.
   *
   * @param windows days, ascending
   */
  public static Dataset<Row> sums(
      Dataset<Row> assignments, Dataset<Row> days, LocalDate asOf, List<Integer> windows) {
    int longest = windows.get(windows.size() - 1);
    Dataset<Row> entered =
        assignments
            .groupBy(AssignmentsTable.CUSTOMER_ID.col(), AssignmentsTable.EXPERIMENT.col())
            .agg(
                min(AssignmentsTable.ARM.col()).as(AssignmentsTable.ARM.name()),
                min(AssignmentsTable.ASSIGNED_AS_OF.col()).as(ENTERED.name()))
            .where(date_add(ENTERED.col(), windows.get(0)).leq(lit(asOf)));
    Column day = CustomerDaysTable.DAY.of("d");
    Dataset<Row> customers =
        entered
            .alias("e")
            .join(
                days.where(CustomerDaysTable.DAY.col().lt(lit(asOf)))
                    .select(
                        CustomerDaysTable.CUSTOMER_ID.col(),
                        CustomerDaysTable.DAY.col(),
                        ORDERS.col(),
                        Money.minorUnits(CustomerDaysTable.NET).as(NET.name()))
                    .alias("d"),
                AssignmentsTable.CUSTOMER_ID
                    .of("e")
                    .equalTo(CustomerDaysTable.CUSTOMER_ID.of("d"))
                    .and(day.geq(ENTERED.col()))
                    .and(day.lt(date_add(ENTERED.col(), longest))),
                "left")
            .groupBy(
                AssignmentsTable.CUSTOMER_ID.of("e"),
                AssignmentsTable.EXPERIMENT.col(),
                AssignmentsTable.ARM.col(),
                ENTERED.col())
            .agg(
                array(windows.stream().map(window -> sums(window, day)).toArray(Column[]::new))
                    .as(WINDOWS.name()));
    Column orders = ORDERS.col();
    Column net = NET.col().cast(WIDE);
    return customers
        .select(
            AssignmentsTable.EXPERIMENT.col(),
            AssignmentsTable.ARM.col(),
            ENTERED.col(),
            inline(WINDOWS.col()))
        .where(date_add(ENTERED.col(), WINDOW.col()).leq(lit(asOf)))
        .groupBy(AssignmentsTable.EXPERIMENT.col(), WINDOW.col(), AssignmentsTable.ARM.col())
        .agg(
            min(ENTERED.col()),
            max(ENTERED.col()),
            count(lit(1)),
            count(when(orders.gt(0), lit(1))),
            sum(orders),
            sum(orders.multiply(orders)).cast(WIDE),
            sum(NET.col()).cast(WIDE),
            sum(net.multiply(net)).cast(WIDE));
  }

  /** A customer's orders and net in a window, as a struct of sums. */
  private static Column sums(int window, Column day) {
    Column isIn = day.lt(date_add(ENTERED.col(), window));
    return struct(
        lit(window).as(WINDOW.name()),
        coalesce(sum(when(isIn, ORDERS.of("d"))), lit(0L)).as(ORDERS.name()),
        coalesce(sum(when(isIn, NET.of("d"))), lit(0L)).as(NET.name()));
  }

  /** An arm of an experiment in a window: when customers entered it, and its sums. */
  private record Arm(LocalDate first, LocalDate last, ArmTotals totals) {

    private static final Arm EMPTY = new Arm(LocalDate.MAX, LocalDate.MIN, ArmTotals.EMPTY);

    /** Reads a row of {@link Lift#sums(Dataset, Dataset, LocalDate, List)}. */
    private static Arm of(Row row) {
      return new Arm(
          row.getDate(3).toLocalDate(),
          row.getDate(4).toLocalDate(),
          new ArmTotals(
              row.getLong(5),
              row.getLong(6),
              row.getLong(7),
              row.getDecimal(8).toBigIntegerExact(),
              row.getDecimal(9).toBigIntegerExact(),
              row.getDecimal(10).toBigIntegerExact()));
    }
  }

  private record Comparison(String experiment, int window) {}

  /**
   * Compares the arms.
   *
   * @param sums the rows of {@link #sums}, in any order
   * @return rows of campaign_lift, ordered by experiment and window
   */
  public static List<Row> compare(List<Row> sums, LocalDate asOf, int minorDigits) {
    Map<Comparison, Map<String, Arm>> arms =
        new TreeMap<>(
            Comparator.comparing(Comparison::experiment).thenComparing(Comparison::window));
    sums.forEach(
        row ->
            arms.computeIfAbsent(
                    new Comparison(row.getString(0), row.getInt(1)), key -> new HashMap<>())
                .put(row.getString(2), Arm.of(row)));
    List<Row> rows = new ArrayList<>();
    arms.forEach((comparison, byArm) -> rows.add(row(comparison, byArm, asOf, minorDigits)));
    return rows;
  }

  private static Row row(
      Comparison comparison, Map<String, Arm> arms, LocalDate asOf, int minorDigits) {
    Arm target = arms.getOrDefault(AudienceMembersTable.TARGET, Arm.EMPTY);
    Arm control = arms.getOrDefault(AudienceMembersTable.CONTROL, Arm.EMPTY);
    LocalDate first = target.first().isBefore(control.first()) ? target.first() : control.first();
    LocalDate last = target.last().isAfter(control.last()) ? target.last() : control.last();
    LiftEstimate estimate = new LiftEstimate(target.totals(), control.totals());
    Optional<LiftEstimate> compared = Optional.of(estimate).filter(LiftEstimate::hasBothArms);
    Optional<LiftEstimate> large = compared.filter(LiftEstimate::isLargeEnough);
    Optional<Interval> rates = large.map(LiftEstimate::rates);
    Optional<Interval> orders = large.map(LiftEstimate::incrementalOrders);
    Optional<Interval> net = large.map(LiftEstimate::incrementalNet);
    return RowFactory.create(
        Date.valueOf(asOf),
        comparison.experiment(),
        Date.valueOf(first),
        Date.valueOf(last),
        comparison.window(),
        estimate.target().customers(),
        estimate.control().customers(),
        rate(estimate.target()),
        rate(estimate.control()),
        compared.map(both -> both.rates().value()).orElse(null),
        rates.map(Interval::low).orElse(null),
        rates.map(Interval::high).orElse(null),
        compared.flatMap(LiftEstimate::minimumDetectableEffect).orElse(null),
        compared.map(LiftEstimate::incrementalCustomers).orElse(null),
        compared.map(both -> both.additional(ArmTotals::meanOrders)).orElse(null),
        orders.map(Interval::low).orElse(null),
        orders.map(Interval::high).orElse(null),
        compared
            .map(both -> both.additional(ArmTotals::meanNet))
            .map(units -> money(units, minorDigits))
            .orElse(null),
        net.map(Interval::low).map(units -> money(units, minorDigits)).orElse(null),
        net.map(Interval::high).map(units -> money(units, minorDigits)).orElse(null),
        LiftVerdict.of(estimate, comparison.window()));
  }

  private static Double rate(ArmTotals arm) {
    return arm.customers() > 0 ? arm.rate() : null;
  }

  private static BigDecimal money(double minorUnits, int minorDigits) {
    return new BigDecimal(minorUnits)
        .setScale(0, RoundingMode.HALF_UP)
        .movePointLeft(minorDigits)
        .setScale(minorDigits, RoundingMode.UNNECESSARY);
  }
}
