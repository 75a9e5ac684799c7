package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.Money;
import io.perennial.table.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;

/**
 * Makes {@code campaign_lift}: Spark adds up what each arm did, plain Java compares the arms.
 *
 * <p>A customer counts from the day it entered the experiment, at its first assignment, whatever
 * arm it is in and whether or not it was reached.
 */
public final class Lift {

  private static final String ENTERED = "entered";
  private static final String WINDOW = "window";
  private static final String IN_WINDOW_ORDERS = "orders_in";
  private static final String IN_WINDOW_NET = "net_in";

  /** Wide enough for the sum of squares of any money in minor units. */
  private static final org.apache.spark.sql.types.DataType WIDE =
      DataTypes.createDecimalType(38, 0);

  private Lift() {}

  /**
   * Sums by experiment, window and arm: a few rows, whatever the number of customers.
   *
   * @param assignments rows of assignments
   * @param days rows of customer_days
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
                min(AssignmentsTable.ASSIGNED_AS_OF.col()).as(ENTERED))
            .where(date_add(col(ENTERED), windows.get(0)).leq(lit(asOf)));
    Column day = CustomerDaysTable.DAY.of("d");
    Dataset<Row> outcomes =
        entered
            .alias("e")
            .join(
                days.where(CustomerDaysTable.DAY.col().lt(lit(asOf)))
                    .select(
                        CustomerDaysTable.CUSTOMER_ID.col(),
                        CustomerDaysTable.DAY.col(),
                        CustomerDaysTable.ORDERS.col(),
                        Money.minorUnits(CustomerDaysTable.NET).as("net_minor"))
                    .alias("d"),
                AssignmentsTable.CUSTOMER_ID
                    .of("e")
                    .equalTo(CustomerDaysTable.CUSTOMER_ID.of("d"))
                    .and(day.geq(col(ENTERED)))
                    .and(day.lt(date_add(col(ENTERED), longest))),
                "left")
            .groupBy(
                AssignmentsTable.CUSTOMER_ID.of("e"),
                AssignmentsTable.EXPERIMENT.col(),
                AssignmentsTable.ARM.col(),
                col(ENTERED))
            .agg(count(lit(1)), inWindows(windows, day));
    List<Column> perWindow = new ArrayList<>();
    for (int window : windows) {
      perWindow.add(
          struct(
              lit(window).as(WINDOW),
              col(IN_WINDOW_ORDERS + window).as(IN_WINDOW_ORDERS),
              col(IN_WINDOW_NET + window).as(IN_WINDOW_NET)));
    }
    Column orders = col(IN_WINDOW_ORDERS);
    Column net = col(IN_WINDOW_NET).cast(WIDE);
    return outcomes
        .select(
            AssignmentsTable.EXPERIMENT.col(),
            AssignmentsTable.ARM.col(),
            col(ENTERED),
            inline(array(perWindow.toArray(Column[]::new))))
        .where(date_add(col(ENTERED), col(WINDOW)).leq(lit(asOf)))
        .groupBy(AssignmentsTable.EXPERIMENT.col(), col(WINDOW), AssignmentsTable.ARM.col())
        .agg(
            min(col(ENTERED)),
            max(col(ENTERED)),
            count(lit(1)),
            count(when(orders.gt(0), lit(1))),
            sum(orders),
            sum(orders.multiply(orders)).cast(WIDE),
            sum(col(IN_WINDOW_NET)).cast(WIDE),
            sum(net.multiply(net)).cast(WIDE));
  }

  private static Column[] inWindows(List<Integer> windows, Column day) {
    List<Column> sums = new ArrayList<>();
    for (int window : windows) {
      Column isIn = day.lt(date_add(col(ENTERED), window));
      sums.add(
          coalesce(sum(when(isIn, CustomerDaysTable.ORDERS.of("d"))), lit(0L))
              .as(IN_WINDOW_ORDERS + window));
      sums.add(coalesce(sum(when(isIn, col("net_minor"))), lit(0L)).as(IN_WINDOW_NET + window));
    }
    return sums.toArray(Column[]::new);
  }

  /** One comparison: an experiment in a window, with both arms. */
  private static final class Comparison {
    private LocalDate first = LocalDate.MAX;
    private LocalDate last = LocalDate.MIN;
    private ArmTotals target = ArmTotals.NOBODY;
    private ArmTotals control = ArmTotals.NOBODY;

    private void add(Row row) {
      LocalDate from = row.getDate(3).toLocalDate();
      LocalDate to = row.getDate(4).toLocalDate();
      first = from.isBefore(first) ? from : first;
      last = to.isAfter(last) ? to : last;
      ArmTotals sums =
          new ArmTotals(
              row.getLong(5),
              row.getLong(6),
              row.getLong(7),
              whole(row, 8),
              whole(row, 9),
              whole(row, 10));
      if (row.getString(2).equals(AudienceMembersTable.CONTROL)) {
        control = sums;
      } else {
        target = sums;
      }
    }

    private static BigInteger whole(Row row, int column) {
      return row.getDecimal(column).toBigIntegerExact();
    }
  }

  /**
   * Compares the arms.
   *
   * @param sums the rows of {@link #sums}, in any order
   * @return rows of campaign_lift, ordered by experiment and window
   */
  public static List<Row> compare(List<Row> sums, LocalDate asOf, int minorDigits) {
    Map<String, Map<Integer, Comparison>> all = new java.util.TreeMap<>();
    sums.forEach(
        row ->
            all.computeIfAbsent(row.getString(0), name -> new java.util.TreeMap<>())
                .computeIfAbsent(row.getInt(1), window -> new Comparison())
                .add(row));
    List<Row> rows = new ArrayList<>();
    all.forEach(
        (experiment, windows) ->
            windows.forEach(
                (window, comparison) ->
                    rows.add(row(experiment, window, comparison, asOf, minorDigits))));
    return rows;
  }

  private static Row row(
      String experiment, int window, Comparison comparison, LocalDate asOf, int minorDigits) {
    LiftEstimate estimate = new LiftEstimate(comparison.target, comparison.control);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(Table.AS_OF.name(), Date.valueOf(asOf));
    values.put(CampaignLiftTable.EXPERIMENT.name(), experiment);
    values.put(CampaignLiftTable.SENT_AS_OF.name(), Date.valueOf(comparison.first));
    values.put(CampaignLiftTable.LAST_SENT_AS_OF.name(), Date.valueOf(comparison.last));
    values.put(CampaignLiftTable.WINDOW_DAYS.name(), window);
    values.put(CampaignLiftTable.N_TARGET.name(), estimate.target().customers());
    values.put(CampaignLiftTable.N_CONTROL.name(), estimate.control().customers());
    rate(values, CampaignLiftTable.P_TARGET.name(), estimate.target());
    rate(values, CampaignLiftTable.P_CONTROL.name(), estimate.control());
    if (estimate.hasBothArms()) {
      values.put(CampaignLiftTable.LIFT.name(), estimate.rates().value());
      values.put(
          CampaignLiftTable.MINIMUM_DETECTABLE_EFFECT.name(),
          estimate.minimumDetectableEffect().orElse(null));
      values.put(CampaignLiftTable.INCREMENTAL_CUSTOMERS.name(), estimate.incrementalCustomers());
      double targets = estimate.target().customers();
      values.put(
          CampaignLiftTable.INCREMENTAL_ORDERS.name(),
          (estimate.target().meanOrders() - estimate.control().meanOrders()) * targets);
      values.put(
          CampaignLiftTable.INCREMENTAL_NET.name(),
          money(
              (estimate.target().meanNet() - estimate.control().meanNet()) * targets, minorDigits));
    }
    if (estimate.hasBothArms() && estimate.isLargeEnough()) {
      values.put(CampaignLiftTable.LOW.name(), estimate.rates().low());
      values.put(CampaignLiftTable.HIGH.name(), estimate.rates().high());
      values.put(CampaignLiftTable.ORDERS_LOW.name(), estimate.incrementalOrders().low());
      values.put(CampaignLiftTable.ORDERS_HIGH.name(), estimate.incrementalOrders().high());
      values.put(
          CampaignLiftTable.NET_LOW.name(), money(estimate.incrementalNet().low(), minorDigits));
      values.put(
          CampaignLiftTable.NET_HIGH.name(), money(estimate.incrementalNet().high(), minorDigits));
    }
    values.put(CampaignLiftTable.VERDICT.name(), LiftVerdict.of(estimate, window));
    return RowFactory.create(
        CampaignLiftTable.TABLE.fields().stream().map(field -> values.get(field.name())).toArray());
  }

  private static void rate(Map<String, Object> values, String column, ArmTotals arm) {
    if (arm.customers() > 0) {
      values.put(column, arm.rate());
    }
  }

  private static BigDecimal money(double minorUnits, int minorDigits) {
    return new BigDecimal(minorUnits)
        .setScale(0, RoundingMode.HALF_UP)
        .movePointLeft(minorDigits)
        .setScale(minorDigits, RoundingMode.UNNECESSARY);
  }
}
