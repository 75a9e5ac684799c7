package io.perennial.churn;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.churn.CustomerDayRows.Day;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Where there is nothing to learn there is a reason in words, and neither model nor score. */
class InsufficientDataTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 7, 1);
  private static final String TAKES =
      "no model: training and testing take two complete windows of 30 days (churn.horizon) before"
          + " as_of 2024-07-01, and ";

  @Test
  void fiftyCustomersAreTooFew() {
    assertThat(reason(CustomerDayRows.lives(1, 50, LocalDate.of(2023, 7, 1), 360)))
        .startsWith(TAKES + "the newest, from 2024-06-01, cannot be used: it has ")
        .endsWith(" customers (churn.min-customers = 100)");
  }

  @Test
  void customersWhoOrderedOnceEverAllLeft() {
    List<Day> days = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      days.add(Day.order("c" + i, LocalDate.of(2024, 1, 1).plusDays(i % 100), 1_000));
    }
    assertThat(reason(days))
        .isEqualTo(
            TAKES
                + "the newest, from 2024-06-01, cannot be used: none of its 300 customers ordered"
                + " again");
  }

  @Test
  void refundsAloneMakeNobodyACustomer() {
    List<Day> days = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      days.add(Day.refund("c" + i, LocalDate.of(2024, 1, 1).plusDays(i % 100), 1_000));
    }
    assertThat(reason(days))
        .isEqualTo(
            TAKES
                + "the newest, from 2024-06-01, cannot be used: nobody had ordered before it within"
                + " churn.lookback");
    assertThat(reason(List.of())).contains("nobody had ordered before it");
  }

  @Test
  void ordersOfOneDayLeaveNoTwoWindows() {
    List<Day> days = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      days.add(Day.order("c" + i, AS_OF.minusDays(1), 1_000));
    }
    assertThat(reason(days)).contains("the newest, from 2024-06-01", "nobody had ordered");
  }

  @Test
  void aHorizonLongerThanTheHistoryLeavesNoWindow() {
    List<Day> days = CustomerDayRows.lives(2, 400, AS_OF.minusDays(25), 25);
    assertThat(reason(days)).contains("nobody had ordered before it");
  }

  @Test
  void identicalCustomersAllDoTheSame() {
    List<Day> days = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      for (int day = 1; day < 360; day += 20) {
        days.add(Day.order("c" + i, AS_OF.minusDays(day), 1_000));
      }
    }
    assertThat(reason(days)).endsWith("all of its 300 customers ordered again");
  }

  /** Each orders again in a third of the windows, whatever it did before. */
  @Test
  void customersWhomNothingTellsApartGetAboutTheBaseRate() {
    Random random = new Random(6);
    List<Day> days = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      days.add(Day.order("c" + i, AS_OF.minusDays(100), 1_000));
      for (int window = 1; window <= 3; window++) {
        if (random.nextInt(3) == 0) {
          days.add(Day.order("c" + i, AS_OF.minusDays(30L * window - 5), 1_000));
        }
      }
    }
    try (Churn churn = churn(days)) {
      Churn.Trained trained = churn.train("run");
      assertThat(trained.tooLittle()).isEmpty();
      List<Row> scores = churn.scores(trained.model().orElseThrow().scorer()).collectAsList();
      assertThat(scores).hasSize(300);
      assertThat(scores)
          .extracting(row -> row.<Double>getAs("churn_probability"))
          .allMatch(p -> p > 0.4 && p < 0.9);
    }
  }

  /** Whoever ordered lately goes on, whoever did not is gone: the best of lines has no end. */
  @Test
  void customersWhomRecencyTellsApartGetProbabilitiesToo() {
    List<Day> days = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      int lost = i % 2 == 0 ? 0 : 15 + (i * 7) % 200;
      for (int day = 1; day < 360; day += 10) {
        if (day > lost) {
          days.add(Day.order("c" + i, AS_OF.minusDays(day), 1_000));
        }
      }
    }
    try (Churn churn = churn(days)) {
      Churn.Trained trained = churn.train("run");
      assertThat(trained.model()).isPresent();
      assertThat(churn.scores(trained.model().get().scorer()).collectAsList())
          .hasSize(200)
          .extracting(row -> row.<Double>getAs("churn_probability"))
          .allMatch(p -> p >= 0 && p <= 1);
    }
  }

  private static String reason(List<Day> days) {
    try (Churn churn = churn(days)) {
      Churn.Trained trained = churn.train("run");
      assertThat(trained.model()).isEmpty();
      assertThat(trained.backtest()).isEmpty();
      return trained.tooLittle();
    }
  }

  private static Churn churn(List<Day> days) {
    return Churn.at(
        AS_OF,
        CustomerDayRows.of(days),
        300,
        ChurnTest.settings(30, Optional.of(365), 100),
        CustomerDayRows.MINOR_DIGITS);
  }
}
