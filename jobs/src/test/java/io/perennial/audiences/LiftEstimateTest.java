package io.perennial.audiences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.perennial.audiences.LiftEstimate.Interval;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class LiftEstimateTest {

  /** Each customer of an arm with the orders and net (minor units) given. */
  private static ArmTotals arm(long[] orders, long[] net) {
    long buyers = 0;
    long sum = 0;
    BigInteger ordersSquared = BigInteger.ZERO;
    BigInteger sumOfNet = BigInteger.ZERO;
    BigInteger netSquared = BigInteger.ZERO;
    for (int i = 0; i < orders.length; i++) {
      buyers += orders[i] > 0 ? 1 : 0;
      sum += orders[i];
      ordersSquared = ordersSquared.add(BigInteger.valueOf(orders[i] * orders[i]));
      sumOfNet = sumOfNet.add(BigInteger.valueOf(net[i]));
      netSquared = netSquared.add(BigInteger.valueOf(net[i]).pow(2));
    }
    return new ArmTotals(orders.length, buyers, sum, ordersSquared, sumOfNet, netSquared);
  }

  private static ArmTotals bought(long customers, long buyers) {
    BigInteger b = BigInteger.valueOf(buyers);
    return new ArmTotals(
        customers,
        buyers,
        buyers,
        b,
        b.multiply(BigInteger.TEN),
        b.multiply(BigInteger.valueOf(100)));
  }

  @Test
  void ratesFollowTheDefinitions() {
    // By hand: 0.12 - 0.10; SE = sqrt(0.12 x 0.88 / 4000 + 0.10 x 0.90 / 1000) = 0.01078888.
    Interval rates = new LiftEstimate(bought(4000, 480), bought(1000, 100)).rates();

    assertThat(rates.value()).isCloseTo(0.02, within(1e-15));
    assertThat(rates.low()).isCloseTo(0.02 - 1.959964 * 0.01078888, within(1e-7));
    assertThat(rates.high()).isCloseTo(0.02 + 1.959964 * 0.01078888, within(1e-7));
    assertThat(new LiftEstimate(bought(4000, 480), bought(1000, 100)).incrementalCustomers())
        .isCloseTo(80, within(1e-9));
  }

  @Test
  void theWelchIntervalEqualsTwoPassesAndAnIntegratedDensity() {
    // Two small samples of unequal spread, in tenths.
    double[] a = {
      27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4
    };
    double[] b = {
      27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 22.0
    };
    LiftEstimate estimate = new LiftEstimate(tenths(a), tenths(b));

    Interval net = estimate.incrementalNet();
    double targets = a.length;
    assertThat(net.value() / 10 / targets).isCloseTo(mean(a) - mean(b), within(1e-12));
    Interval expected = slowWelch(a, b);
    assertThat(net.low() / 10 / targets).isCloseTo(expected.low(), within(1e-9));
    assertThat(net.high() / 10 / targets).isCloseTo(expected.high(), within(1e-9));
  }

  private static ArmTotals tenths(double[] values) {
    long[] net = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      net[i] = Math.round(values[i] * 10);
    }
    return arm(new long[values.length], net);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Welch's interval in two passes; its t-quantile by bisecting an integral of the density. */
  private static Interval slowWelch(double[] a, double[] b) {
    double va = variance(a) / a.length;
    double vb = variance(b) / b.length;
    double freedom = (va + vb) * (va + vb) / (va * va / (a.length - 1) + vb * vb / (b.length - 1));
    double t = quantile(freedom);
    double difference = mean(a) - mean(b);
    double half = t * Math.sqrt(va + vb);
    return new Interval(difference, difference - half, difference + half);
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum / (values.length - 1);
  }

  private static double quantile(double freedom) {
    double low = 0;
    double high = 50;
    double whole = integral(freedom, 2000);
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (integral(freedom, middle) / whole < 0.95) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** Simpson's rule on the density of t without its constant, after x = tan(u). */
  private static double integral(double freedom, double to) {
    int steps = 20_000;
    double h = Math.atan(to) / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double x = Math.tan(i * h);
      double value = Math.pow(1 + x * x / freedom, -(freedom + 1) / 2) * (1 + x * x);
      sum += value * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2);
    }
    return sum * h / 3;
  }

  @Test
  void theMinimumDetectableEffectHasEightyPercentPower() {
    LiftEstimate estimate = new LiftEstimate(bought(9000, 900), bought(1000, 100));

    // (1.959964 + 0.841621) x sqrt(0.1 x 0.9 x (1/9000 + 1/1000))
    assertThat(estimate.minimumDetectableEffect().orElseThrow())
        .isCloseTo(2.801585 * Math.sqrt(0.09 / 900), within(1e-7));
    assertThat(new LiftEstimate(bought(9, 1), bought(9, 0)).minimumDetectableEffect()).isEmpty();
  }

  @Test
  void aVerdictClaimsNoMoreThanTheIntervalSupports() {
    assertThat(LiftVerdict.of(new LiftEstimate(bought(500, 50), ArmTotals.EMPTY), 30))
        .isEqualTo("Nothing can be said: nobody was held out.");
    assertThat(LiftVerdict.of(new LiftEstimate(ArmTotals.EMPTY, bought(5, 1)), 30))
        .isEqualTo("Nothing can be said: everybody was held out.");
    assertThat(LiftVerdict.of(new LiftEstimate(bought(500, 50), bought(50, 9)), 30))
        .isEqualTo(
            "Nothing can be said yet: 50 of 500 targets and 9 of 50 held out bought within 30 days;"
                + " it takes at least 10 who did and 10 who did not in both groups.");
    assertThat(LiftVerdict.of(new LiftEstimate(bought(4000, 480), bought(1000, 100)), 30))
        .isEqualTo(
            "No effect is shown within 30 days: +2.00 points in the share who bought, which may be"
                + " chance (95 % interval -0.11 points to +4.11 points). Groups of this size find a"
                + " difference of 2.97 points four times in five.");
    assertThat(LiftVerdict.of(new LiftEstimate(bought(4000, 600), bought(1000, 100)), 7))
        .isEqualTo(
            "It worked: +5.00 points in the share who bought within 7 days (95 % interval +2.84"
                + " points to +7.16 points).");
    assertThat(LiftVerdict.of(new LiftEstimate(bought(4000, 200), bought(1000, 100)), 7))
        .startsWith("It did harm: -5.00 points");
  }
}
