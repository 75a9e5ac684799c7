package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;

/**
 * The Gamma-Gamma model of order values (Fader, Hardie 2013, The Gamma-Gamma Model of Monetary
 * Value): the values of a customer's orders are gamma distributed with shape p and a rate that is
 * Gamma(q, gamma) distributed over the customers.
 *
 * @param p shape of the values of one customer's orders
 * @param q shape of the rate over customers, above 1 so that the mean exists
 * @param gamma inverse scale of the rate over customers, in the currency's major unit
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
   * Expected value of a customer's future orders: {@code p (gamma + x m) / (p x + q - 1)}; for x =
   * 0 the mean of all customers.
   *
   * @param x observed orders
   * @param mean m, their mean value, ignored for x = 0; a negative one counts as 0
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
