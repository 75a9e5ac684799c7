package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.months.CustomerDaysTable;
import io.perennial.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A customer's history at an origin as a few whole numbers, the input of every feature, of BG/NBD
 * and of Gamma-Gamma. All are sums, minima or maxima of integers: exact, and the same for any
 * partitioning.
 */
final class GroupedHistory {

  static final Field PURCHASE_DAYS = Field.count("purchase_days", "Days with a valid order.");
  static final Field FIRST_DAY = Field.date("first_day", "First purchase day.");
  static final Field LAST_DAY = Field.date("last_day", "Last purchase day.");
  static final Field DAYS_90 = Field.count("purchase_days_90", "In the last 90 days.");
  static final Field DAYS_365 = Field.count("purchase_days_365", "In the last 365 days.");
  static final Field SEASON_DAYS =
      Field.count("purchase_days_season", "Purchase days in the outcome window one year earlier.");
  static final Field IS_ELIGIBLE = Field.flag("is_eligible", "Ordered in the lookback.");

  private static final int YEAR = 365;

  private GroupedHistory() {}

  /**
   * One row per origin and customer with a valid order before it: customer_id, discounted_orders,
   * categories, and the columns declared here and in {@link History}.
   */
  static Dataset<Row> of(History history, ChurnDefinition definition) {
    Column isPurchase = CustomerDaysTable.ORDERS.col().gt(0);
    Column day = CustomerDaysTable.DAY.col();
    Column purchaseDay = when(isPurchase, day);
    Column origin = History.ORIGIN.col();
    Column seasonFrom = date_sub(origin, YEAR);
    Column seasonTo = date_sub(origin, YEAR - Math.min(YEAR, definition.horizonDays()));
    return history
        .rows()
        .groupBy(CustomerDaysTable.CUSTOMER_ID.col(), origin)
        .agg(
            count(purchaseDay).as(PURCHASE_DAYS.name()),
            min(purchaseDay).as(FIRST_DAY.name()),
            max(purchaseDay).as(LAST_DAY.name()),
            total(CustomerDaysTable.ORDERS),
            countIf(isPurchase.and(day.geq(date_sub(origin, 90)))).as(DAYS_90.name()),
            countIf(isPurchase.and(day.geq(seasonFrom))).as(DAYS_365.name()),
            countIf(isPurchase.and(day.geq(seasonFrom)).and(day.lt(seasonTo)))
                .as(SEASON_DAYS.name()),
            total(History.UNITS_MILLI),
            total(History.GROSS_MINOR),
            total(History.REFUND_MINOR),
            total(History.NET_MINOR),
            total(CustomerDaysTable.DISCOUNTED_ORDERS),
            total(CustomerDaysTable.CATEGORIES))
        .where(PURCHASE_DAYS.col().gt(0))
        .withColumn(IS_ELIGIBLE.name(), definition.isEligible(origin, LAST_DAY.col()));
  }

  private static Column total(Field field) {
    return sum(field.col()).as(field.name());
  }

  private static Column countIf(Column condition) {
    return sum(when(condition, lit(1L)).otherwise(lit(0L)));
  }
}
