package io.perennial.churn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What an evaluation must come to, computed over lists by the definitions, pair by pair. */
final class EvaluationOracle {

  /**
   * @param predicted probability of outcome 1
   * @param observed 0 or 1
   */
  record Score(double predicted, int observed) {}

  private final List<Score> scores;
  private final double n;
  private final double positives;

  EvaluationOracle(List<Score> scores) {
    this.scores = scores;
    this.n = scores.size();
    this.positives = scores.stream().mapToInt(Score::observed).sum();
  }

  double churnRate() {
    return positives / n;
  }

  double auc() {
    double concordant = 0;
    for (Score positive : scores) {
      for (Score negative : scores) {
        if (positive.observed() == 1 && negative.observed() == 0) {
          concordant += 0.5 * (1 + Math.signum(positive.predicted() - negative.predicted()));
        }
      }
    }
    return concordant / (positives * (n - positives));
  }

  double logLoss() {
    return -scores.stream()
            .mapToDouble(
                s -> Math.min(1 - 1e-15, Math.max(1e-15, s.predicted())) - 1 + s.observed())
            .map(signed -> Math.log(Math.abs(signed)))
            .sum()
        / n;
  }

  double brier() {
    return scores.stream().mapToDouble(s -> Math.pow(s.predicted() - s.observed(), 2)).sum() / n;
  }

  /** Bin 1 to 10 of a score: where the middle of its equals lies among all. */
  int bin(Score score) {
    long below = scores.stream().filter(s -> s.predicted() < score.predicted()).count();
    long equal = scores.stream().filter(s -> s.predicted() == score.predicted()).count();
    return (int) Math.floor(10 * (below + equal / 2.0) / n) + 1;
  }

  List<Score> inBin(int bin) {
    return scores.stream().filter(score -> bin(score) == bin).toList();
  }

  double ece() {
    double off = 0;
    for (int bin = 1; bin <= 10; bin++) {
      off += Math.abs(inBin(bin).stream().mapToDouble(s -> s.predicted() - s.observed()).sum());
    }
    return off / n;
  }

  /** Every customer counts as ten, who share the outcomes of all with the same score. */
  List<Double> decileLift() {
    List<Score> sorted =
        scores.stream().sorted(Comparator.comparingDouble(Score::predicted).reversed()).toList();
    List<Double> crowd = new ArrayList<>();
    for (Score score : sorted) {
      double mean =
          scores.stream()
              .filter(s -> s.predicted() == score.predicted())
              .mapToInt(Score::observed)
              .average()
              .orElseThrow();
      for (int i = 0; i < 10; i++) {
        crowd.add(mean);
      }
    }
    List<Double> lift = new ArrayList<>();
    for (int decile = 0; decile < 10; decile++) {
      List<Double> part = crowd.subList(decile * scores.size(), (decile + 1) * scores.size());
      lift.add(
          part.stream().mapToDouble(Double::doubleValue).average().orElseThrow() / churnRate());
    }
    return lift;
  }

  /** Intercept and slope by Newton's method. */
  double[] calibrationLine() {
    double a = 0;
    double b = 0;
    for (int step = 0; step < 50; step++) {
      double[] gradient = new double[2];
      double[][] curvature = new double[2][2];
      for (Score score : scores) {
        double x = Math.log(score.predicted() / (1 - score.predicted()));
        double p = 1 / (1 + Math.exp(-a - b * x));
        gradient[0] += score.observed() - p;
        gradient[1] += (score.observed() - p) * x;
        curvature[0][0] += p * (1 - p);
        curvature[0][1] += p * (1 - p) * x;
        curvature[1][1] += p * (1 - p) * x * x;
      }
      double determinant = curvature[0][0] * curvature[1][1] - curvature[0][1] * curvature[0][1];
      a += (curvature[1][1] * gradient[0] - curvature[0][1] * gradient[1]) / determinant;
      b += (curvature[0][0] * gradient[1] - curvature[0][1] * gradient[0]) / determinant;
    }
    return new double[] {a, b};
  }
}
