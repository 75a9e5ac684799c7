package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import java.time.LocalDate;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Aggregates {@code customer_days} before as_of to one row per customer with a valid order. Every
 * aggregate has a fixed width, so that Spark aggregates by hashing, without a sort. An aggregate
 * carries the name of the column that is computed from it: money in minor units, months as bits.
 */
final class PurchaseHistory {

  private static final int DAYS_PER_YEAR = 365;
  private static final int MONTHS_PER_YEAR = 12;
  private static final int MAX_YEARS = 30;

  private PurchaseHistory() {}

  /**
   * @param seasonDays days from as_of on that count as the coming season
   */
  static Dataset<Row> of(Dataset<Row> days, LocalDate asOf, int seasonDays, int minorDigits) {
    Column day = CustomerDaysTable.DAY.col();
    Column ordered = CustomerDaysTable.ORDERS.col().gt(0);
    Column refunded = CustomerDaysTable.REFUND.col().gt(0);
    Column lastYear = day.geq(date_sub(lit(asOf), DAYS_PER_YEAR));
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
            sum(net).as(CustomerProfileTable.NET.name()),
            sum(sales).as(CustomerProfileTable.AOV.name()),
            sum(when(lastYear, CustomerDaysTable.ORDERS.col()).otherwise(0L))
                .as(CustomerProfileTable.ORDERS_LAST_YEAR.name()),
            sum(when(lastYear, net).otherwise(0L)).as(CustomerProfileTable.NET_LAST_YEAR.name()),
            sum(CustomerDaysTable.DISCOUNTED_ORDERS.col())
                .as(CustomerProfileTable.DISCOUNTED_ORDERS.name()),
            count(when(refunded, lit(1))).as(CustomerProfileTable.REFUND_DAYS.name()),
            Money.sum(CustomerDaysTable.REFUND).as(CustomerProfileTable.REFUND.name()),
            max(when(refunded, day)).as(CustomerProfileTable.DAYS_SINCE_LAST_REFUND.name()),
            bit_or(when(ordered, shiftLeft(month(day))).otherwise(0))
                .as(CustomerProfileTable.BOUGHT_MONTHS.name()),
            bit_or(when(ordered, season(day, asOf, seasonDays)).otherwise(0))
                .as(CustomerProfileTable.COMING_SEASON_YEARS.name()))
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
            money(CustomerProfileTable.NET, minorDigits),
            CustomerProfileTable.AOV
                .col()
                .cast(DataTypes.DoubleType)
                .divide(Math.pow(10, minorDigits))
                .divide(CustomerProfileTable.ORDERS.col())
                .as(CustomerProfileTable.AOV.name()),
            CustomerProfileTable.ORDERS_LAST_YEAR.col(),
            money(CustomerProfileTable.NET_LAST_YEAR, minorDigits),
            CustomerProfileTable.DISCOUNTED_ORDERS.col(),
            CustomerProfileTable.DISCOUNTED_ORDERS
                .col()
                .cast(DataTypes.DoubleType)
                .divide(CustomerProfileTable.ORDERS.col())
                .as(CustomerProfileTable.DISCOUNTED_SHARE.name()),
            CustomerProfileTable.REFUND_DAYS.col(),
            money(CustomerProfileTable.REFUND, minorDigits),
            since(CustomerProfileTable.DAYS_SINCE_LAST_REFUND.col(), asOf)
                .as(CustomerProfileTable.DAYS_SINCE_LAST_REFUND.name()),
            months(CustomerProfileTable.BOUGHT_MONTHS.col())
                .as(CustomerProfileTable.BOUGHT_MONTHS.name()),
            bit_count(CustomerProfileTable.COMING_SEASON_YEARS.col())
                .as(CustomerProfileTable.COMING_SEASON_YEARS.name()));
  }

  private static Column money(Field field, int minorDigits) {
    return Money.ofMinorUnits(field.col(), minorDigits).as(field.name());
  }

  private static Column since(Column day, LocalDate asOf) {
    return datediff(lit(asOf), day);
  }

  /** The months whose bits are set. */
  private static Column months(Column bits) {
    return concat(
        IntStream.rangeClosed(1, MONTHS_PER_YEAR)
            .mapToObj(
                month ->
                    when(bits.bitwiseAND(1 << month).notEqual(0), array(lit(month)))
                        .otherwise(array().cast("array<int>")))
            .toArray(Column[]::new));
  }

  private static Column shiftLeft(Column bit) {
    return call_function("shiftleft", lit(1), bit);
  }

  /**
   * Bit k where the day is in the season of k years ago, which begins on as_of's day of the year; 0
   * where it is in none. A season may have begun in the calendar year before the day's.
   */
  private static Column season(Column day, LocalDate asOf, int seasonDays) {
    Column yearsBack = lit(asOf.getYear()).minus(year(day));
    Column result = lit(0);
    for (int more = 1; more >= 0; more--) {
      Column k = yearsBack.plus(more);
      Column begin = add_months(lit(asOf), k.multiply(-MONTHS_PER_YEAR));
      result =
          when(
                  k.between(1, MAX_YEARS)
                      .and(day.geq(begin))
                      .and(day.lt(date_add(begin, seasonDays))),
                  shiftLeft(k))
              .otherwise(result);
    }
    return result;
  }
}
