package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import java.io.Serializable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * The BG/NBD model (Fader, Hardie, Lee 2005, "Counting Your Customers" the Easy Way, Marketing
 * Science 24): while alive, a customer orders at a Poisson rate that is Gamma(r, alpha) distributed
 * over the customers; after each repeat order the customer drops out with a probability that is
 * Beta(a, b) distributed.
 *
 * <p>A customer's history is x repeat orders (purchase days - 1), the last of them t_x after the
 * first order, observed until T after the first order. All times are in weeks.
 *
 * @param r shape of the order rates
 * @param alpha inverse scale of the order rates, in weeks
 * @param a first parameter of the dropout probabilities
 * @param b second parameter of the dropout probabilities
 */
record BgNbd(double r, double alpha, double a, double b) implements Serializable {

  static final double DAYS_PER_WEEK = 7;

  /** Log-probability below which a probability underflows and is kept as a logarithm. */
  private static final double UNDERFLOW_LOG = -700;

  BgNbd {
    if (!(r > 0 && alpha > 0 && a > 0 && b > 0) || Double.isInfinite(r + alpha + a + b)) {
      throw new IllegalArgumentException(
          "Cannot make a BG/NBD model of r %s, alpha %s, a %s, b %s: all must be positive"
              .formatted(r, alpha, a, b));
    }
  }

  /**
   * Probability of not having dropped out by T: {@code 1 / (1 + 1{x>0} a / (b+x-1) ((alpha+T) /
   * (alpha+t_x))^(r+x))}.
   */
  double pAlive(int x, double recency, double age) {
    if (x == 0) {
      return 1;
    }
    double logOdds =
        Math.log(a / (b + x - 1)) + (r + x) * Math.log((alpha + age) / (alpha + recency));
    return 1 / (1 + Math.exp(logOdds));
  }

  /** {@link #pAlive(int, double, double)} of columns. */
  Column pAlive(Column x, Column recency, Column age) {
    Column logOdds =
        log(lit(a).divide(x.plus(b - 1)))
            .plus(x.plus(r).multiply(log(age.plus(alpha).divide(recency.plus(alpha)))));
    return when(x.gt(0), lit(1.0).divide(exp(logOdds).plus(1.0))).otherwise(1.0);
  }

  /**
   * Probability of no order in the horizon after T: {@code 1 - P(alive) (1 - ((alpha+T) /
   * (alpha+T+h))^(r+x))}.
   */
  double probabilityOfNoOrder(int x, double recency, double age, double horizon) {
    return 1 + pAlive(x, recency, age) * Math.expm1(-(r + x) * Math.log1p(horizon / (alpha + age)));
  }

  /** {@link #probabilityOfNoOrder(int, double, double, double)} of columns. */
  Column probabilityOfNoOrder(Column x, Column recency, Column age, double horizon) {
    Column noneWhileAlive =
        expm1(x.plus(r).unary_$minus().multiply(log1p(lit(horizon).divide(age.plus(alpha)))));
    return lit(1.0).plus(pAlive(x, recency, age).multiply(noneWhileAlive));
  }

  /**
   * Expected orders in the horizon after T: the paper's equation 10, as {@code P(alive)} times
   * {@link #expectedOrdersGivenAlive}.
   */
  double expectedOrders(int x, double recency, double age, double horizon) {
    return pAlive(x, recency, age) * expectedOrdersGivenAlive(x, age, horizon);
  }

  /**
   * {@link #expectedOrders(int, double, double, double)} of columns, with a user-defined function:
   * Spark has no built-in one for the series.
   *
   * @param horizon weeks
   */
  Column expectedOrders(Column x, Column recency, Column age, double horizon) {
    UDF2<Integer, Double, Double> givenAlive =
        (orders, weeks) -> expectedOrdersGivenAlive(orders, weeks, horizon);
    UserDefinedFunction function = udf(givenAlive, DataTypes.DoubleType).asNonNullable();
    return pAlive(x, recency, age)
        .multiply(function.apply(x.cast(DataTypes.IntegerType), age.cast(DataTypes.DoubleType)));
  }

  /**
   * Expected orders in the horizon of a customer who is alive at T.
   *
   * <p>The paper writes {@code (a+b+x-1) / (a-1) (1 - ((alpha+T)/(alpha+T+t))^(r+x) 2F1(r+x, b+x;
   * a+b+x-1; t/(alpha+T+t)))}, which is singular at a = 1 and cancels near it and for short
   * horizons. An equal sum has neither fault: given alive at T, rate and dropout are independent,
   * so a customer who would order n times (negative binomial) without dropout is expected to order
   * {@code S(n) = sum over j < n of (b+x)_j / (a+b+x)_j} times. All terms are positive; their
   * number grows with {@code 1 + t / (alpha+T)}.
   */
  double expectedOrdersGivenAlive(int x, double age, double horizon) {
    double shape = r + x;
    double odds = horizon / (alpha + age);
    double z = odds / (1 + odds);
    double logProbability = -shape * Math.log1p(odds);
    double probability = Math.exp(logProbability);
    double survival = 1;
    double orders = 0;
    double expected = 0;
    for (int n = 1; ; n++) {
      double ratio = z * (shape + n - 1) / n;
      if (logProbability < UNDERFLOW_LOG) {
        logProbability += Math.log(ratio);
        probability = Math.exp(logProbability);
      } else {
        probability *= ratio;
      }
      orders += survival;
      survival *= (b + x + n - 1) / (a + b + x + n - 1);
      double term = probability * orders;
      expected += term;
      // Past the mode each term shrinks by at least this factor: a geometric series bounds the
      // rest.
      double shrink = z * Math.max(1, (shape + n) / (n + 1)) * (1 + survival / orders);
      if (shrink < 1 && term * shrink <= expected * 1e-16 * (1 - shrink)) {
        return expected;
      }
    }
  }
}
