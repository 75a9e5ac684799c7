package io.perennial.audiences;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * Exact sums over the customers of one arm of an experiment in a window.
 *
 * @param customers those assigned to the arm
 * @param buyers those who placed a valid order
 * @param ordersSquared sum of the squares of each customer's valid orders
 * @param net in minor units
 * @param netSquared sum of the squares of each customer's net
 */
public record ArmTotals(
    long customers,
    long buyers,
    long orders,
    BigInteger ordersSquared,
    BigInteger net,
    BigInteger netSquared) {

  /** An arm without customers. */
  static final ArmTotals EMPTY =
      new ArmTotals(0, 0, 0, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);

  double rate() {
    return (double) buyers / customers;
  }

  double meanOrders() {
    return (double) orders / customers;
  }

  double meanNet() {
    return net.doubleValue() / customers;
  }

  /** Sample variance (n - 1) of orders per customer. */
  double varianceOfOrders() {
    return variance(BigInteger.valueOf(orders), ordersSquared);
  }

  /** Sample variance (n - 1) of net per customer, in squared minor units. */
  double varianceOfNet() {
    return variance(net, netSquared);
  }

  /** (n Sxx - Sx^2) / (n (n - 1)); the difference is exact, so no digits cancel. */
  private double variance(BigInteger sum, BigInteger sumOfSquares) {
    BigInteger n = BigInteger.valueOf(customers);
    BigInteger spread = n.multiply(sumOfSquares).subtract(sum.multiply(sum));
    BigInteger divisor = n.multiply(n.subtract(BigInteger.ONE));
    return new BigDecimal(spread)
        .divide(new BigDecimal(divisor), MathContext.DECIMAL64)
        .doubleValue();
  }
}
