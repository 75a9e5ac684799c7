package io.perennial.months;

import static org.apache.spark.sql.functions.*;

import io.perennial.customers.CustomersTable;
import io.perennial.spark.Money;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Computes {@code customer_months} from {@code customer_days} and {@code customers}. */
public final class CustomerMonths {

  private CustomerMonths() {}

  /**
   * One row per customer and month. Both inputs are shuffled once, by customer; grouping by
   * customer and month reuses that partitioning.
   *
   * @param days rows of customer_days
   * @param customers rows of customers
   */
  public static Dataset<Row> of(Dataset<Row> days, Dataset<Row> customers, int minorDigits) {
    Dataset<Row> cohorts =
        customers.select(CustomerMonthsTable.CUSTOMER_ID.col(), CustomersTable.COHORT_MONTH.col());
    return grouped(
        days.join(
                cohorts,
                days.col(CustomerMonthsTable.CUSTOMER_ID.name())
                    .equalTo(cohorts.col(CustomerMonthsTable.CUSTOMER_ID.name())),
                "left")
            .drop(cohorts.col(CustomerMonthsTable.CUSTOMER_ID.name())),
        minorDigits);
  }

  /**
   * Customer months as of the local midnight of {@code asOf}: earlier months from {@code months},
   * and the month of {@code asOf} from {@code days} up to the day before. A customer whose first
   * valid order is not before {@code asOf} has no cohort yet.
   */
  public static Dataset<Row> asOf(
      Dataset<Row> months,
      Dataset<Row> days,
      Dataset<Row> customers,
      LocalDate asOf,
      int minorDigits) {
    LocalDate month = asOf.withDayOfMonth(1);
    Dataset<Row> whole =
        unacquired(months.where(CustomerMonthsTable.MONTH.col().lt(lit(month))), asOf);
    if (asOf.equals(month)) {
      return whole;
    }
    if (isAllBefore(days, asOf)) {
      return whole.unionByName(months.where(CustomerMonthsTable.MONTH.col().equalTo(lit(month))));
    }
    Dataset<Row> begun =
        days.where(CustomerDaysTable.MONTH.col().equalTo(lit(month)))
            .where(CustomerDaysTable.DAY.col().lt(lit(asOf)));
    Dataset<Row> known =
        customers.where(to_date(CustomersTable.FIRST_ORDER_AT.col()).lt(lit(asOf)));
    return whole.unionByName(of(begun, known, minorDigits));
  }

  /** Whether no row is of a given day or later. */
  private static boolean isAllBefore(Dataset<Row> days, LocalDate day) {
    return days.where(CustomerDaysTable.MONTH.col().geq(lit(day.withDayOfMonth(1))))
        .where(CustomerDaysTable.DAY.col().geq(lit(day)))
        .isEmpty();
  }

  /** Clears cohorts after as_of: a refund may precede the first valid order. */
  private static Dataset<Row> unacquired(Dataset<Row> months, LocalDate asOf) {
    Column unknown = CustomerMonthsTable.COHORT_MONTH.col().geq(lit(asOf.withDayOfMonth(1)));
    return months
        .withColumn(
            CustomerMonthsTable.MONTH_INDEX.name(),
            when(unknown, lit(null)).otherwise(CustomerMonthsTable.MONTH_INDEX.col()))
        .withColumn(
            CustomerMonthsTable.COHORT_MONTH.name(),
            when(unknown, lit(null)).otherwise(CustomerMonthsTable.COHORT_MONTH.col()));
  }

  private static Dataset<Row> grouped(Dataset<Row> days, int minorDigits) {
    Column gross = sum(Money.minorUnits(CustomerDaysTable.GROSS));
    Column discount = sum(Money.minorUnits(CustomerDaysTable.DISCOUNT));
    Column refund = sum(Money.minorUnits(CustomerDaysTable.REFUND));
    return days.groupBy(
            CustomerMonthsTable.CUSTOMER_ID.col(),
            trunc(CustomerDaysTable.DAY.col(), "MM").as(CustomerMonthsTable.MONTH.name()),
            CustomerMonthsTable.COHORT_MONTH.col())
        .agg(
            sum(CustomerDaysTable.ORDERS.col()).as(CustomerMonthsTable.ORDERS.name()),
            Money.quantityOfThousandths(sum(Money.minorUnits(CustomerDaysTable.UNITS)))
                .as(CustomerMonthsTable.UNITS.name()),
            Money.ofMinorUnits(gross, minorDigits).as(CustomerMonthsTable.GROSS.name()),
            Money.ofMinorUnits(discount, minorDigits).as(CustomerMonthsTable.DISCOUNT.name()),
            Money.ofMinorUnits(refund, minorDigits).as(CustomerMonthsTable.REFUND.name()),
            Money.ofMinorUnits(gross.minus(discount).minus(refund), minorDigits)
                .as(CustomerMonthsTable.NET.name()),
            sum(CustomerDaysTable.DISCOUNTED_ORDERS.col())
                .as(CustomerMonthsTable.DISCOUNTED_ORDERS.name()),
            min(CustomerDaysTable.FIRST_ORDER_AT.col())
                .as(CustomerMonthsTable.FIRST_ORDER_AT.name()),
            max(CustomerDaysTable.LAST_ORDER_AT.col()).as(CustomerMonthsTable.LAST_ORDER_AT.name()))
        .withColumn(
            CustomerMonthsTable.MONTH_INDEX.name(),
            monthsBetween(CustomerMonthsTable.COHORT_MONTH.col(), CustomerMonthsTable.MONTH.col()));
  }

  /** Months between two firsts of a month: 12 (Y - Y') + (M - M'). */
  public static Column monthsBetween(Column from, Column to) {
    return year(to).minus(year(from)).multiply(12).plus(month(to).minus(month(from)));
  }
}
