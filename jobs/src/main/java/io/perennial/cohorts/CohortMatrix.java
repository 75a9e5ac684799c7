package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.months.CustomerMonths;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.spark.CachedDatasets;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import io.perennial.table.Table;
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
      CachedDatasets kept) {
    Dimensions dimensions = new Dimensions(settings.dimensions());
    Dataset<Row> observed = kept.keep(observed(months, customers, dimensions));
    Dataset<Row> cells = cells(observed, asOf);
    WindowSpec cohort =
        Window.partitionBy(
                CohortMatrixTable.DIMENSION.col(),
                CohortMatrixTable.DIMENSION_VALUE.col(),
                CohortMatrixTable.COHORT_MONTH.col())
            .orderBy(CohortMatrixTable.MONTH_INDEX.col());
    WindowSpec toHere = cohort.rowsBetween(Window.unboundedPreceding(), Window.currentRow());
    WindowSpec fromHere = cohort.rowsBetween(Window.currentRow(), Window.unboundedFollowing());
    WindowSpec whole = cohort.rowsBetween(Window.unboundedPreceding(), Window.unboundedFollowing());
    Column atStart = CohortMatrixTable.MONTH_INDEX.col().equalTo(0);
    Dataset<Row> counted =
        cells
            .withColumn(
                CohortMatrixTable.COHORT_SIZE.name(),
                max(when(atStart, CohortMatrixTable.ACTIVE_CUSTOMERS.col())).over(whole))
            .withColumn(
                CohortMatrixTable.ROLLING_ACTIVE_CUSTOMERS.name(),
                when(atStart, CohortMatrixTable.COHORT_SIZE.col())
                    .otherwise(sum(col("last_active")).over(fromHere)))
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
                CohortMatrixTable.COHORT_MONTH.col(),
                CohortMatrixTable.MONTH_INDEX.col(),
                CohortMatrixTable.ORDERS.col(),
                Money.minorUnits(CohortMatrixTable.GROSS).as("gross_minor"),
                Money.minorUnits(CohortMatrixTable.DISCOUNT).as("discount_minor"),
                Money.minorUnits(CohortMatrixTable.REFUND).as("refund_minor"));
    Dataset<Row> attributed = dimensions.attach(acquired, customers);
    Dataset<Row> byAttributes =
        attributed
            .groupBy(keys(dimensions, CohortMatrixTable.MONTH_INDEX.col()))
            .agg(
                count(when(CohortMatrixTable.ORDERS.col().gt(0), lit(1)))
                    .as(CohortMatrixTable.ACTIVE_CUSTOMERS.name()),
                sum(CohortMatrixTable.ORDERS.col()).as(CohortMatrixTable.ORDERS.name()),
                sum(col("gross_minor")).as("gross_minor"),
                sum(col("discount_minor")).as("discount_minor"),
                sum(col("refund_minor")).as("refund_minor"))
            .withColumn("last_active", lit(0L));
    Dataset<Row> last =
        attributed
            .where(CohortMatrixTable.ORDERS.col().gt(0))
            .where(CohortMatrixTable.MONTH_INDEX.col().gt(0))
            .groupBy(keys(dimensions, CustomerMonthsTable.CUSTOMER_ID.col()))
            .agg(max(CohortMatrixTable.MONTH_INDEX.col()).as(CohortMatrixTable.MONTH_INDEX.name()))
            .groupBy(keys(dimensions, CohortMatrixTable.MONTH_INDEX.col()))
            .agg(count(lit(1)).as("last_active"))
            .withColumn(CohortMatrixTable.ACTIVE_CUSTOMERS.name(), lit(0L))
            .withColumn(CohortMatrixTable.ORDERS.name(), lit(0L))
            .withColumn("gross_minor", lit(0L))
            .withColumn("discount_minor", lit(0L))
            .withColumn("refund_minor", lit(0L));
    return dimensions
        .spread(byAttributes.unionByName(last))
        .groupBy(
            CohortMatrixTable.DIMENSION.col(),
            CohortMatrixTable.DIMENSION_VALUE.col(),
            CohortMatrixTable.COHORT_MONTH.col(),
            CohortMatrixTable.MONTH_INDEX.col())
        .agg(
            sum(CohortMatrixTable.ACTIVE_CUSTOMERS.col())
                .as(CohortMatrixTable.ACTIVE_CUSTOMERS.name()),
            sum(col("last_active")).as("last_active"),
            sum(CohortMatrixTable.ORDERS.col()).as(CohortMatrixTable.ORDERS.name()),
            sum(col("gross_minor")).as("gross_minor"),
            sum(col("discount_minor")).as("discount_minor"),
            sum(col("refund_minor")).as("refund_minor"));
  }

  private static Column[] keys(Dimensions dimensions, Column last) {
    List<Column> keys = new ArrayList<>(List.of(dimensions.attributes()));
    keys.add(CohortMatrixTable.COHORT_MONTH.col());
    keys.add(last);
    return keys.toArray(Column[]::new);
  }

  /** Every cell from month 0 to the last month that has begun; unobserved sums are zero. */
  private static Dataset<Row> cells(Dataset<Row> observed, LocalDate asOf) {
    Column[] key = {
      CohortMatrixTable.DIMENSION.col(),
      CohortMatrixTable.DIMENSION_VALUE.col(),
      CohortMatrixTable.COHORT_MONTH.col(),
      CohortMatrixTable.MONTH_INDEX.col()
    };
    Column lastIndex =
        CustomerMonths.monthsBetween(
            CohortMatrixTable.COHORT_MONTH.col(), lit(asOf.minusDays(1).withDayOfMonth(1)));
    Dataset<Row> begun =
        observed
            .where(CohortMatrixTable.MONTH_INDEX.col().equalTo(0))
            .select(
                CohortMatrixTable.DIMENSION.col(),
                CohortMatrixTable.DIMENSION_VALUE.col(),
                CohortMatrixTable.COHORT_MONTH.col(),
                explode(sequence(lit(0), lastIndex)).as(CohortMatrixTable.MONTH_INDEX.name()));
    List<Column> columns = new ArrayList<>(List.of(key));
    for (String sum :
        List.of(
            CohortMatrixTable.ACTIVE_CUSTOMERS.name(),
            "last_active",
            CohortMatrixTable.ORDERS.name(),
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
                            CohortMatrixTable.DIMENSION.name(),
                            CohortMatrixTable.DIMENSION_VALUE.name(),
                            CohortMatrixTable.COHORT_MONTH.name(),
                            CohortMatrixTable.MONTH_INDEX.name()))
                    .toSeq(),
                "left")
            .select(columns.toArray(Column[]::new));
    return all.withColumn(
        "net_minor", col("gross_minor").minus(col("discount_minor")).minus(col("refund_minor")));
  }

  private static Dataset<Row> measured(
      Dataset<Row> cells, LocalDate asOf, Settings.Cohorts settings, int minorDigits) {
    WilsonInterval bounded =
        WilsonInterval.of(
            CohortMatrixTable.ACTIVE_CUSTOMERS.col(), CohortMatrixTable.COHORT_SIZE.col());
    WilsonInterval rolling =
        WilsonInterval.of(
            CohortMatrixTable.ROLLING_ACTIVE_CUSTOMERS.col(), CohortMatrixTable.COHORT_SIZE.col());
    Column unit = lit(Math.pow(10, minorDigits));
    Column nextMonth =
        add_months(
            CohortMatrixTable.COHORT_MONTH.col(), CohortMatrixTable.MONTH_INDEX.col().plus(1));
    Column over = when(nextMonth.leq(lit(asOf)), COMPLETE).otherwise(PARTIAL);
    Column state =
        settings
            .historyStart()
            .map(
                start ->
                    when(CohortMatrixTable.COHORT_MONTH.col().lt(lit(start.atDay(1))), EXISTING)
                        .otherwise(over))
            .orElse(over);
    return cells
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .withColumn(CohortMatrixTable.STATE.name(), state)
        .withColumn(
            CohortMatrixTable.GROSS.name(), Money.ofMinorUnits(col("gross_minor"), minorDigits))
        .withColumn(
            CohortMatrixTable.DISCOUNT.name(),
            Money.ofMinorUnits(col("discount_minor"), minorDigits))
        .withColumn(
            CohortMatrixTable.REFUND.name(), Money.ofMinorUnits(col("refund_minor"), minorDigits))
        .withColumn(CohortMatrixTable.NET.name(), Money.ofMinorUnits(col("net_minor"), minorDigits))
        .withColumn(
            CohortMatrixTable.CUMULATIVE_NET.name(),
            Money.ofMinorUnits(col("cumulative_minor"), minorDigits))
        .withColumn(
            CohortMatrixTable.RETENTION_RATE.name(),
            CohortMatrixTable.ACTIVE_CUSTOMERS.col().divide(CohortMatrixTable.COHORT_SIZE.col()))
        .withColumn(CohortMatrixTable.RETENTION_LOW.name(), bounded.low())
        .withColumn(CohortMatrixTable.RETENTION_HIGH.name(), bounded.high())
        .withColumn(
            CohortMatrixTable.ROLLING_RETENTION_RATE.name(),
            CohortMatrixTable.ROLLING_ACTIVE_CUSTOMERS
                .col()
                .divide(CohortMatrixTable.COHORT_SIZE.col()))
        .withColumn(CohortMatrixTable.ROLLING_RETENTION_LOW.name(), rolling.low())
        .withColumn(CohortMatrixTable.ROLLING_RETENTION_HIGH.name(), rolling.high())
        .withColumn(
            CohortMatrixTable.REVENUE_RETENTION_RATE.name(),
            when(col("first_net_minor").gt(0), col("net_minor").divide(col("first_net_minor"))))
        .withColumn(
            CohortMatrixTable.AOV.name(),
            when(
                CohortMatrixTable.ORDERS.col().gt(0),
                col("gross_minor")
                    .minus(col("discount_minor"))
                    .divide(CohortMatrixTable.ORDERS.col())
                    .divide(unit)))
        .withColumn(
            CohortMatrixTable.ORDERS_PER_CUSTOMER.name(),
            when(
                CohortMatrixTable.ACTIVE_CUSTOMERS.col().gt(0),
                CohortMatrixTable.ORDERS.col().divide(CohortMatrixTable.ACTIVE_CUSTOMERS.col())))
        .withColumn(
            CohortMatrixTable.LTV.name(),
            col("cumulative_minor").divide(CohortMatrixTable.COHORT_SIZE.col()).divide(unit))
        .select(CohortMatrixTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }
}
