package io.perennial.spark;

import io.perennial.table.Field;
import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.MakeDecimal;
import org.apache.spark.sql.catalyst.expressions.UnscaledValue;
import org.apache.spark.sql.classic.ExpressionUtils;

/**
 * Money as whole minor units inside, decimals at the edges of tables.
 *
 * <p>Sums of 64-bit minor units are exact and far faster than sums of {@code DECIMAL(18, d)}, whose
 * result is wider than a machine word. Both conversions only relabel the stored integer; Spark has
 * them as expressions but not as SQL functions, so this is the one class that reaches for them. An
 * overflowing sum of minor units fails under ANSI mode; it never wraps.
 */
public final class Money {

  private Money() {}

  /** The unscaled integer of a decimal with at most 18 digits: 12.34 gives 1234. */
  public static Column minorUnits(Column decimal) {
    return ExpressionUtils.column(new UnscaledValue(ExpressionUtils.expression(decimal)));
  }

  /** The unscaled integer of a decimal column. */
  public static Column minorUnits(Field decimal) {
    return minorUnits(decimal.col());
  }

  /** The money column that so many minor units make: 1234 gives 12.34 at two digits. */
  public static Column ofMinorUnits(Column units, int minorDigits) {
    return decimal(units, minorDigits);
  }

  /** The quantity that so many thousandths make. */
  public static Column quantityOfThousandths(Column thousandths) {
    return decimal(thousandths, Field.QUANTITY.scale());
  }

  /** An amount in minor units as text: 1234 gives "12.34" at two digits. */
  public static String text(long minorUnits, int minorDigits) {
    return BigDecimal.valueOf(minorUnits, minorDigits).toPlainString();
  }

  private static Column decimal(Column units, int scale) {
    return ExpressionUtils.column(
        new MakeDecimal(ExpressionUtils.expression(units), 18, scale, false));
  }
}
