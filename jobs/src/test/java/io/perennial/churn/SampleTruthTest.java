package io.perennial.churn;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.churn.ScoreOracle.Score;
import io.perennial.oracle.CustomerDay;
import io.perennial.sample.TrueLives;
import io.perennial.sample.TrueLives.Life;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/**
 * Scores of synthetic customers against the probabilities that they were made with: nobody can rank
 * them better than whoever knows each one's rate and chance to drop out.
 */
class SampleTruthTest {

  private static final int HORIZON = 90;

  @Test
  void scoresAreNearTheTrueProbabilities() {
    TrueLives truth = new TrueLives(8_000, 7);
    LocalDate asOf = truth.end().minusDays(HORIZON);
    Map<String, Life> byId = new HashMap<>();
    truth.lives().forEach(life -> byId.put(life.id(), life));
    List<Score> predicted = new ArrayList<>();
    List<Score> best = new ArrayList<>();
    double apart = 0;
    double meanPredicted = 0;
    double meanTrue = 0;
    for (Row row : scores(truth, asOf)) {
      Life life = byId.get(row.<String>getAs("customer_id"));
      boolean churned =
          life.orderDays().stream()
              .noneMatch(day -> !day.isBefore(asOf) && day.isBefore(asOf.plusDays(HORIZON)));
      double probability = row.getAs("churn_probability");
      double real = truth.probabilityOfNoOrder(life, asOf, HORIZON);
      predicted.add(new Score(probability, churned ? 1 : 0));
      best.add(new Score(real, churned ? 1 : 0));
      apart += Math.abs(probability - real);
      meanPredicted += probability;
      meanTrue += real;
    }
    int n = predicted.size();
    double rate = meanTrue / n;
    double apartOfRate =
        best.stream().mapToDouble(score -> Math.abs(rate - score.predicted())).average().orElse(0);
    double auc = new ScoreOracle(predicted).auc();
    double achievable = new ScoreOracle(best).auc();
    System.out.printf(
        Locale.ROOT,
        "synthetic lake, %d customers: AUC %.4f, best achievable %.4f; log loss %.4f, best %.4f;"
            + " mean predicted %.4f, true %.4f; mean distance %.4f, of the true mean %.4f%n",
        n,
        auc,
        achievable,
        new ScoreOracle(predicted).logLoss(),
        new ScoreOracle(best).logLoss(),
        meanPredicted / n,
        meanTrue / n,
        apart / n,
        apartOfRate);

    assertThat(n).isGreaterThan(2_000);
    // Who knows each one's rate and chance to drop out ranks better than who must infer them; how
    // much better, BG/NBD tells, which assumes the very process that made these lives.
    assertThat(auc).isLessThanOrEqualTo(achievable);
    assertThat(meanPredicted / n).isBetween(rate - 0.06, rate + 0.06);
    assertThat(apart / n).isLessThan(0.8 * apartOfRate);
  }

  @Test
  void theModelIsAsGoodAsTheOneThatAssumesTheProcess() {
    TrueLives truth = new TrueLives(8_000, 7);
    try (Churn churn = churn(truth, truth.end().minusDays(HORIZON))) {
      Map<String, Row> newest = new HashMap<>();
      for (Row row : churn.train("run").backtest()) {
        newest.putIfAbsent(row.getAs("model_kind"), row);
      }
      assertThat(newest.get("logistic").<Double>getAs("auc"))
          .isGreaterThan(newest.get("bg_nbd").<Double>getAs("auc") - 0.01)
          .isGreaterThan(newest.get("recency_only").<Double>getAs("auc") + 0.02);
      assertThat(newest.get("logistic").<Double>getAs("log_loss"))
          .isLessThan(newest.get("bg_nbd").<Double>getAs("log_loss") + 0.005);
    }
  }

  private static List<Row> scores(TrueLives truth, LocalDate asOf) {
    try (Churn churn = churn(truth, asOf)) {
      return churn.scores(churn.train("run").model().orElseThrow().scorer()).collectAsList();
    }
  }

  private static Churn churn(TrueLives truth, LocalDate asOf) {
    return Churn.at(
        asOf,
        Days.dataset(days(truth)),
        truth.lives().size(),
        ChurnTest.settings(HORIZON, Optional.of(365), 200),
        Days.MINOR_DIGITS);
  }

  private static List<CustomerDay> days(TrueLives truth) {
    List<CustomerDay> days = new ArrayList<>();
    for (Life life : truth.lives()) {
      Map<LocalDate, Long> orders = new TreeMap<>();
      life.orderDays().forEach(day -> orders.merge(day, 1L, Long::sum));
      orders.forEach(
          (day, n) -> {
            BigDecimal gross =
                BigDecimal.valueOf(40 * life.spend() * n).setScale(2, RoundingMode.HALF_UP);
            BigDecimal nothing = BigDecimal.ZERO.setScale(2);
            days.add(
                new CustomerDay(
                    life.id(),
                    day,
                    n,
                    BigDecimal.valueOf(n),
                    gross,
                    nothing,
                    nothing,
                    gross,
                    0,
                    n,
                    day.atStartOfDay().toInstant(ZoneOffset.UTC),
                    day.atStartOfDay().toInstant(ZoneOffset.UTC)));
          });
    }
    return days;
  }
}
