package io.perennial.audiences;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.audiences.LiftEstimate.Interval;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Simulated campaigns with a known effect: the 95 % intervals cover it at the stated rate. Buyers
 * place one or more orders of skewed value; addressing changes the rate, the orders and the value.
 */
class LiftSimulationTest {

  private static final int CAMPAIGNS = 5_000;

  /** Probability to buy, probability of a further order after each one, and log order value. */
  private record Behaviour(double buys, double again, double logValue) {

    private static final double SPREAD = 0.6;

    double orders() {
      return buys / (1 - again);
    }

    /** In minor units; the mean of a log-normal value. */
    double net() {
      return orders() * Math.exp(logValue + SPREAD * SPREAD / 2);
    }

    ArmTotals draw(int customers, SplittableRandom random) {
      long buyers = 0;
      long orders = 0;
      long ordersSquared = 0;
      double net = 0;
      double netSquared = 0;
      // Jumps from buyer to buyer: the gaps of a Bernoulli sequence are geometric.
      for (long at = gap(random); at < customers; at += 1 + gap(random)) {
        buyers++;
        long own = 0;
        double spent = 0;
        do {
          own++;
          spent += Math.rint(Math.exp(logValue + SPREAD * random.nextGaussian()));
        } while (random.nextDouble() < again);
        orders += own;
        ordersSquared += own * own;
        net += spent;
        netSquared += spent * spent;
      }
      return new ArmTotals(
          customers,
          buyers,
          orders,
          BigInteger.valueOf(ordersSquared),
          BigInteger.valueOf((long) net),
          BigInteger.valueOf((long) netSquared));
    }

    private long gap(SplittableRandom random) {
      return (long) (Math.log(1 - random.nextDouble()) / Math.log1p(-buys));
    }
  }

  @Test
  void intervalsCoverTheTrueEffectAtTheStatedRate() {
    SplittableRandom random = new SplittableRandom(20260101);
    int rates = 0;
    int orders = 0;
    int net = 0;
    int detected = 0;
    for (int i = 0; i < CAMPAIGNS; i++) {
      Behaviour without =
          new Behaviour(
              random.nextDouble(0.06, 0.25), random.nextDouble(0, 0.3), random.nextDouble(7, 9));
      Behaviour with =
          new Behaviour(
              without.buys() + random.nextDouble(-0.01, 0.04),
              without.again() + random.nextDouble(0, 0.05),
              without.logValue() + random.nextDouble(-0.05, 0.1));
      int targets = random.nextInt(3_000, 12_000);
      int controls = random.nextInt(1_000, 2_000);
      LiftEstimate estimate =
          new LiftEstimate(with.draw(targets, random), without.draw(controls, random));
      rates += covers(estimate.rates(), with.buys() - without.buys());
      orders += covers(estimate.incrementalOrders(), (with.orders() - without.orders()) * targets);
      net += covers(estimate.incrementalNet(), (with.net() - without.net()) * targets);
      detected += estimate.rates().coversZero() ? 0 : 1;
    }
    assertThat(rates / (double) CAMPAIGNS).as("rates").isBetween(0.94, 0.96);
    assertThat(orders / (double) CAMPAIGNS).as("orders").isBetween(0.94, 0.96);
    assertThat(net / (double) CAMPAIGNS).as("net").isBetween(0.94, 0.96);
    assertThat(detected).as("campaigns that show an effect").isBetween(1_000, 4_000);
  }

  @Test
  void theMinimumDetectableEffectIsDetectedAtTheStatedPower() {
    SplittableRandom random = new SplittableRandom(7);
    int targets = 9_000;
    int controls = 1_000;
    double base = 0.12;
    double effect =
        new LiftEstimate(
                new Behaviour(base, 0, 7).draw(targets, random),
                new ArmTotals(
                    controls,
                    (long) (base * controls),
                    0,
                    BigInteger.ZERO,
                    BigInteger.ZERO,
                    BigInteger.ZERO))
            .minimumDetectableEffect()
            .orElseThrow();
    int found = 0;
    for (int i = 0; i < 2_000; i++) {
      LiftEstimate estimate =
          new LiftEstimate(
              new Behaviour(base + effect, 0, 7).draw(targets, random),
              new Behaviour(base, 0, 7).draw(controls, random));
      found += estimate.rates().coversZero() ? 0 : 1;
    }
    assertThat(found / 2_000.0).isBetween(0.77, 0.83);
  }

  private static int covers(Interval interval, double truth) {
    return interval.low() <= truth && truth <= interval.high() ? 1 : 0;
  }
}
