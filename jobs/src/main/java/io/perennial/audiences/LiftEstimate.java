package io.perennial.audiences;

import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * The effect of addressing the targets, by intention to treat: every assigned customer counts,
 * reached or not.
 */
public record LiftEstimate(ArmTotals target, ArmTotals control) {

  /** 97.5 % point of the normal distribution: two-sided 5 %. */
  static final double Z_TWO_SIDED = 1.959963984540054;

  /** 80 % point of the normal distribution. */
  static final double Z_POWER = 0.8416212335729143;

  /**
   * Buyers, and non-buyers, that an arm needs for the normal approximation of its binomial share;
   * with fewer the interval would not cover as stated.
   */
  static final long MIN_BUYERS_AND_NON_BUYERS = 10;

  private static final double LEVEL = 0.975;

  /** An estimate with its 95 % interval. */
  public record Interval(double value, double low, double high) {

    boolean coversZero() {
      return low <= 0 && high >= 0;
    }
  }

  boolean hasBothArms() {
    return target.customers() > 0 && control.customers() > 0;
  }

  /** Whether both arms have enough buyers and non-buyers for their intervals. */
  boolean isLargeEnough() {
    return isLargeEnough(target) && isLargeEnough(control);
  }

  private static boolean isLargeEnough(ArmTotals arm) {
    return arm.buyers() >= MIN_BUYERS_AND_NON_BUYERS
        && arm.customers() - arm.buyers() >= MIN_BUYERS_AND_NON_BUYERS;
  }

  /** p_t - p_c, with SE = sqrt(p_t q_t / N_t + p_c q_c / N_c). */
  public Interval rates() {
    double p = target.rate();
    double q = control.rate();
    double error = Math.sqrt(p * (1 - p) / target.customers() + q * (1 - q) / control.customers());
    double delta = p - q;
    return new Interval(delta, delta - Z_TWO_SIDED * error, delta + Z_TWO_SIDED * error);
  }

  /** Additional buyers among the targets: (p_t - p_c) N_t. */
  public double incrementalCustomers() {
    return rates().value() * target.customers();
  }

  /** The difference of the arms' means for all targets together. */
  double additional(ToDoubleFunction<ArmTotals> mean) {
    return (mean.applyAsDouble(target) - mean.applyAsDouble(control)) * target.customers();
  }

  /** Additional orders of the targets. */
  public Interval incrementalOrders() {
    return welch(ArmTotals::meanOrders, ArmTotals::varianceOfOrders);
  }

  /** Additional net of the targets, in minor units. */
  public Interval incrementalNet() {
    return welch(ArmTotals::meanNet, ArmTotals::varianceOfNet);
  }

  /**
   * Welch's interval of {@link #additional}, with the degrees of freedom of Welch and Satterthwaite
   * (B. L. Welch 1947, Biometrika 34).
   */
  private Interval welch(ToDoubleFunction<ArmTotals> mean, ToDoubleFunction<ArmTotals> variance) {
    double difference = mean.applyAsDouble(target) - mean.applyAsDouble(control);
    double a = variance.applyAsDouble(target) / target.customers();
    double b = variance.applyAsDouble(control) / control.customers();
    double half = a + b == 0 ? 0 : quantile(a, b) * Math.sqrt(a + b);
    double n = target.customers();
    return new Interval(difference * n, (difference - half) * n, (difference + half) * n);
  }

  private double quantile(double a, double b) {
    double freedom =
        (a + b) * (a + b) / (a * a / (target.customers() - 1) + b * b / (control.customers() - 1));
    return new TDistribution(null, freedom).inverseCumulativeProbability(LEVEL);
  }

  /**
   * The difference of shares that groups of these sizes detect with 80 % power at the two-sided 5 %
   * level, given the control's rate; empty where none or all of the controls bought.
   */
  public Optional<Double> minimumDetectableEffect() {
    double q = control.rate();
    double each = 1.0 / target.customers() + 1.0 / control.customers();
    double effect = (Z_TWO_SIDED + Z_POWER) * Math.sqrt(q * (1 - q) * each);
    return effect > 0 ? Optional.of(effect) : Optional.empty();
  }
}
