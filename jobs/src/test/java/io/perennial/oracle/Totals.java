package io.perennial.oracle;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Collection;

/** Sums over customer days. */
record Totals(
    long orders,
    BigDecimal units,
    BigDecimal gross,
    BigDecimal discount,
    BigDecimal refund,
    BigDecimal net,
    long discountedOrders,
    Instant firstOrderAt,
    Instant lastOrderAt) {

  private static final Totals ZERO =
      new Totals(
          0,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          BigDecimal.ZERO,
          0,
          null,
          null);

  static Totals of(Collection<CustomerDay> days) {
    Totals totals = ZERO;
    for (CustomerDay day : days) {
      totals =
          new Totals(
              totals.orders + day.orders(),
              totals.units.add(day.units()),
              totals.gross.add(day.gross()),
              totals.discount.add(day.discount()),
              totals.refund.add(day.refund()),
              totals.net.add(day.net()),
              totals.discountedOrders + day.discountedOrders(),
              earlier(totals.firstOrderAt, day.firstOrderAt()),
              later(totals.lastOrderAt, day.lastOrderAt()));
    }
    return totals;
  }

  /** (gross - discount) / orders with 34 digits, for a test to round like the table. */
  BigDecimal aov() {
    return quotient(gross.subtract(discount), BigDecimal.valueOf(orders));
  }

  /** A zero or negative denominator gives null. */
  static BigDecimal quotient(BigDecimal numerator, BigDecimal denominator) {
    return denominator.signum() <= 0 ? null : numerator.divide(denominator, MathContext.DECIMAL128);
  }

  /** A zero or negative denominator gives null. */
  static Double rate(BigDecimal numerator, BigDecimal denominator) {
    BigDecimal quotient = quotient(numerator, denominator);
    return quotient == null ? null : quotient.doubleValue();
  }

  static Double rate(long numerator, long denominator) {
    return denominator <= 0 ? null : (double) numerator / denominator;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a == null || (b != null && b.isBefore(a)) ? b : a;
  }

  private static Instant later(Instant a, Instant b) {
    return a == null || (b != null && b.isAfter(a)) ? b : a;
  }
}
