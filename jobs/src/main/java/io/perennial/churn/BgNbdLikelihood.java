package io.perennial.churn;

import io.perennial.churn.BgNbdStatistics.Group;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The BG/NBD log-likelihood of grouped histories. Terms of x alone and of a day alone are tabulated
 * for each set of parameters, so a group costs two exponentials. Differences of log-gamma functions
 * are computed as sums of logarithms, which keep their precision for parameters of any size.
 */
final class BgNbdLikelihood {

  /** Groups per partial sum: fixed, so sums do not depend on the number of processors. */
  private static final int CHUNK = 8_192;

  private final int[] x;
  private final int[] recency;
  private final int[] age;
  private final double[] customers;
  private final int maxOrders;
  private final int maxDays;

  BgNbdLikelihood(BgNbdStatistics statistics) {
    List<Group> groups = statistics.groups();
    x = groups.stream().mapToInt(Group::x).toArray();
    recency = groups.stream().mapToInt(Group::recencyDays).toArray();
    age = groups.stream().mapToInt(Group::ageDays).toArray();
    customers = groups.stream().mapToDouble(Group::customers).toArray();
    maxOrders = groups.stream().mapToInt(Group::x).max().orElse(0);
    maxDays = groups.stream().mapToInt(Group::ageDays).max().orElse(0);
  }

  /** Natural logarithm of the likelihood at these parameters, alpha in weeks. */
  double at(double r, double alpha, double a, double b) {
    double[] ordersTerm = new double[maxOrders + 1];
    double[] dropoutTerm = new double[maxOrders + 1];
    ordersTerm[0] = r * Math.log(alpha);
    for (int i = 1; i <= maxOrders; i++) {
      // lnG(r+x) - lnG(r) + lnG(b+x) - lnG(b) + lnG(a+b) - lnG(a+b+x), term by term.
      ordersTerm[i] = ordersTerm[i - 1] + Math.log(r + i - 1) + Math.log1p(-a / (a + b + i - 1));
      dropoutTerm[i] = Math.log(a / (b + i - 1));
    }
    double[] logTime = new double[maxDays + 1];
    for (int day = 0; day <= maxDays; day++) {
      logTime[day] = Math.log(alpha + day / BgNbd.DAYS_PER_WEEK);
    }
    int chunks = (x.length + CHUNK - 1) / CHUNK;
    double[] sums =
        IntStream.range(0, chunks)
            .parallel()
            .mapToDouble(chunk -> sum(chunk, r, ordersTerm, dropoutTerm, logTime))
            .toArray();
    double sum = 0;
    for (double partial : sums) {
      sum += partial;
    }
    return sum;
  }

  private double sum(
      int chunk, double r, double[] ordersTerm, double[] dropoutTerm, double[] logTime) {
    double sum = 0;
    int end = Math.min(x.length, (chunk + 1) * CHUNK);
    for (int i = chunk * CHUNK; i < end; i++) {
      double orders = r + x[i];
      double term = ordersTerm[x[i]] - orders * logTime[age[i]];
      if (x[i] > 0) {
        double dead = dropoutTerm[x[i]] + orders * (logTime[age[i]] - logTime[recency[i]]);
        term += LogOdds.logOnePlusExp(dead);
      }
      sum += customers[i] * term;
    }
    return sum;
  }
}
