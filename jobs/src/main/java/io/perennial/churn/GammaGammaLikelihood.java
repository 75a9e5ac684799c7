package io.perennial.churn;

import io.perennial.churn.GammaGammaStatistics.Group;
import java.util.List;
import org.apache.commons.math3.special.Beta;

/**
 * The Gamma-Gamma log-likelihood of grouped customers. The log-density of the mean value m of x
 * orders is {@code lnG(px+q) - lnG(px) - lnG(q) + q ln(g) + (px-1) ln(m) + px ln(x) - (px+q) ln(g +
 * x m)}. A group costs one logarithm.
 */
final class GammaGammaLikelihood {

  private final int[] x;
  private final double[] total;
  private final double[] logTotal;
  private final double[] customers;
  private final double logMeans;

  /**
   * @param groups sorted by x
   * @param scale minor units of the currency in one unit of value
   */
  GammaGammaLikelihood(List<Group> groups, double scale) {
    x = groups.stream().mapToInt(Group::x).toArray();
    total = groups.stream().mapToDouble(group -> group.totalMinor() / scale).toArray();
    logTotal = new double[x.length];
    customers = groups.stream().mapToDouble(Group::customers).toArray();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      logTotal[i] = Math.log(total[i]);
      sum += customers[i] * (logTotal[i] - Math.log(x[i]));
    }
    logMeans = sum;
  }

  /** Natural logarithm of the likelihood at these parameters, gamma in units of the scale. */
  double at(double p, double q, double gamma) {
    double logGamma = Math.log(gamma);
    double logBeta = 0;
    double sum = -logMeans;
    for (int i = 0; i < x.length; i++) {
      if (i == 0 || x[i] != x[i - 1]) {
        logBeta = Beta.logBeta(p * x[i], q);
      }
      double logSum = Math.log(gamma + total[i]);
      double term = p * x[i] * (logTotal[i] - logSum) + q * (logGamma - logSum) - logBeta;
      sum += customers[i] * term;
    }
    return sum;
  }
}
