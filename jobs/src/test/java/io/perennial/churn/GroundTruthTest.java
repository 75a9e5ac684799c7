package io.perennial.churn;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.churn.EvaluationOracle.Score;
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
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Scores of synthetic customers against the probabilities that they were made with: those of
 * whoever knows the true process but only sees the days of the orders, which is the best that can
 * be achieved from them, and those of whoever knows each customer's rate and chance to drop out
 * too.
 */
class GroundTruthTest {

  private static final int HORIZON = 90;

  @Test
  @Tag("slow")
  void scoresAreNearTheBestThatOrderDaysAllow() {
    TrueLives truth = new TrueLives(8_000, 7);
    LocalDate asOf = truth.end().minusDays(HORIZON);
    Map<String, Life> byId = new HashMap<>();
    truth.lives().forEach(life -> byId.put(life.id(), life));
    List<Score> model = new ArrayList<>();
    List<Score> best = new ArrayList<>();
    List<Score> allKnowing = new ArrayList<>();
    for (Row row : scores(truth, asOf)) {
      Life life = byId.get(row.<String>getAs("customer_id"));
      int churned =
          life.orderDays().stream()
                  .noneMatch(day -> !day.isBefore(asOf) && day.isBefore(asOf.plusDays(HORIZON)))
              ? 1
              : 0;
      model.add(new Score(row.getAs("churn_probability"), churned));
      best.add(new Score(truth.probabilityByDaysAlone(life, asOf, HORIZON), churned));
      allKnowing.add(new Score(truth.probabilityOfNoOrder(life, asOf, HORIZON), churned));
    }
    EvaluationOracle ofModel = new EvaluationOracle(model);
    EvaluationOracle ofBest = new EvaluationOracle(best);
    EvaluationOracle ofAllKnowing = new EvaluationOracle(allKnowing);
    System.out.printf(
        Locale.ROOT,
        "synthetic lake, %,d customers, unseen window from %s: AUC %.4f, best achievable from order"
            + " days %.4f, knowing each customer's parameters %.4f; log loss %.4f, %.4f, %.4f; mean"
            + " probability %.4f, %.4f, %.4f; mean distance from the best %.4f%n",
        model.size(),
        asOf,
        ofModel.auc(),
        ofBest.auc(),
        ofAllKnowing.auc(),
        ofModel.logLoss(),
        ofBest.logLoss(),
        ofAllKnowing.logLoss(),
        mean(model),
        mean(best),
        mean(allKnowing),
        distance(model, best));

    assertThat(model).hasSizeGreaterThan(2_000);
    assertThat(ofBest.auc()).isLessThan(ofAllKnowing.auc());
    assertThat(ofModel.auc()).isBetween(ofBest.auc() - 0.02, ofBest.auc() + 0.01);
    assertThat(mean(best)).isBetween(ofModel.churnRate() - 0.02, ofModel.churnRate() + 0.02);
    // The window has Black Friday and Christmas, which three quarters of training have not.
    assertThat(mean(model)).isBetween(mean(best) - 0.06, mean(best) + 0.06);
    assertThat(distance(model, best)).isLessThan(0.08);
  }

  private static double mean(List<Score> scores) {
    return scores.stream().mapToDouble(Score::predicted).average().orElseThrow();
  }

  private static double distance(List<Score> some, List<Score> others) {
    return IntStream.range(0, some.size())
        .mapToDouble(i -> Math.abs(some.get(i).predicted() - others.get(i).predicted()))
        .average()
        .orElseThrow();
  }

  private static List<Row> scores(TrueLives truth, LocalDate asOf) {
    try (Churn churn =
        Churn.at(
            asOf,
            CustomerDayRows.dataset(days(truth)),
            truth.lives().size(),
            ChurnTest.settings(HORIZON, Optional.of(365), 200),
            CustomerDayRows.MINOR_DIGITS)) {
      return churn.scores(churn.train("run").model().orElseThrow().scorer()).collectAsList();
    }
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
                    day.atStartOfDay().toInstant(ZoneOffset.UTC),
                    day.withDayOfMonth(1)));
          });
    }
    return days;
  }
}
