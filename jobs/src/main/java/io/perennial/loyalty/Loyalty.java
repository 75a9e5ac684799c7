package io.perennial.loyalty;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.LoyaltySettings;
import io.perennial.config.LoyaltySettings.Tier;
import io.perennial.months.CustomerDaysTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/**
 * Computes {@code loyalty} from {@code customer_days}.
 *
 * <p>Points are rounded down once, on the total of a customer: a customer who splits a purchase
 * loses no points, and one who returns everything has exactly 0. Points are computed in whole
 * numbers: with p points per unit, p' = 10^4 p and d minor digits, m minor units earn {@code (p' m)
 * div 10^(4 + d)} points.
 */
public final class Loyalty {

  /** Wide enough for any product of money in minor units and points per unit. */
  private static final DecimalType WIDE = DataTypes.createDecimalType(24, 0);

  private static final DecimalType RATE = DataTypes.createDecimalType(13, 0);

  private static final Field ORDERS = Field.count("valid_orders", "Valid orders before as_of.");
  private static final Field SALES = Field.count("sales_minor", "Gross - discount, minor units.");
  private static final Field REFUND = Field.count("refund_minor", "Refund, minor units.");
  private static final Field WINDOW_NET =
      Field.count("window_minor", "Net in the window, minor units.");
  private static final Field NEXT_FROM =
      Field.count("next_from_minor", "Threshold of the next tier, minor units.");

  private Loyalty() {}

  /**
   * @param days rows of customer_days
   */
  public static Dataset<Row> of(
      Dataset<Row> days, LocalDate asOf, LoyaltySettings settings, int minorDigits) {
    Points points = new Points(settings.pointsPerUnit(), minorDigits);
    Column day = CustomerDaysTable.DAY.col();
    Column sales =
        Money.minorUnits(CustomerDaysTable.GROSS)
            .minus(Money.minorUnits(CustomerDaysTable.DISCOUNT));
    Column inWindow = day.geq(add_months(lit(asOf), -settings.tierWindowMonths()));
    Dataset<Row> totals =
        days.where(day.lt(lit(asOf)))
            .groupBy(CustomerDaysTable.CUSTOMER_ID.col())
            .agg(
                sum(CustomerDaysTable.ORDERS.col()).as(ORDERS.name()),
                sum(sales).as(SALES.name()),
                Money.sum(CustomerDaysTable.REFUND).as(REFUND.name()),
                sum(when(inWindow, Money.minorUnits(CustomerDaysTable.NET)).otherwise(lit(0L)))
                    .as(WINDOW_NET.name()))
            .where(ORDERS.col().gt(0));
    Column missing = NEXT_FROM.col().minus(WINDOW_NET.col());
    return totals
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .withColumn(
            LoyaltyTable.POINTS_EARNED.name(), points.roundedDown(greatest(SALES.col(), lit(0L))))
        .withColumn(
            LoyaltyTable.POINTS_RETURNED.name(),
            least(points.roundedDown(REFUND.col()), LoyaltyTable.POINTS_EARNED.col()))
        .withColumn(
            LoyaltyTable.POINTS_BALANCE.name(),
            LoyaltyTable.POINTS_EARNED.col().minus(LoyaltyTable.POINTS_RETURNED.col()))
        .withColumn(LoyaltyTable.TIER.name(), tier(settings.tiers(), 0, minorDigits))
        .withColumn(LoyaltyTable.NEXT_TIER.name(), tier(settings.tiers(), 1, minorDigits))
        .withColumn(NEXT_FROM.name(), nextThreshold(settings.tiers(), minorDigits))
        .withColumn(
            LoyaltyTable.NET_IN_TIER_WINDOW.name(),
            Money.ofMinorUnits(WINDOW_NET.col(), minorDigits))
        .withColumn(LoyaltyTable.NET_TO_NEXT_TIER.name(), Money.ofMinorUnits(missing, minorDigits))
        .withColumn(LoyaltyTable.POINTS_TO_NEXT_TIER.name(), points.roundedUp(missing))
        .select(LoyaltyTable.TABLE.columns());
  }

  /**
   * Name of the tier that a customer reaches ({@code above} 0) or of the tier above it (1), null
   * above the highest.
   */
  private static Column tier(List<Tier> tiers, int above, int minorDigits) {
    Column result = lit(name(tiers, above));
    for (int i = 1; i < tiers.size(); i++) {
      result =
          when(WINDOW_NET.col().geq(minor(tiers.get(i), minorDigits)), lit(name(tiers, i + above)))
              .otherwise(result);
    }
    return result.cast(DataTypes.StringType);
  }

  private static String name(List<Tier> tiers, int index) {
    return index < tiers.size() ? tiers.get(index).name() : null;
  }

  private static Column nextThreshold(List<Tier> tiers, int minorDigits) {
    Column result = lit(null);
    for (int i = tiers.size() - 1; i >= 1; i--) {
      long from = minor(tiers.get(i), minorDigits);
      result = when(WINDOW_NET.col().lt(from), from).otherwise(result);
    }
    return result.cast(DataTypes.LongType);
  }

  private static long minor(Tier tier, int minorDigits) {
    return tier.from().movePointRight(minorDigits).longValueExact();
  }

  /** Points that amounts in minor units earn. */
  private record Points(BigDecimal perUnit, int minorDigits) {

    private Column scaled(Column minor) {
      BigDecimal rate = perUnit.movePointRight(LoyaltySettings.POINT_DECIMALS).setScale(0);
      return minor.cast(WIDE).multiply(lit(rate).cast(RATE));
    }

    private Column divisor() {
      return lit(BigDecimal.TEN.pow(LoyaltySettings.POINT_DECIMALS + minorDigits)).cast(RATE);
    }

    Column roundedDown(Column minor) {
      return call_function("div", scaled(minor), divisor());
    }

    Column roundedUp(Column minor) {
      return call_function("div", scaled(minor).plus(divisor()).minus(lit(1)), divisor());
    }
  }
}
