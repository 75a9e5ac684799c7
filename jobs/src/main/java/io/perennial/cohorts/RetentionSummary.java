package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerDaysTable;
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

/**
 * Makes {@code retention_summary}.
 *
 * <p>A customer who orders in month m counts as active from m until W months later or the next
 * month with an order, whichever comes first. So every active month is one entry at m and one exit;
 * the exit is a loss if no order came in time, and an entry after a gap of more than W months is a
 * reactivation. Running sums of entries and exits give the customers at each month's end.
 */
public final class RetentionSummary {

  /** Sums per dimension value and month that the figures are made of. */
  private static final List<String> SUMS =
      List.of(
          "entries",
          "exits",
          "acquired",
          "losses",
          "returns",
          "orders",
          "sales_minor",
          "net_new_minor",
          "net_returning_minor",
          "repeat_known",
          "repeat_customers");

  private RetentionSummary() {}

  /**
   * @param months customer months as of {@code asOf}, see {@link CustomerMonths#asOf}
   * @param days rows of customer_days
   * @param customers rows of customers
   * @param kept keeps the sums, which are read more than once
   */
  public static Dataset<Row> of(
      Dataset<Row> months,
      Dataset<Row> days,
      Dataset<Row> customers,
      LocalDate asOf,
      Settings.Cohorts settings,
      int minorDigits,
      CachedDatasets kept) {
    Dimensions dimensions = new Dimensions(settings.dimensions());
    Dataset<Row> acquired =
        dimensions.attach(months.where(CustomerMonthsTable.MONTH_INDEX.col().geq(0)), customers);
    Dataset<Row> facts =
        byAttributes(movements(acquired, settings.activeWindow()), dimensions)
            .unionByName(byAttributes(money(acquired), dimensions))
            .unionByName(
                byAttributes(repeats(days, customers, dimensions, asOf, settings), dimensions));
    Dataset<Row> byDimension =
        kept.keep(
            sums(
                dimensions.spread(facts),
                CohortMatrixTable.DIMENSION.col(),
                CohortMatrixTable.DIMENSION_VALUE.col(),
                RetentionSummaryTable.MONTH.col()));
    return measured(everyMonth(byDimension, asOf), asOf, settings, minorDigits);
  }

  /** Entry and exit of each active month. */
  private static Dataset<Row> movements(Dataset<Row> acquired, int window) {
    WindowSpec customer =
        Window.partitionBy(CustomerMonthsTable.CUSTOMER_ID.col())
            .orderBy(RetentionSummaryTable.MONTH.col());
    Column month = RetentionSummaryTable.MONTH.col();
    Column expiry = add_months(month, window);
    Column isLoss = col("next_month").isNull().or(col("next_month").gt(expiry));
    Column isReturn =
        col("previous_month").isNotNull().and(month.gt(add_months(col("previous_month"), window)));
    Dataset<Row> active =
        acquired
            .where(CustomerMonthsTable.ORDERS.col().gt(0))
            .withColumn("next_month", lead(month, 1).over(customer))
            .withColumn("previous_month", lag(month, 1).over(customer));
    Column entry =
        struct(
            month.as("event_month"),
            lit(1L).as("entries"),
            lit(0L).as("exits"),
            one(CustomerMonthsTable.MONTH_INDEX.col().equalTo(0)).as("acquired"),
            lit(0L).as("losses"),
            one(isReturn).as("returns"));
    Column exit =
        struct(
            least(coalesce(col("next_month"), expiry), expiry).as("event_month"),
            lit(0L).as("entries"),
            lit(1L).as("exits"),
            lit(0L).as("acquired"),
            one(isLoss).as("losses"),
            lit(0L).as("returns"));
    return withOtherSums(
        active
            .select(col("*"), inline(array(entry, exit)))
            .drop(RetentionSummaryTable.MONTH.name(), "orders")
            .withColumnRenamed("event_month", RetentionSummaryTable.MONTH.name()));
  }

  private static Dataset<Row> money(Dataset<Row> acquired) {
    Column net = Money.minorUnits(CustomerMonthsTable.NET);
    Column isNew = CustomerMonthsTable.MONTH_INDEX.col().equalTo(0);
    return withOtherSums(
        acquired
            .withColumn(
                "sales_minor",
                Money.minorUnits(CustomerMonthsTable.GROSS)
                    .minus(Money.minorUnits(CustomerMonthsTable.DISCOUNT)))
            .withColumn("net_new_minor", when(isNew, net).otherwise(lit(0L)))
            .withColumn("net_returning_minor", when(isNew, lit(0L)).otherwise(net)));
  }

  /** Customers whose first days are over by as_of, and those of them who ordered again in time. */
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
            .withColumn("last_day", lastDay)
            .withColumn("known_customer", CustomersTable.CUSTOMER_ID.col())
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
                    .equalTo(known.col("known_customer"))
                    .and(ordered.col(CustomerDaysTable.DAY.name()).leq(known.col("last_day"))))
            .groupBy(keys.toArray(Column[]::new))
            .agg(sum(CustomerDaysTable.ORDERS.col()).as("orders_in_time"))
            .withColumn("repeat_known", lit(1L))
            .withColumn("repeat_customers", one(col("orders_in_time").gt(1))));
  }

  private static Dataset<Row> withOtherSums(Dataset<Row> rows) {
    Dataset<Row> all = rows;
    for (String name : SUMS) {
      if (!List.of(rows.columns()).contains(name)) {
        all = all.withColumn(name, lit(0L));
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
    List<Column> sums = SUMS.stream().map(name -> sum(col(name)).as(name)).toList();
    return rows.groupBy(keys).agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new));
  }

  /** Each dimension value from its first customers to the month of as_of, without gaps. */
  private static Dataset<Row> everyMonth(Dataset<Row> facts, LocalDate asOf) {
    Column lastMonth = lit(asOf.minusDays(1).withDayOfMonth(1));
    Dataset<Row> begun =
        facts
            .where(col("acquired").gt(0))
            .groupBy(CohortMatrixTable.DIMENSION.col(), CohortMatrixTable.DIMENSION_VALUE.col())
            .agg(min(RetentionSummaryTable.MONTH.col()).as("first_month"))
            .select(
                CohortMatrixTable.DIMENSION.col(),
                CohortMatrixTable.DIMENSION_VALUE.col(),
                explode(sequence(col("first_month"), lastMonth, expr("interval 1 month")))
                    .as(RetentionSummaryTable.MONTH.name()));
    List<Column> columns =
        new ArrayList<>(
            List.of(
                CohortMatrixTable.DIMENSION.col(),
                CohortMatrixTable.DIMENSION_VALUE.col(),
                RetentionSummaryTable.MONTH.col()));
    SUMS.forEach(name -> columns.add(coalesce(col(name), lit(0L)).as(name)));
    return begun
        .join(
            facts,
            CollectionConverters.asScala(
                    List.of(
                        CohortMatrixTable.DIMENSION.name(),
                        CohortMatrixTable.DIMENSION_VALUE.name(),
                        RetentionSummaryTable.MONTH.name()))
                .toSeq(),
            "left")
        .select(columns.toArray(Column[]::new));
  }

  private static Dataset<Row> measured(
      Dataset<Row> months, LocalDate asOf, Settings.Cohorts settings, int minorDigits) {
    WindowSpec soFar =
        Window.partitionBy(
                CohortMatrixTable.DIMENSION.col(), CohortMatrixTable.DIMENSION_VALUE.col())
            .orderBy(RetentionSummaryTable.MONTH.col())
            .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
    // Few rows, one per dimension value and month: the lake's first month is that of `all`.
    WindowSpec everything = Window.partitionBy(lit(1));
    Column isOver = add_months(RetentionSummaryTable.MONTH.col(), 1).leq(lit(asOf));
    Column hasHistory =
        RetentionSummaryTable.MONTH
            .col()
            .geq(add_months(col("lake_start"), settings.activeWindow()));
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
        .withColumn("lake_start", start)
        .withColumn("end", sum(col("entries").minus(col("exits"))).over(soFar))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .withColumn(
            RetentionSummaryTable.STATE.name(),
            when(isOver, CohortMatrix.COMPLETE).otherwise(CohortMatrix.PARTIAL))
        .withColumn(
            RetentionSummaryTable.CUSTOMERS_START.name(),
            col("end").minus(col("entries")).plus(col("exits")))
        .withColumn(RetentionSummaryTable.CUSTOMERS_END.name(), when(isOver, col("end")))
        .withColumn(RetentionSummaryTable.NEW.name(), col("acquired"))
        .withColumn(RetentionSummaryTable.LOST.name(), when(isOver, col("losses")))
        .withColumn(RetentionSummaryTable.REACTIVATED.name(), col("returns"))
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
                col("sales_minor").divide(RetentionSummaryTable.ORDERS.col()).divide(unit)))
        .withColumn(
            RetentionSummaryTable.NET_NEW.name(),
            Money.ofMinorUnits(col("net_new_minor"), minorDigits))
        .withColumn(
            RetentionSummaryTable.NET_RETURNING.name(),
            Money.ofMinorUnits(col("net_returning_minor"), minorDigits))
        .withColumn(
            RetentionSummaryTable.REPEAT_PURCHASE_RATE.name(),
            when(col("repeat_known").gt(0), col("repeat_customers").divide(col("repeat_known"))))
        .select(
            RetentionSummaryTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }

  private static Column one(Column condition) {
    return when(condition, lit(1L)).otherwise(lit(0L));
  }
}
