package io.perennial.months;

import static org.apache.spark.sql.functions.*;

import io.perennial.customers.CustomersTable;
import io.perennial.spark.Money;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.RelationalGroupedDataset;
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
    RelationalGroupedDataset months =
        days.join(cohorts, CustomersTable.CUSTOMER_ID.name(), "left")
            .groupBy(
                CustomerMonthsTable.CUSTOMER_ID.col(),
                trunc(CustomerDaysTable.DAY.col(), "MM").as(CustomerMonthsTable.MONTH.name()),
                CustomerMonthsTable.COHORT_MONTH.col());
    return CustomerDays.totals(months, Money::minorUnits, minorDigits)
        .drop(CustomerDaysTable.CATEGORIES.name())
        .withColumn(
            CustomerMonthsTable.MONTH_INDEX.name(),
            monthsBetween(CustomerMonthsTable.COHORT_MONTH.col(), CustomerMonthsTable.MONTH.col()));
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
    Column isKnown = CustomerMonthsTable.COHORT_MONTH.col().lt(lit(asOf.withDayOfMonth(1)));
    return months
        .withColumn(
            CustomerMonthsTable.MONTH_INDEX.name(),
            when(isKnown, CustomerMonthsTable.MONTH_INDEX.col()))
        .withColumn(
            CustomerMonthsTable.COHORT_MONTH.name(),
            when(isKnown, CustomerMonthsTable.COHORT_MONTH.col()));
  }

  /** Months between two firsts of a month: 12 (Y - Y') + (M - M'). */
  public static Column monthsBetween(Column from, Column to) {
    return year(to).minus(year(from)).multiply(12).plus(month(to).minus(month(from)));
  }
}
