package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.Money;
import java.time.LocalDate;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * What {@code customer_days} says of each customer before as_of: one row per customer who has
 * placed a valid order. Every aggregate is of a fixed width, so that hashing does without a sort.
 */
final class PurchaseHistory {

  private static final int DAYS_OF_A_YEAR = 365;
  private static final int MONTHS_OF_A_YEAR = 12;
  private static final int MOST_YEARS = 30;

  private PurchaseHistory() {}

  /**
   * @param days rows of customer_days
   * @param seasonDays days from as_of on that count as the coming season
   */
  static Dataset<Row> of(Dataset<Row> days, LocalDate asOf, int seasonDays, int minorDigits) {
    Column day = CustomerDaysTable.DAY.col();
    Column ordered = CustomerDaysTable.ORDERS.col().gt(0);
    Column refunded = CustomerDaysTable.REFUND.col().gt(0);
    Column lastYear = day.geq(date_sub(lit(asOf), DAYS_OF_A_YEAR));
    Column net = Money.minorUnits(CustomerDaysTable.NET);
    Column sales =
        Money.minorUnits(CustomerDaysTable.GROSS)
            .minus(Money.minorUnits(CustomerDaysTable.DISCOUNT));
    return days.where(day.lt(lit(asOf)))
        .groupBy(CustomerDaysTable.CUSTOMER_ID.col())
        .agg(
            min(when(ordered, day)).as(CustomerProfileTable.FIRST_ORDER_DAY.name()),
            max(when(ordered, day)).as(CustomerProfileTable.LAST_ORDER_DAY.name()),
            sum(CustomerDaysTable.ORDERS.col()).as(CustomerProfileTable.ORDERS.name()),
            sum(net).as("net_minor"),
            sum(sales).as("sales_minor"),
            sum(when(lastYear, CustomerDaysTable.ORDERS.col()).otherwise(0L))
                .as(CustomerProfileTable.ORDERS_LAST_YEAR.name()),
            sum(when(lastYear, net).otherwise(0L)).as("net_last_year_minor"),
            sum(CustomerDaysTable.DISCOUNTED_ORDERS.col())
                .as(CustomerProfileTable.DISCOUNTED_ORDERS.name()),
            count(when(refunded, lit(1))).as(CustomerProfileTable.REFUND_DAYS.name()),
            Money.sumMinorUnits(CustomerDaysTable.REFUND).as("refund_minor"),
            max(when(refunded, day)).as("last_refund_day"),
            bit_or(when(ordered, shiftLeft(month(day))).otherwise(0)).as("months"),
            bit_or(when(ordered, season(day, asOf, seasonDays)).otherwise(0)).as("seasons"))
        .where(CustomerProfileTable.ORDERS.col().gt(0))
        .select(
            CustomerProfileTable.CUSTOMER_ID.col(),
            CustomerProfileTable.FIRST_ORDER_DAY.col(),
            CustomerProfileTable.LAST_ORDER_DAY.col(),
            since(CustomerProfileTable.FIRST_ORDER_DAY.col(), asOf)
                .as(CustomerProfileTable.DAYS_SINCE_FIRST_ORDER.name()),
            since(CustomerProfileTable.LAST_ORDER_DAY.col(), asOf)
                .as(CustomerProfileTable.DAYS_SINCE_LAST_ORDER.name()),
            CustomerProfileTable.ORDERS.col(),
            Money.ofMinorUnits(col("net_minor"), minorDigits).as(CustomerProfileTable.NET.name()),
            col("sales_minor")
                .cast(DataTypes.DoubleType)
                .divide(Math.pow(10, minorDigits))
                .divide(CustomerProfileTable.ORDERS.col())
                .as(CustomerProfileTable.AOV.name()),
            CustomerProfileTable.ORDERS_LAST_YEAR.col(),
            Money.ofMinorUnits(col("net_last_year_minor"), minorDigits)
                .as(CustomerProfileTable.NET_LAST_YEAR.name()),
            CustomerProfileTable.DISCOUNTED_ORDERS.col(),
            CustomerProfileTable.DISCOUNTED_ORDERS
                .col()
                .cast(DataTypes.DoubleType)
                .divide(CustomerProfileTable.ORDERS.col())
                .as(CustomerProfileTable.DISCOUNTED_SHARE.name()),
            CustomerProfileTable.REFUND_DAYS.col(),
            Money.ofMinorUnits(col("refund_minor"), minorDigits)
                .as(CustomerProfileTable.REFUND.name()),
            since(col("last_refund_day"), asOf)
                .as(CustomerProfileTable.DAYS_SINCE_LAST_REFUND.name()),
            months(col("months")).as(CustomerProfileTable.BOUGHT_MONTHS.name()),
            bit_count(col("seasons")).as(CustomerProfileTable.COMING_SEASON_YEARS.name()));
  }

  private static Column since(Column day, LocalDate asOf) {
    return datediff(lit(asOf), day);
  }

  /** The months whose bits are set. */
  private static Column months(Column bits) {
    return concat(
        IntStream.rangeClosed(1, MONTHS_OF_A_YEAR)
            .mapToObj(
                month ->
                    when(bits.bitwiseAND(1 << month).notEqual(0), array(lit(month)))
                        .otherwise(array().cast("array<int>")))
            .toArray(Column[]::new));
  }

  private static Column shiftLeft(Column bit) {
    return org.apache.spark.sql.functions.call_function("shiftleft", lit(1), bit);
  }

  /**
   * The bit of the year whose season the day is in, counted back from as_of's; 0 where it is in
   * none. The season of k years ago begins on as_of's day of the year; it may have begun in the
   * calendar year before the day's.
   */
  private static Column season(Column day, LocalDate asOf, int seasonDays) {
    Column yearsBack = lit(asOf.getYear()).minus(year(day));
    Column result = lit(0);
    for (int more = 1; more >= 0; more--) {
      Column k = yearsBack.plus(more);
      Column begin = add_months(lit(asOf), k.multiply(-MONTHS_OF_A_YEAR));
      result =
          when(
                  k.between(1, MOST_YEARS)
                      .and(day.geq(begin))
                      .and(day.lt(date_add(begin, seasonDays))),
                  shiftLeft(k))
              .otherwise(result);
    }
    return result;
  }
}
