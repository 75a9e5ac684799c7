package io.perennial.oracle;

/** The Wilson score interval of a share, 95 %. */
record WilsonInterval(double low, double high) {

  private static final double Z = 1.959963984540054;

  static WilsonInterval of(long successes, long trials) {
    double n = trials;
    double p = successes / n;
    double centre = p + Z * Z / (2 * n);
    double half = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
    double scale = 1 + Z * Z / n;
    // With no success at all, or nothing else, an end is exactly 0 or 1; rounding must not carry it
    // past.
    return new WilsonInterval(
        Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale));
  }
}
