package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A customer's history at an origin in a few whole numbers: what every feature, BG/NBD and
 * Gamma-Gamma are made of. Sums, smallest and largest values only, so that they are exact and the
 * same for any partitioning.
 */
final class GroupedHistory {

  static final String PURCHASE_DAYS = "purchase_days";
  static final String FIRST_DAY = "first_day";
  static final String LAST_DAY = "last_day";
  static final String ORDERS = "orders";
  static final String DAYS_90 = "purchase_days_90";
  static final String DAYS_365 = "purchase_days_365";
  static final String SEASON_DAYS = "purchase_days_season";
  static final String IS_ELIGIBLE = "is_eligible";

  private static final int YEAR = 365;

  private GroupedHistory() {}

  /**
   * One row per origin and customer with a valid order before it: customer_id, origin, the columns
   * named here and in {@link History}, and whether the customer ordered in the lookback before it.
   */
  static Dataset<Row> of(History history, int horizonDays, Optional<Integer> lookbackDays) {
    Column isPurchase = CustomerDaysTable.ORDERS.col().gt(0);
    Column day = CustomerDaysTable.DAY.col();
    Column purchaseDay = when(isPurchase, day);
    Column origin = col(History.ORIGIN);
    Column seasonFrom = date_sub(origin, YEAR);
    Column seasonTo = date_sub(origin, YEAR - Math.min(YEAR, horizonDays));
    return history
        .rows()
        .groupBy(CustomerDaysTable.CUSTOMER_ID.col(), origin)
        .agg(
            count(purchaseDay).as(PURCHASE_DAYS),
            min(purchaseDay).as(FIRST_DAY),
            max(purchaseDay).as(LAST_DAY),
            sum(CustomerDaysTable.ORDERS.col()).as(ORDERS),
            countIf(isPurchase.and(day.geq(date_sub(origin, 90)))).as(DAYS_90),
            countIf(isPurchase.and(day.geq(seasonFrom))).as(DAYS_365),
            countIf(isPurchase.and(day.geq(seasonFrom)).and(day.lt(seasonTo))).as(SEASON_DAYS),
            sum(col(History.THOUSANDTHS)).as(History.THOUSANDTHS),
            sum(col(History.GROSS_MINOR)).as(History.GROSS_MINOR),
            sum(col(History.REFUND_MINOR)).as(History.REFUND_MINOR),
            sum(col(History.NET_MINOR)).as(History.NET_MINOR),
            sum(CustomerDaysTable.DISCOUNTED_ORDERS.col())
                .as(CustomerDaysTable.DISCOUNTED_ORDERS.name()),
            sum(CustomerDaysTable.CATEGORIES.col()).as(CustomerDaysTable.CATEGORIES.name()))
        .where(col(PURCHASE_DAYS).gt(0))
        .withColumn(
            IS_ELIGIBLE,
            lookbackDays.map(days -> datediff(origin, col(LAST_DAY)).leq(days)).orElse(lit(true)));
  }

  private static Column countIf(Column condition) {
    return sum(when(condition, lit(1L)).otherwise(lit(0L)));
  }
}
