package io.perennial.churn;

final class Timing {
  private static long last = System.nanoTime();

  static void at(String what) {
    long now = System.nanoTime();
    System.out.printf("    %-24s %.1f s%n", what, (now - last) / 1e9);
    last = now;
  }
}
