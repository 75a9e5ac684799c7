package io.perennial.sample;

import java.util.Arrays;

/**
 * Random draws that are a pure function of (seed, topic, two numbers), so that any task can
 * generate the same customer or order again. The generator is SplitMix64 and the functions are
 * StrictMath, so that a lake is the same on every JDK and machine.
 */
final class SeededRandom {

  /** Independent streams: an additional draw in one does not change the others. */
  enum Topic {
    CUSTOMER(1),
    LIFE(2),
    PERSON(3),
    BASKET(4),
    OUTCOME(5),
    CORRUPTION(6),
    CATALOGUE(7);

    private final long code;

    Topic(long code) {
      this.code = code;
    }
  }

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SeededRandom(long seed, Topic topic, long first, long second) {
    state = mix(mix(mix(seed * 31 + topic.code) + first) + second);
  }

  private static long mix(long value) {
    long z = value + GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private long next() {
    long z = mix(state);
    state += GAMMA;
    return z;
  }

  /** Uniform in [0, 1). */
  double uniform() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  boolean chance(double probability) {
    return uniform() < probability;
  }

  /** Uniform in 0 to bound - 1. */
  int below(int bound) {
    return (int) (uniform() * bound);
  }

  /** Uniform in low to high, inclusive. */
  long between(long low, long high) {
    return low + (long) (uniform() * (high - low + 1));
  }

  /** Mean 1. */
  double exponential() {
    return -StrictMath.log(1 - uniform());
  }

  /** Mean 0, standard deviation 1 (Box and Muller). */
  double gaussian() {
    return StrictMath.sqrt(2 * exponential()) * StrictMath.cos(2 * StrictMath.PI * uniform());
  }

  /** Scale 1 (Marsaglia and Tsang; a shape below 1 is drawn from shape + 1). */
  double gamma(double shape) {
    if (shape < 1) {
      return gamma(shape + 1) * StrictMath.pow(1 - uniform(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / StrictMath.sqrt(9 * d);
    while (true) {
      double x = gaussian();
      double v = 1 + c * x;
      if (v > 0) {
        v = v * v * v;
        if (StrictMath.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
          return d * v;
        }
      }
    }
  }

  double beta(double a, double b) {
    double x = gamma(a);
    return x / (x + gamma(b));
  }

  /** An index, drawn by weights that are given as running sums. */
  int pick(double[] cumulative) {
    return search(cumulative, uniform() * cumulative[cumulative.length - 1]);
  }

  /** The first index whose running sum exceeds the target. */
  static int search(double[] cumulative, double target) {
    int found = Arrays.binarySearch(cumulative, target);
    return Math.min(found < 0 ? -found - 1 : found + 1, cumulative.length - 1);
  }

  /** Running sums of weights, for {@link #pick}. */
  static double[] cumulate(double... weights) {
    double[] sums = weights.clone();
    for (int i = 1; i < sums.length; i++) {
      sums[i] += sums[i - 1];
    }
    return sums;
  }
}
