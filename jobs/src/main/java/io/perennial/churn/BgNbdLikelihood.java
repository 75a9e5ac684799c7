package io.perennial.churn;

import io.perennial.churn.BgNbdStatistics.Group;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The BG/NBD log-likelihood of grouped histories. What depends on x alone or on a day alone is
 * tabulated for each set of parameters, so that a group costs two exponentials; differences of
 * log-gamma functions are sums of logarithms, which keep their digits for parameters of any size.
 */
final class BgNbdLikelihood {

  /** Groups whose terms are added in one go: sums do not depend on the number of processors. */
  private static final int CHUNK = 8_192;

  private final int[] x;
  private final int[] recency;
  private final int[] age;
  private final double[] customers;
  private final int mostOrders;
  private final int mostDays;

  BgNbdLikelihood(BgNbdStatistics statistics) {
    List<Group> groups = statistics.groups();
    x = groups.stream().mapToInt(Group::x).toArray();
    recency = groups.stream().mapToInt(Group::recencyDays).toArray();
    age = groups.stream().mapToInt(Group::ageDays).toArray();
    customers = groups.stream().mapToDouble(Group::customers).toArray();
    mostOrders = groups.stream().mapToInt(Group::x).max().orElse(0);
    mostDays = groups.stream().mapToInt(Group::ageDays).max().orElse(0);
  }

  /** Natural logarithm of the likelihood at these parameters, alpha in weeks. */
  double at(double r, double alpha, double a, double b) {
    double[] ordersTerm = new double[mostOrders + 1];
    double[] dropoutTerm = new double[mostOrders + 1];
    ordersTerm[0] = r * Math.log(alpha);
    for (int i = 1; i <= mostOrders; i++) {
      // lnG(r+x) - lnG(r) + lnG(b+x) - lnG(b) + lnG(a+b) - lnG(a+b+x), term by term.
      ordersTerm[i] = ordersTerm[i - 1] + Math.log(r + i - 1) + Math.log1p(-a / (a + b + i - 1));
      dropoutTerm[i] = Math.log(a / (b + i - 1));
    }
    double[] logTime = new double[mostDays + 1];
    for (int day = 0; day <= mostDays; day++) {
      logTime[day] = Math.log(alpha + day / BgNbd.DAYS_PER_WEEK);
    }
    int chunks = (x.length + CHUNK - 1) / CHUNK;
    double[] sums =
        IntStream.range(0, chunks)
            .parallel()
            .mapToDouble(chunk -> sum(chunk, r, ordersTerm, dropoutTerm, logTime))
            .toArray();
    double sum = 0;
    for (double one : sums) {
      sum += one;
    }
    return sum;
  }

  private double sum(
      int chunk, double r, double[] ordersTerm, double[] dropoutTerm, double[] logTime) {
    double sum = 0;
    int end = Math.min(x.length, (chunk + 1) * CHUNK);
    for (int i = chunk * CHUNK; i < end; i++) {
      double orders = r + x[i];
      double one = ordersTerm[x[i]] - orders * logTime[age[i]];
      if (x[i] > 0) {
        double dead = dropoutTerm[x[i]] + orders * (logTime[age[i]] - logTime[recency[i]]);
        one += Math.max(dead, 0) + Math.log1p(Math.exp(-Math.abs(dead)));
      }
      sum += customers[i] * one;
    }
    return sum;
  }
}
