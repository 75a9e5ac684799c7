package io.perennial.months;

import static org.apache.spark.sql.functions.*;

import io.perennial.customers.CustomersTable;
import io.perennial.spark.Money;
import java.time.LocalDate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes {@code customer_months} from {@code customer_days} and each customer's cohort. */
public final class CustomerMonths {

  private CustomerMonths() {}

  /**
   * One row per customer and month. Both inputs are shuffled by customer once; grouping by customer
   * and month needs no second shuffle.
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
   * Customer months as they were known at the local midnight of {@code asOf}: whole months before
   * its own from {@code months}, its own month up to the day before from {@code days}. A customer
   * whose first valid order is not before {@code asOf} has no cohort yet.
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

  /** Whether nothing is known of a day or later. */
  private static boolean isAllBefore(Dataset<Row> days, LocalDate day) {
    return days.where(CustomerDaysTable.MONTH.col().geq(lit(day.withDayOfMonth(1))))
        .where(CustomerDaysTable.DAY.col().geq(lit(day)))
        .isEmpty();
  }

  /** A month before as_of may hold a refund of a customer whose first order is after it. */
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
    Column monthOfDay = trunc(CustomerDaysTable.DAY.col(), "MM");
    return days.groupBy(
            CustomerMonthsTable.CUSTOMER_ID.col(),
            monthOfDay.as(CustomerMonthsTable.MONTH.name()),
            CustomerMonthsTable.COHORT_MONTH.col())
        .agg(
            sum(CustomerMonthsTable.ORDERS.col()).as(CustomerMonthsTable.ORDERS.name()),
            Money.sumMinorUnits(CustomerMonthsTable.UNITS).as("thousandths"),
            Money.sumMinorUnits(CustomerMonthsTable.GROSS).as("gross_minor"),
            Money.sumMinorUnits(CustomerMonthsTable.DISCOUNT).as("discount_minor"),
            Money.sumMinorUnits(CustomerMonthsTable.REFUND).as("refund_minor"),
            sum(CustomerMonthsTable.DISCOUNTED_ORDERS.col())
                .as(CustomerMonthsTable.DISCOUNTED_ORDERS.name()),
            min(CustomerMonthsTable.FIRST_ORDER_AT.col())
                .as(CustomerMonthsTable.FIRST_ORDER_AT.name()),
            max(CustomerMonthsTable.LAST_ORDER_AT.col())
                .as(CustomerMonthsTable.LAST_ORDER_AT.name()))
        .select(
            CustomerMonthsTable.CUSTOMER_ID.col(),
            CustomerMonthsTable.MONTH.col(),
            CustomerMonthsTable.COHORT_MONTH.col(),
            monthsBetween(CustomerMonthsTable.COHORT_MONTH.col(), CustomerMonthsTable.MONTH.col())
                .as(CustomerMonthsTable.MONTH_INDEX.name()),
            CustomerMonthsTable.ORDERS.col(),
            Money.quantityOfThousandths(col("thousandths")).as(CustomerMonthsTable.UNITS.name()),
            Money.ofMinorUnits(col("gross_minor"), minorDigits)
                .as(CustomerMonthsTable.GROSS.name()),
            Money.ofMinorUnits(col("discount_minor"), minorDigits)
                .as(CustomerMonthsTable.DISCOUNT.name()),
            Money.ofMinorUnits(col("refund_minor"), minorDigits)
                .as(CustomerMonthsTable.REFUND.name()),
            Money.ofMinorUnits(
                    col("gross_minor").minus(col("discount_minor")).minus(col("refund_minor")),
                    minorDigits)
                .as(CustomerMonthsTable.NET.name()),
            CustomerMonthsTable.DISCOUNTED_ORDERS.col(),
            CustomerMonthsTable.FIRST_ORDER_AT.col(),
            CustomerMonthsTable.LAST_ORDER_AT.col());
  }

  /** Whole months from one first-of-month to another: 12 (Y - Y') + (M - M'). */
  public static Column monthsBetween(Column from, Column to) {
    return year(to).minus(year(from)).multiply(12).plus(month(to).minus(month(from)));
  }
}
