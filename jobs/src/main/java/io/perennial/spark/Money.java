package io.perennial.spark;

import io.perennial.table.Field;
import java.math.BigDecimal;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.MakeDecimal;
import org.apache.spark.sql.catalyst.expressions.UnscaledValue;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;

/**
 * Converts money between decimals, which tables hold, and whole minor units, which computations
 * use.
 *
 * <p>Sums of 64-bit minor units are exact and far faster than sums of {@code DECIMAL(18, d)}, whose
 * result is wider than a machine word. Both conversions only relabel the stored integer. Spark has
 * them as expressions, not as SQL functions. A sum of minor units that overflows fails in ANSI
 * mode.
 */
public final class Money {

  private Money() {}

  /** The unscaled integer of a decimal with at most 18 digits: 12.34 gives 1234. */
  public static Column minorUnits(Column decimal) {
    return ExpressionUtils.column(new UnscaledValue(ExpressionUtils.expression(decimal)));
  }

  public static Column minorUnits(Field decimal) {
    return minorUnits(decimal.col());
  }

  /** The exact sum of a decimal column in minor units; null where there is no row. */
  public static Column sum(Field decimal) {
    return functions.sum(minorUnits(decimal));
  }

  /** The exact sum of a decimal column in minor units; 0 where there is no row. */
  public static Column total(Field decimal) {
    return functions.coalesce(sum(decimal), functions.lit(0L));
  }

  /** The money of a number of minor units: 1234 gives 12.34 at two digits. */
  public static Column ofMinorUnits(Column units, int minorDigits) {
    return ExpressionUtils.column(
        new MakeDecimal(ExpressionUtils.expression(units), 18, minorDigits, false));
  }

  /** The quantity of a number of thousandths. */
  public static Column quantityOfThousandths(Column thousandths) {
    return ofMinorUnits(thousandths, Field.QUANTITY.scale());
  }

  /** An amount in minor units as text: 1234 gives "12.34" at two digits. */
  public static String text(long minorUnits, int minorDigits) {
    return BigDecimal.valueOf(minorUnits, minorDigits).toPlainString();
  }
}
