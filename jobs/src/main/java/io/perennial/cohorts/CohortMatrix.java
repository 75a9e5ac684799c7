package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.months.CustomerMonths;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** Computes {@code cohort_matrix}: all dimensions in one pass over customer months. */
public final class CohortMatrix {

  /** State of a cell whose month is over. */
  public static final String COMPLETE = "complete";

  /** State of a cell whose month has begun. */
  public static final String PARTIAL = "partial";

  /**
   * State of the cells of a cohort before cohorts.history-start, whose customers may not be new.
   */
  public static final String EXISTING = "existing";

  private static final Field GROSS_MINOR = Field.count("gross_minor", "Gross in minor units.");
  private static final Field DISCOUNT_MINOR = Field.count("discount_minor", "Discounts.");
  private static final Field REFUND_MINOR = Field.count("refund_minor", "Refunds in minor units.");
  static final Field NET_MINOR = Field.count("net_minor", "Net in minor units.");
  static final Field CUMULATIVE_MINOR = Field.count("cumulative_minor", "Net since month 0.");
  static final Field FIRST_NET_MINOR = Field.count("first_net_minor", "Net of month 0.");
  private static final Field LAST_ACTIVE =
      Field.count("last_active", "Customers whose last active month this is; not in month 0.");

  private static final Field[] KEY = {
    CohortMatrixTable.DIMENSION,
    CohortMatrixTable.DIMENSION_VALUE,
    CohortMatrixTable.COHORT_MONTH,
    CohortMatrixTable.MONTH_INDEX
  };

  /** Sums of a cell. */
  private static final List<Field> SUMS =
      List.of(
          CohortMatrixTable.ACTIVE_CUSTOMERS,
          LAST_ACTIVE,
          CohortMatrixTable.ORDERS,
          GROSS_MINOR,
          DISCOUNT_MINOR,
          REFUND_MINOR);

  private CohortMatrix() {}

  /**
   * Whether the month of a cell is over by the calendar. {@code state} does not tell for {@link
   * #EXISTING} cohorts.
   *
   * @param cohort first day of the cohort's month
   * @param monthIndex months since then
   */
  public static boolean isOver(LocalDate cohort, int monthIndex, LocalDate asOf) {
    return !cohort.plusMonths(monthIndex + 1L).isAfter(asOf);
  }

  /**
   * @param observed rows of {@link #observed}, best cached: they are read twice
   */
  public static Dataset<Row> of(
      Dataset<Row> observed, LocalDate asOf, Settings.Cohorts settings, int minorDigits) {
    Dataset<Row> cells = cells(observed, asOf);
    WindowSpec cohort =
        Window.partitionBy(
                CohortMatrixTable.DIMENSION.col(),
                CohortMatrixTable.DIMENSION_VALUE.col(),
                CohortMatrixTable.COHORT_MONTH.col())
            .orderBy(CohortMatrixTable.MONTH_INDEX.col());
    WindowSpec untilMonth = cohort.rowsBetween(Window.unboundedPreceding(), Window.currentRow());
    WindowSpec fromMonth = cohort.rowsBetween(Window.currentRow(), Window.unboundedFollowing());
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
                    .otherwise(sum(LAST_ACTIVE.col()).over(fromMonth)))
            .withColumn(CUMULATIVE_MINOR.name(), sum(NET_MINOR.col()).over(untilMonth))
            .withColumn(FIRST_NET_MINOR.name(), max(when(atStart, NET_MINOR.col())).over(whole));
    return measured(counted, asOf, settings, minorDigits);
  }

  /**
   * Sums of the cells with any customer month, for {@link #of}. Every customer is active in month
   * 0, so the last active month is only computed for customers with a later one.
   *
   * @param months customer months as of the as_of, see {@link CustomerMonths#asOf}
   * @param customers rows of customers
   */
  public static Dataset<Row> observed(
      Dataset<Row> months, Dataset<Row> customers, Settings.Cohorts settings) {
    Dimensions dimensions = new Dimensions(settings.dimensions());
    Dataset<Row> acquired =
        months
            .where(CustomerMonthsTable.MONTH_INDEX.col().geq(0))
            .select(
                CustomerMonthsTable.CUSTOMER_ID.col(),
                CohortMatrixTable.COHORT_MONTH.col(),
                CohortMatrixTable.MONTH_INDEX.col(),
                CohortMatrixTable.ORDERS.col(),
                Money.minorUnits(CohortMatrixTable.GROSS).as(GROSS_MINOR.name()),
                Money.minorUnits(CohortMatrixTable.DISCOUNT).as(DISCOUNT_MINOR.name()),
                Money.minorUnits(CohortMatrixTable.REFUND).as(REFUND_MINOR.name()));
    Dataset<Row> attributed = dimensions.join(acquired, customers);
    Dataset<Row> byAttributes =
        attributed
            .groupBy(keys(dimensions, CohortMatrixTable.MONTH_INDEX.col()))
            .agg(
                count(when(CohortMatrixTable.ORDERS.col().gt(0), lit(1)))
                    .as(CohortMatrixTable.ACTIVE_CUSTOMERS.name()),
                total(CohortMatrixTable.ORDERS),
                total(GROSS_MINOR),
                total(DISCOUNT_MINOR),
                total(REFUND_MINOR))
            .withColumn(LAST_ACTIVE.name(), lit(0L));
    Dataset<Row> last =
        attributed
            .where(CohortMatrixTable.ORDERS.col().gt(0))
            .where(CohortMatrixTable.MONTH_INDEX.col().gt(0))
            .groupBy(keys(dimensions, CustomerMonthsTable.CUSTOMER_ID.col()))
            .agg(max(CohortMatrixTable.MONTH_INDEX.col()).as(CohortMatrixTable.MONTH_INDEX.name()))
            .groupBy(keys(dimensions, CohortMatrixTable.MONTH_INDEX.col()))
            .agg(count(lit(1)).as(LAST_ACTIVE.name()))
            .withColumn(CohortMatrixTable.ACTIVE_CUSTOMERS.name(), lit(0L))
            .withColumn(CohortMatrixTable.ORDERS.name(), lit(0L))
            .withColumn(GROSS_MINOR.name(), lit(0L))
            .withColumn(DISCOUNT_MINOR.name(), lit(0L))
            .withColumn(REFUND_MINOR.name(), lit(0L));
    return dimensions
        .unpivot(byAttributes.unionByName(last))
        .groupBy(Table.columns(KEY))
        .agg(
            total(SUMS.get(0)),
            SUMS.stream().skip(1).map(CohortMatrix::total).toArray(Column[]::new));
  }

  private static Column total(Field field) {
    return sum(field.col()).as(field.name());
  }

  private static Column[] keys(Dimensions dimensions, Column last) {
    List<Column> keys = new ArrayList<>(List.of(dimensions.attributes()));
    keys.add(CohortMatrixTable.COHORT_MONTH.col());
    keys.add(last);
    return keys.toArray(Column[]::new);
  }

  /** Every cell from month 0 to the last month that has begun; unobserved sums are 0. */
  private static Dataset<Row> cells(Dataset<Row> observed, LocalDate asOf) {
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
    List<Column> columns = new ArrayList<>(List.of(Table.columns(KEY)));
    SUMS.forEach(sum -> columns.add(coalesce(sum.col(), lit(0L)).as(sum.name())));
    Dataset<Row> all =
        begun
            .join(observed, Arrays.stream(KEY).map(Field::name).toArray(String[]::new), "left")
            .select(columns.toArray(Column[]::new));
    return all.withColumn(
        NET_MINOR.name(), GROSS_MINOR.col().minus(DISCOUNT_MINOR.col()).minus(REFUND_MINOR.col()));
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
            CohortMatrixTable.GROSS.name(), Money.ofMinorUnits(GROSS_MINOR.col(), minorDigits))
        .withColumn(
            CohortMatrixTable.DISCOUNT.name(),
            Money.ofMinorUnits(DISCOUNT_MINOR.col(), minorDigits))
        .withColumn(
            CohortMatrixTable.REFUND.name(), Money.ofMinorUnits(REFUND_MINOR.col(), minorDigits))
        .withColumn(CohortMatrixTable.NET.name(), Money.ofMinorUnits(NET_MINOR.col(), minorDigits))
        .withColumn(
            CohortMatrixTable.CUMULATIVE_NET.name(),
            Money.ofMinorUnits(CUMULATIVE_MINOR.col(), minorDigits))
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
            when(FIRST_NET_MINOR.col().gt(0), NET_MINOR.col().divide(FIRST_NET_MINOR.col())))
        .withColumn(
            CohortMatrixTable.AOV.name(),
            when(
                CohortMatrixTable.ORDERS.col().gt(0),
                GROSS_MINOR
                    .col()
                    .minus(DISCOUNT_MINOR.col())
                    .divide(CohortMatrixTable.ORDERS.col())
                    .divide(unit)))
        .withColumn(
            CohortMatrixTable.ORDERS_PER_CUSTOMER.name(),
            when(
                CohortMatrixTable.ACTIVE_CUSTOMERS.col().gt(0),
                CohortMatrixTable.ORDERS.col().divide(CohortMatrixTable.ACTIVE_CUSTOMERS.col())))
        .withColumn(
            CohortMatrixTable.LTV.name(),
            CUMULATIVE_MINOR.col().divide(CohortMatrixTable.COHORT_SIZE.col()).divide(unit))
        .select(CohortMatrixTable.TABLE.columns());
  }
}
