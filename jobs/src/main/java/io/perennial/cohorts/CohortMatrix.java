package io.perennial.cohorts;

import static io.perennial.cohorts.CohortMatrixTable.ACTIVE_CUSTOMERS;
import static io.perennial.cohorts.CohortMatrixTable.AOV;
import static io.perennial.cohorts.CohortMatrixTable.COHORT_MONTH;
import static io.perennial.cohorts.CohortMatrixTable.COHORT_SIZE;
import static io.perennial.cohorts.CohortMatrixTable.CUMULATIVE_NET;
import static io.perennial.cohorts.CohortMatrixTable.DIMENSION;
import static io.perennial.cohorts.CohortMatrixTable.DIMENSION_VALUE;
import static io.perennial.cohorts.CohortMatrixTable.DISCOUNT;
import static io.perennial.cohorts.CohortMatrixTable.GROSS;
import static io.perennial.cohorts.CohortMatrixTable.LTV;
import static io.perennial.cohorts.CohortMatrixTable.MONTH_INDEX;
import static io.perennial.cohorts.CohortMatrixTable.NET;
import static io.perennial.cohorts.CohortMatrixTable.ORDERS;
import static io.perennial.cohorts.CohortMatrixTable.ORDERS_PER_CUSTOMER;
import static io.perennial.cohorts.CohortMatrixTable.REFUND;
import static io.perennial.cohorts.CohortMatrixTable.RETENTION_HIGH;
import static io.perennial.cohorts.CohortMatrixTable.RETENTION_LOW;
import static io.perennial.cohorts.CohortMatrixTable.RETENTION_RATE;
import static io.perennial.cohorts.CohortMatrixTable.REVENUE_RETENTION_RATE;
import static io.perennial.cohorts.CohortMatrixTable.ROLLING_ACTIVE_CUSTOMERS;
import static io.perennial.cohorts.CohortMatrixTable.ROLLING_RETENTION_HIGH;
import static io.perennial.cohorts.CohortMatrixTable.ROLLING_RETENTION_LOW;
import static io.perennial.cohorts.CohortMatrixTable.ROLLING_RETENTION_RATE;
import static io.perennial.cohorts.CohortMatrixTable.STATE;
import static io.perennial.table.Table.AS_OF;
import static org.apache.spark.sql.functions.add_months;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.perennial.config.Settings;
import io.perennial.months.CustomerMonths;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.table.Field;
import io.perennial.table.Kept;
import io.perennial.table.Money;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import scala.jdk.javaapi.CollectionConverters;

/** Makes {@code cohort_matrix}: all dimensions in one pass over customer months. */
public final class CohortMatrix {

  /** State of a cell whose month is over. */
  public static final String COMPLETE = "complete";

  /** State of a cell whose month has begun. */
  public static final String PARTIAL = "partial";

  /** State of the cells of a cohort that may not be new. */
  public static final String EXISTING = "existing";

  private CohortMatrix() {}

  /**
   * Whether the month of a cell is over by the calendar. {@code state} does not say so of {@link
   * #EXISTING} cohorts, whose newest month may be running too.
   *
   * @param cohort first day of the cohort's month
   * @param monthIndex months since then
   */
  public static boolean isOver(LocalDate cohort, int monthIndex, LocalDate asOf) {
    return !cohort.plusMonths(monthIndex + 1L).isAfter(asOf);
  }

  /**
   * @param months customer months as of {@code asOf}, see {@link CustomerMonths#asOf}
   * @param customers rows of customers
   * @param kept keeps what was counted of the cells, which is read more than once
   */
  public static Dataset<Row> of(
      Dataset<Row> months,
      Dataset<Row> customers,
      LocalDate asOf,
      Settings.Cohorts settings,
      int minorDigits,
      Kept kept) {
    Dimensions dimensions = new Dimensions(settings.dimensions());
    Dataset<Row> observed = kept.keep(observed(months, customers, dimensions));
    Dataset<Row> cells = cells(observed, asOf);
    WindowSpec cohort =
        Window.partitionBy(DIMENSION.col(), DIMENSION_VALUE.col(), COHORT_MONTH.col())
            .orderBy(MONTH_INDEX.col());
    WindowSpec toHere = cohort.rowsBetween(Window.unboundedPreceding(), Window.currentRow());
    WindowSpec fromHere = cohort.rowsBetween(Window.currentRow(), Window.unboundedFollowing());
    WindowSpec whole = cohort.rowsBetween(Window.unboundedPreceding(), Window.unboundedFollowing());
    Column atStart = MONTH_INDEX.col().equalTo(0);
    Dataset<Row> counted =
        cells
            .withColumn(COHORT_SIZE.name(), max(when(atStart, ACTIVE_CUSTOMERS.col())).over(whole))
            .withColumn(
                ROLLING_ACTIVE_CUSTOMERS.name(),
                when(atStart, COHORT_SIZE.col()).otherwise(sum(col("last_active")).over(fromHere)))
            .withColumn("cumulative_minor", sum(col("net_minor")).over(toHere))
            .withColumn("first_net_minor", max(when(atStart, col("net_minor"))).over(whole));
    return measured(counted, asOf, settings, minorDigits);
  }

  /**
   * Cells with any customer month, by dimension; sums in minor units. Everybody ordered in month 0:
   * when a customer did so last is asked of those alone who came back.
   */
  private static Dataset<Row> observed(
      Dataset<Row> months, Dataset<Row> customers, Dimensions dimensions) {
    Dataset<Row> acquired =
        months
            .where(CustomerMonthsTable.MONTH_INDEX.col().geq(0))
            .select(
                CustomerMonthsTable.CUSTOMER_ID.col(),
                COHORT_MONTH.col(),
                MONTH_INDEX.col(),
                ORDERS.col(),
                Money.minorUnits(GROSS).as("gross_minor"),
                Money.minorUnits(DISCOUNT).as("discount_minor"),
                Money.minorUnits(REFUND).as("refund_minor"));
    Dataset<Row> attributed = dimensions.attach(acquired, customers);
    Dataset<Row> byAttributes =
        attributed
            .groupBy(keys(dimensions, MONTH_INDEX.col()))
            .agg(
                count(when(ORDERS.col().gt(0), lit(1))).as(ACTIVE_CUSTOMERS.name()),
                sum(ORDERS.col()).as(ORDERS.name()),
                sum(col("gross_minor")).as("gross_minor"),
                sum(col("discount_minor")).as("discount_minor"),
                sum(col("refund_minor")).as("refund_minor"))
            .withColumn("last_active", lit(0L));
    Dataset<Row> last =
        attributed
            .where(ORDERS.col().gt(0))
            .where(MONTH_INDEX.col().gt(0))
            .groupBy(keys(dimensions, CustomerMonthsTable.CUSTOMER_ID.col()))
            .agg(max(MONTH_INDEX.col()).as(MONTH_INDEX.name()))
            .groupBy(keys(dimensions, MONTH_INDEX.col()))
            .agg(count(lit(1)).as("last_active"))
            .withColumn(ACTIVE_CUSTOMERS.name(), lit(0L))
            .withColumn(ORDERS.name(), lit(0L))
            .withColumn("gross_minor", lit(0L))
            .withColumn("discount_minor", lit(0L))
            .withColumn("refund_minor", lit(0L));
    return dimensions
        .spread(byAttributes.unionByName(last))
        .groupBy(DIMENSION.col(), DIMENSION_VALUE.col(), COHORT_MONTH.col(), MONTH_INDEX.col())
        .agg(
            sum(ACTIVE_CUSTOMERS.col()).as(ACTIVE_CUSTOMERS.name()),
            sum(col("last_active")).as("last_active"),
            sum(ORDERS.col()).as(ORDERS.name()),
            sum(col("gross_minor")).as("gross_minor"),
            sum(col("discount_minor")).as("discount_minor"),
            sum(col("refund_minor")).as("refund_minor"));
  }

  private static Column[] keys(Dimensions dimensions, Column last) {
    List<Column> keys = new ArrayList<>(List.of(dimensions.attributes()));
    keys.add(COHORT_MONTH.col());
    keys.add(last);
    return keys.toArray(Column[]::new);
  }

  /** Every cell from month 0 to the last month that has begun; unobserved sums are zero. */
  private static Dataset<Row> cells(Dataset<Row> observed, LocalDate asOf) {
    Column[] key = {DIMENSION.col(), DIMENSION_VALUE.col(), COHORT_MONTH.col(), MONTH_INDEX.col()};
    Column lastIndex =
        CustomerMonths.monthsBetween(COHORT_MONTH.col(), lit(asOf.minusDays(1).withDayOfMonth(1)));
    Dataset<Row> begun =
        observed
            .where(MONTH_INDEX.col().equalTo(0))
            .select(
                DIMENSION.col(),
                DIMENSION_VALUE.col(),
                COHORT_MONTH.col(),
                explode(sequence(lit(0), lastIndex)).as(MONTH_INDEX.name()));
    List<Column> columns = new ArrayList<>(List.of(key));
    for (String sum :
        List.of(
            ACTIVE_CUSTOMERS.name(),
            "last_active",
            ORDERS.name(),
            "gross_minor",
            "discount_minor",
            "refund_minor")) {
      columns.add(coalesce(col(sum), lit(0L)).as(sum));
    }
    Dataset<Row> all =
        begun
            .join(
                observed,
                CollectionConverters.asScala(
                        List.of(
                            DIMENSION.name(),
                            DIMENSION_VALUE.name(),
                            COHORT_MONTH.name(),
                            MONTH_INDEX.name()))
                    .toSeq(),
                "left")
            .select(columns.toArray(Column[]::new));
    return all.withColumn(
        "net_minor", col("gross_minor").minus(col("discount_minor")).minus(col("refund_minor")));
  }

  private static Dataset<Row> measured(
      Dataset<Row> cells, LocalDate asOf, Settings.Cohorts settings, int minorDigits) {
    Wilson bounded = Wilson.of(ACTIVE_CUSTOMERS.col(), COHORT_SIZE.col());
    Wilson rolling = Wilson.of(ROLLING_ACTIVE_CUSTOMERS.col(), COHORT_SIZE.col());
    Column unit = lit(Math.pow(10, minorDigits));
    Column nextMonth = add_months(COHORT_MONTH.col(), MONTH_INDEX.col().plus(1));
    Column over = when(nextMonth.leq(lit(asOf)), COMPLETE).otherwise(PARTIAL);
    Column state =
        settings
            .historyStart()
            .map(
                start -> when(COHORT_MONTH.col().lt(lit(start.atDay(1))), EXISTING).otherwise(over))
            .orElse(over);
    return cells
        .withColumn(AS_OF.name(), lit(asOf))
        .withColumn(STATE.name(), state)
        .withColumn(GROSS.name(), Money.ofMinorUnits(col("gross_minor"), minorDigits))
        .withColumn(DISCOUNT.name(), Money.ofMinorUnits(col("discount_minor"), minorDigits))
        .withColumn(REFUND.name(), Money.ofMinorUnits(col("refund_minor"), minorDigits))
        .withColumn(NET.name(), Money.ofMinorUnits(col("net_minor"), minorDigits))
        .withColumn(CUMULATIVE_NET.name(), Money.ofMinorUnits(col("cumulative_minor"), minorDigits))
        .withColumn(RETENTION_RATE.name(), ACTIVE_CUSTOMERS.col().divide(COHORT_SIZE.col()))
        .withColumn(RETENTION_LOW.name(), bounded.low())
        .withColumn(RETENTION_HIGH.name(), bounded.high())
        .withColumn(
            ROLLING_RETENTION_RATE.name(), ROLLING_ACTIVE_CUSTOMERS.col().divide(COHORT_SIZE.col()))
        .withColumn(ROLLING_RETENTION_LOW.name(), rolling.low())
        .withColumn(ROLLING_RETENTION_HIGH.name(), rolling.high())
        .withColumn(
            REVENUE_RETENTION_RATE.name(),
            when(col("first_net_minor").gt(0), col("net_minor").divide(col("first_net_minor"))))
        .withColumn(
            AOV.name(),
            when(
                ORDERS.col().gt(0),
                col("gross_minor").minus(col("discount_minor")).divide(ORDERS.col()).divide(unit)))
        .withColumn(
            ORDERS_PER_CUSTOMER.name(),
            when(ACTIVE_CUSTOMERS.col().gt(0), ORDERS.col().divide(ACTIVE_CUSTOMERS.col())))
        .withColumn(LTV.name(), col("cumulative_minor").divide(COHORT_SIZE.col()).divide(unit))
        .select(CohortMatrixTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }
}
