package io.perennial.oracle;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Collection;

/** The figures of some customer days, added up. */
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

  private static final Totals NOTHING =
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
    Totals sums = NOTHING;
    for (CustomerDay day : days) {
      sums =
          new Totals(
              sums.orders + day.orders(),
              sums.units.add(day.units()),
              sums.gross.add(day.gross()),
              sums.discount.add(day.discount()),
              sums.refund.add(day.refund()),
              sums.net.add(day.net()),
              sums.discountedOrders + day.discountedOrders(),
              earlier(sums.firstOrderAt, day.firstOrderAt()),
              later(sums.lastOrderAt, day.lastOrderAt()));
    }
    return sums;
  }

  /** (sales - discounts) / orders, to 34 digits so that a test may round it as a table does. */
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
