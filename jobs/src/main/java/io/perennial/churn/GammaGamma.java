package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;

/**
 * The Gamma-Gamma model of order values (Fader, Hardie 2013, The Gamma-Gamma Model of Monetary
 * Value): a customer's orders have gamma values of shape p, whose rate differs between customers as
 * Gamma(q, gamma).
 *
 * @param p shape of the values of one customer's orders
 * @param q shape of the difference between customers, above 1 so that there is a mean
 * @param gamma scale of that difference, in money
 */
record GammaGamma(double p, double q, double gamma) {

  GammaGamma {
    if (!(p > 0 && q > 1 && gamma > 0) || Double.isInfinite(p + q + gamma)) {
      throw new IllegalArgumentException(
          "Cannot make a Gamma-Gamma model of p %s, q %s, gamma %s: p and gamma must be positive,"
                  .formatted(p, q, gamma)
              + " q above 1");
    }
  }

  /** Mean value of an order over all customers: {@code p gamma / (q - 1)}. */
  double mean() {
    return p * gamma / (q - 1);
  }

  /**
   * Expected value of a customer's orders to come: {@code p (gamma + x m) / (p x + q - 1)}, the
   * mean of all customers for x = 0.
   *
   * @param x orders that were averaged
   * @param mean m, their average value, not looked at for x = 0; a loss counts as 0
   */
  double expectedValue(int x, double mean) {
    return x == 0 ? mean() : p * (gamma + x * Math.max(0, mean)) / (p * x + q - 1);
  }

  /** {@link #expectedValue(int, double)} of columns; the mean may be null for x = 0. */
  Column expectedValue(Column x, Column mean) {
    Column total =
        when(x.gt(0), x.multiply(greatest(mean.cast("double"), lit(0.0)))).otherwise(0.0);
    return total.plus(gamma).multiply(p).divide(x.multiply(p).plus(q - 1));
  }
}
