package io.perennial.cohorts;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;

/**
 * Wilson's score interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22): unlike the textbook
 * interval it stays within 0 and 1 and holds for small groups.
 *
 * @param low lower end
 * @param high upper end
 */
record WilsonInterval(Column low, Column high) {

  /** Two-sided 95 %: the 0.975 quantile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  /**
   * @param successes count, 0 to n
   * @param n group size, positive
   */
  static WilsonInterval of(Column successes, Column n) {
    Column share = successes.divide(n);
    double zz = Z * Z;
    Column centre = share.plus(lit(zz / 2).divide(n));
    Column spread =
        sqrt(share
                .multiply(lit(1.0).minus(share))
                .divide(n)
                .plus(lit(zz / 4).divide(n.multiply(n))))
            .multiply(Z);
    Column scale = lit(1.0).plus(lit(zz).divide(n));
    return new WilsonInterval(
        greatest(lit(0.0), centre.minus(spread).divide(scale)),
        least(lit(1.0), centre.plus(spread).divide(scale)));
  }
}
