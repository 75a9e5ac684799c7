package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerDaysTable;
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

/**
 * Computes {@code retention_summary}.
 *
 * <p>A customer who orders in month m is active from m until W months later or the next month with
 * an order, whichever is first. Every month with an order is thus one entry at m and one exit. The
 * exit is a loss without an order in time; an entry after a gap of more than W months is a
 * reactivation. Running sums of entries and exits give the customers at the end of each month.
 */
public final class RetentionSummary {

  private static final Field ENTRIES = Field.count("entries", "Active spells that begin.");
  private static final Field EXITS = Field.count("exits", "Active spells that end.");
  private static final Field ACQUIRED = Field.count("acquired", "New customers.");
  private static final Field LOSSES = Field.count("losses", "Exits without an order in time.");
  private static final Field RETURNS = Field.count("returns", "Entries after a loss.");
  private static final Field SALES_MINOR = Field.count("sales_minor", "Gross less discount.");
  private static final Field NET_NEW_MINOR = Field.count("net_new_minor", "Net of new customers.");
  private static final Field NET_RETURNING_MINOR =
      Field.count("net_returning_minor", "Net of earlier customers.");
  private static final Field REPEAT_KNOWN =
      Field.count("repeat_known", "New customers whose repeat days are over.");
  private static final Field REPEAT_CUSTOMERS =
      Field.count("repeat_customers", "Those of them who ordered again within the repeat days.");

  /** Sums per dimension value and month. */
  private static final List<Field> SUMS =
      List.of(
          ENTRIES,
          EXITS,
          ACQUIRED,
          LOSSES,
          RETURNS,
          RetentionSummaryTable.ORDERS,
          SALES_MINOR,
          NET_NEW_MINOR,
          NET_RETURNING_MINOR,
          REPEAT_KNOWN,
          REPEAT_CUSTOMERS);

  private static final Field NEXT_MONTH =
      Field.date("next_month", "Next month with an order.").orNull();
  private static final Field PREVIOUS_MONTH =
      Field.date("previous_month", "Previous month with an order.").orNull();
  private static final Field EVENT_MONTH = Field.date("event_month", "Month of an entry or exit.");
  private static final Field KNOWN_CUSTOMER = CustomersTable.CUSTOMER_ID.as("known_customer", "");
  private static final Field LAST_DAY = Field.date("last_day", "Last of the repeat days.");
  private static final Field ORDERS_IN_TIME =
      Field.count("orders_in_time", "Orders within the repeat days, the first included.");
  private static final Field FIRST_MONTH = Field.date("first_month", "First month of the value.");
  private static final Field HISTORY_START = Field.date("history_start", "First known month.");
  private static final Field CUSTOMERS_AT_END =
      Field.count("customers_at_end", "Active customers at the end of the month.");

  private static final Field[] KEY = {
    CohortMatrixTable.DIMENSION, CohortMatrixTable.DIMENSION_VALUE, RetentionSummaryTable.MONTH
  };

  private RetentionSummary() {}

  /**
   * @param sums rows of {@link #sums}, best cached: they are read twice
   */
  public static Dataset<Row> of(
      Dataset<Row> sums, LocalDate asOf, Settings.Cohorts settings, int minorDigits) {
    return measured(everyMonth(sums, asOf), asOf, settings, minorDigits);
  }

  /**
   * Sums per dimension value and month, for {@link #of}.
   *
   * @param months customer months as of {@code asOf}, see {@link CustomerMonths#asOf}
   * @param days rows of customer_days
   * @param customers rows of customers
   */
  public static Dataset<Row> sums(
      Dataset<Row> months,
      Dataset<Row> days,
      Dataset<Row> customers,
      LocalDate asOf,
      Settings.Cohorts settings) {
    Dimensions dimensions = new Dimensions(settings.dimensions());
    Dataset<Row> acquired =
        dimensions.join(months.where(CustomerMonthsTable.MONTH_INDEX.col().geq(0)), customers);
    Dataset<Row> sums =
        byAttributes(movements(acquired, settings.activeWindow()), dimensions)
            .unionByName(byAttributes(money(acquired), dimensions))
            .unionByName(
                byAttributes(repeats(days, customers, dimensions, asOf, settings), dimensions));
    return sums(dimensions.unpivot(sums), Table.columns(KEY));
  }

  /** Entry and exit of each active month. */
  private static Dataset<Row> movements(Dataset<Row> acquired, int window) {
    WindowSpec customer =
        Window.partitionBy(CustomerMonthsTable.CUSTOMER_ID.col())
            .orderBy(RetentionSummaryTable.MONTH.col());
    Column month = RetentionSummaryTable.MONTH.col();
    Column expiry = add_months(month, window);
    Column isLoss = NEXT_MONTH.col().isNull().or(NEXT_MONTH.col().gt(expiry));
    Column isReturn =
        PREVIOUS_MONTH.col().isNotNull().and(month.gt(add_months(PREVIOUS_MONTH.col(), window)));
    Dataset<Row> active =
        acquired
            .where(CustomerMonthsTable.ORDERS.col().gt(0))
            .withColumn(NEXT_MONTH.name(), lead(month, 1).over(customer))
            .withColumn(PREVIOUS_MONTH.name(), lag(month, 1).over(customer));
    Column entry =
        struct(
            month.as(EVENT_MONTH.name()),
            lit(1L).as(ENTRIES.name()),
            lit(0L).as(EXITS.name()),
            one(CustomerMonthsTable.MONTH_INDEX.col().equalTo(0)).as(ACQUIRED.name()),
            lit(0L).as(LOSSES.name()),
            one(isReturn).as(RETURNS.name()));
    Column exit =
        struct(
            least(coalesce(NEXT_MONTH.col(), expiry), expiry).as(EVENT_MONTH.name()),
            lit(0L).as(ENTRIES.name()),
            lit(1L).as(EXITS.name()),
            lit(0L).as(ACQUIRED.name()),
            one(isLoss).as(LOSSES.name()),
            lit(0L).as(RETURNS.name()));
    return withOtherSums(
        active
            .select(col("*"), inline(array(entry, exit)))
            .drop(RetentionSummaryTable.MONTH.name(), RetentionSummaryTable.ORDERS.name())
            .withColumnRenamed(EVENT_MONTH.name(), RetentionSummaryTable.MONTH.name()));
  }

  private static Dataset<Row> money(Dataset<Row> acquired) {
    Column net = Money.minorUnits(CustomerMonthsTable.NET);
    Column isNew = CustomerMonthsTable.MONTH_INDEX.col().equalTo(0);
    return withOtherSums(
        acquired
            .withColumn(
                SALES_MINOR.name(),
                Money.minorUnits(CustomerMonthsTable.GROSS)
                    .minus(Money.minorUnits(CustomerMonthsTable.DISCOUNT)))
            .withColumn(NET_NEW_MINOR.name(), when(isNew, net).otherwise(lit(0L)))
            .withColumn(NET_RETURNING_MINOR.name(), when(isNew, lit(0L)).otherwise(net)));
  }

  /** New customers whose repeat days are over by as_of, and those of them with a second order. */
  private static Dataset<Row> repeats(
      Dataset<Row> days,
      Dataset<Row> customers,
      Dimensions dimensions,
      LocalDate asOf,
      Settings.Cohorts settings) {
    Column firstDay = to_date(CustomersTable.FIRST_ORDER_AT.col());
    Column lastDay = date_add(firstDay, settings.repeatDays());
    Dataset<Row> known =
        customers
            .where(lastDay.lt(lit(asOf)))
            .withColumn(LAST_DAY.name(), lastDay)
            .withColumn(KNOWN_CUSTOMER.name(), CustomersTable.CUSTOMER_ID.col())
            .drop(CustomersTable.CUSTOMER_ID.name(), CustomersTable.FIRST_ORDER_AT.name());
    Dataset<Row> ordered =
        days.where(CustomerDaysTable.ORDERS.col().gt(0))
            .select(
                CustomerDaysTable.CUSTOMER_ID.col(),
                CustomerDaysTable.DAY.col(),
                CustomerDaysTable.ORDERS.col());
    List<Column> keys = new ArrayList<>(List.of(dimensions.attributes()));
    keys.add(CustomersTable.COHORT_MONTH.col().as(RetentionSummaryTable.MONTH.name()));
    keys.add(CustomerMonthsTable.CUSTOMER_ID.col());
    return withOtherSums(
        ordered
            .join(
                known,
                ordered
                    .col(CustomerMonthsTable.CUSTOMER_ID.name())
                    .equalTo(known.col(KNOWN_CUSTOMER.name()))
                    .and(ordered.col(CustomerDaysTable.DAY.name()).leq(known.col(LAST_DAY.name()))))
            .groupBy(keys.toArray(Column[]::new))
            .agg(sum(CustomerDaysTable.ORDERS.col()).as(ORDERS_IN_TIME.name()))
            .withColumn(REPEAT_KNOWN.name(), lit(1L))
            .withColumn(REPEAT_CUSTOMERS.name(), one(ORDERS_IN_TIME.col().gt(1))));
  }

  private static Dataset<Row> withOtherSums(Dataset<Row> rows) {
    Dataset<Row> all = rows;
    for (Field sum : SUMS) {
      if (!List.of(rows.columns()).contains(sum.name())) {
        all = all.withColumn(sum.name(), lit(0L));
      }
    }
    return all;
  }

  private static Dataset<Row> byAttributes(Dataset<Row> rows, Dimensions dimensions) {
    List<Column> keys = new ArrayList<>(List.of(dimensions.attributes()));
    keys.add(RetentionSummaryTable.MONTH.col());
    return sums(rows, keys.toArray(Column[]::new));
  }

  private static Dataset<Row> sums(Dataset<Row> rows, Column... keys) {
    List<Column> sums = SUMS.stream().map(sum -> sum(sum.col()).as(sum.name())).toList();
    return rows.groupBy(keys).agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new));
  }

  /** Each dimension value from its first customer to the month of as_of, without gaps. */
  private static Dataset<Row> everyMonth(Dataset<Row> sums, LocalDate asOf) {
    Column lastMonth = lit(asOf.minusDays(1).withDayOfMonth(1));
    Dataset<Row> begun =
        sums.where(ACQUIRED.col().gt(0))
            .groupBy(CohortMatrixTable.DIMENSION.col(), CohortMatrixTable.DIMENSION_VALUE.col())
            .agg(min(RetentionSummaryTable.MONTH.col()).as(FIRST_MONTH.name()))
            .select(
                CohortMatrixTable.DIMENSION.col(),
                CohortMatrixTable.DIMENSION_VALUE.col(),
                explode(sequence(FIRST_MONTH.col(), lastMonth, expr("interval 1 month")))
                    .as(RetentionSummaryTable.MONTH.name()));
    List<Column> columns = new ArrayList<>(List.of(Table.columns(KEY)));
    SUMS.forEach(sum -> columns.add(coalesce(sum.col(), lit(0L)).as(sum.name())));
    return begun
        .join(sums, Arrays.stream(KEY).map(Field::name).toArray(String[]::new), "left")
        .select(columns.toArray(Column[]::new));
  }

  private static Dataset<Row> measured(
      Dataset<Row> months, LocalDate asOf, Settings.Cohorts settings, int minorDigits) {
    WindowSpec soFar =
        Window.partitionBy(
                CohortMatrixTable.DIMENSION.col(), CohortMatrixTable.DIMENSION_VALUE.col())
            .orderBy(RetentionSummaryTable.MONTH.col())
            .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
    // Unpartitioned over few rows, one per dimension value and month.
    WindowSpec everything = Window.partitionBy(lit(1));
    Column isOver = add_months(RetentionSummaryTable.MONTH.col(), 1).leq(lit(asOf));
    Column hasHistory =
        RetentionSummaryTable.MONTH
            .col()
            .geq(add_months(HISTORY_START.col(), settings.activeWindow()));
    Column rated = isOver.and(hasHistory).and(RetentionSummaryTable.CUSTOMERS_START.col().gt(0));
    Column unit = lit(Math.pow(10, minorDigits));
    Column start =
        settings
            .historyStart()
            .map(
                month ->
                    greatest(
                        min(RetentionSummaryTable.MONTH.col()).over(everything),
                        lit(month.atDay(1))))
            .orElse(min(RetentionSummaryTable.MONTH.col()).over(everything));
    return months
        .withColumn(HISTORY_START.name(), start)
        .withColumn(CUSTOMERS_AT_END.name(), sum(ENTRIES.col().minus(EXITS.col())).over(soFar))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .withColumn(
            RetentionSummaryTable.STATE.name(),
            when(isOver, CohortMatrix.COMPLETE).otherwise(CohortMatrix.PARTIAL))
        .withColumn(
            RetentionSummaryTable.CUSTOMERS_START.name(),
            CUSTOMERS_AT_END.col().minus(ENTRIES.col()).plus(EXITS.col()))
        .withColumn(
            RetentionSummaryTable.CUSTOMERS_END.name(), when(isOver, CUSTOMERS_AT_END.col()))
        .withColumn(RetentionSummaryTable.NEW.name(), ACQUIRED.col())
        .withColumn(RetentionSummaryTable.LOST.name(), when(isOver, LOSSES.col()))
        .withColumn(RetentionSummaryTable.REACTIVATED.name(), RETURNS.col())
        .withColumn(
            RetentionSummaryTable.RETENTION_RATE.name(),
            when(
                rated,
                RetentionSummaryTable.CUSTOMERS_START
                    .col()
                    .minus(RetentionSummaryTable.LOST.col())
                    .divide(RetentionSummaryTable.CUSTOMERS_START.col())))
        .withColumn(
            RetentionSummaryTable.CHURN_RATE.name(),
            when(
                rated,
                RetentionSummaryTable.LOST
                    .col()
                    .divide(RetentionSummaryTable.CUSTOMERS_START.col())))
        .withColumn(
            RetentionSummaryTable.AOV.name(),
            when(
                RetentionSummaryTable.ORDERS.col().gt(0),
                SALES_MINOR.col().divide(RetentionSummaryTable.ORDERS.col()).divide(unit)))
        .withColumn(
            RetentionSummaryTable.NET_NEW.name(),
            Money.ofMinorUnits(NET_NEW_MINOR.col(), minorDigits))
        .withColumn(
            RetentionSummaryTable.NET_RETURNING.name(),
            Money.ofMinorUnits(NET_RETURNING_MINOR.col(), minorDigits))
        .withColumn(
            RetentionSummaryTable.REPEAT_PURCHASE_RATE.name(),
            when(REPEAT_KNOWN.col().gt(0), REPEAT_CUSTOMERS.col().divide(REPEAT_KNOWN.col())))
        .select(RetentionSummaryTable.TABLE.columns());
  }

  private static Column one(Column condition) {
    return when(condition, lit(1L)).otherwise(lit(0L));
  }
}
