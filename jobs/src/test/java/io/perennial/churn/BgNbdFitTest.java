package io.perennial.churn;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.perennial.churn.BgNbdStatistics.Group;
import io.perennial.testing.SharedSpark;
import java.io.IOException;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.commons.math3.special.Gamma;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Grouped histories and the maximum likelihood parameters. */
class BgNbdFitTest {

  private static final StructType HISTORY =
      new StructType()
          .add("first_day", DataTypes.DateType)
          .add("last_day", DataTypes.DateType)
          .add("purchase_days", DataTypes.LongType);

  @Test
  void reproducesThePublishedFitOfCdnow() throws IOException {
    List<Row> histories = new ArrayList<>();
    CdnowSample.read()
        .forEach(days -> histories.add(history(days.firstKey(), days.lastKey(), days.size())));
    assertThat(histories).hasSize(2_357);

    BgNbdStatistics statistics = collect(histories, 3, BgNbdStatistics.MAX_GROUPS);
    assertThat(statistics.customers()).isEqualTo(2_357);
    BgNbd model = BgNbdFit.fit(statistics).orElseThrow();
    assertThat(model.r()).isCloseTo(0.243, within(0.0005));
    assertThat(model.alpha()).isCloseTo(4.414, within(0.0005));
    assertThat(model.a()).isCloseTo(0.793, within(0.0005));
    assertThat(model.b()).isCloseTo(2.426, within(0.0005));
    assertThat(logLikelihood(model, statistics)).isCloseTo(-9582.4, within(0.05));

    // Rounding to weeks, as with too many histories, changes little.
    BgNbd coarse = BgNbdFit.fit(collect(histories, 3, 1_000)).orElseThrow();
    assertThat(coarse.probabilityOfNoOrder(2, 30.43, 38.86, 13))
        .isCloseTo(model.probabilityOfNoOrder(2, 30.43, 38.86, 13), within(0.01));
  }

  @Test
  void recoversTheParametersOfSimulatedCustomers() {
    BgNbd truth = new BgNbd(0.6, 6, 0.8, 2.5);
    BgNbd model = BgNbdFit.fit(inDays(SimulatedCustomer.of(truth, 40_000, 104, 0))).orElseThrow();
    assertThat(model.r()).isCloseTo(truth.r(), withPercentage(5));
    assertThat(model.alpha()).isCloseTo(truth.alpha(), withPercentage(6));
    assertThat(model.a()).isCloseTo(truth.a(), withPercentage(6));
    assertThat(model.b()).isCloseTo(truth.b(), withPercentage(8));
  }

  @Test
  void theLikelihoodIsAsDefined() {
    List<Group> groups =
        List.of(
            new Group(0, 0, 0, 3),
            new Group(0, 0, 270, 20),
            new Group(1, 0, 100, 2),
            new Group(2, 213, 272, 1),
            new Group(400, 700, 2_000, 4));
    for (BgNbd model : List.of(new BgNbd(0.243, 4.414, 0.793, 2.426), new BgNbd(3, 9, 2, 0.4))) {
      double expected =
          groups.stream().mapToDouble(g -> g.customers() * logLikelihood(model, g)).sum();
      assertThat(logLikelihood(model, new BgNbdStatistics(groups)))
          .isCloseTo(expected, withPercentage(1e-9));
    }
  }

  private static double logLikelihood(BgNbd model, BgNbdStatistics statistics) {
    return new BgNbdLikelihood(statistics).at(model.r(), model.alpha(), model.a(), model.b());
  }

  /** As written in definitions.md. */
  private static double logLikelihood(BgNbd m, Group g) {
    double age = g.ageDays() / 7.0;
    double last = g.recencyDays() / 7.0;
    int x = g.x();
    double alive = -(m.r() + x) * Math.log(m.alpha() + age);
    double bracket = alive;
    if (x > 0) {
      double gone = Math.log(m.a() / (m.b() + x - 1)) - (m.r() + x) * Math.log(m.alpha() + last);
      double larger = Math.max(alive, gone);
      bracket = larger + Math.log(Math.exp(alive - larger) + Math.exp(gone - larger));
    }
    return Gamma.logGamma(m.r() + x)
        - Gamma.logGamma(m.r())
        + m.r() * Math.log(m.alpha())
        + Gamma.logGamma(m.a() + m.b())
        + Gamma.logGamma(m.b() + x)
        - Gamma.logGamma(m.b())
        - Gamma.logGamma(m.a() + m.b() + x)
        + bracket;
  }

  @Test
  void thereIsNoModelWithoutRepeatOrdersOrDifferences() {
    assertThat(fit()).isEmpty();
    assertThat(fit(new Group(3, 20, 40, 1))).isEmpty();
    assertThat(fit(new Group(0, 0, 0, 12), new Group(1, 0, 0, 5))).isEmpty();
    assertThat(fit(new Group(0, 0, 40, 12), new Group(0, 0, 50, 7))).isEmpty();
    assertThat(fit(new Group(3, 20, 40, 12))).isEmpty();
    assertThat(fit(new Group(3, 20, 40, 12), new Group(0, 0, 40, 1))).isPresent();
  }

  private static Optional<BgNbd> fit(Group... groups) {
    return BgNbdFit.fit(new BgNbdStatistics(List.of(groups)));
  }

  /** Without dropout, a goes to zero or b to infinity. */
  @Test
  void aLimitingModelIsFitted() {
    Optional<BgNbd> model =
        fit(
            new Group(0, 0, 100, 30),
            new Group(1, 60, 100, 20),
            new Group(2, 80, 100, 10),
            new Group(4, 90, 100, 10));
    assertThat(model.orElseThrow().pAlive(1, 60 / 7.0, 100 / 7.0)).isCloseTo(1, within(1e-3));

    // All customers order at the same rate.
    BgNbd alike = fit(new Group(3, 60, 100, 30), new Group(3, 80, 100, 20)).orElseThrow();
    assertThat(alike.r()).isGreaterThan(1e3);
  }

  @Test
  void fewCustomersGiveAModelToo() {
    Group[] few = {new Group(0, 0, 40, 5), new Group(1, 30, 60, 2), new Group(4, 50, 55, 1)};
    assertThat(fit(few)).isPresent();
    assertThat(new BgNbdStatistics(List.of(few)).customers()).isEqualTo(8);
  }

  @Test
  void historiesAreCountedByOriginInDays() {
    List<Row> histories =
        List.of(
            history(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 1, 1), 1),
            history(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 1, 1), 1),
            history(LocalDate.of(2024, 1, 1), LocalDate.of(2024, 2, 29), 4),
            history(LocalDate.of(2024, 2, 29), LocalDate.of(2024, 2, 29), 1));
    assertThat(collect(histories, 2, 100).groups())
        .containsExactly(new Group(0, 0, 0, 1), new Group(0, 0, 59, 2), new Group(3, 59, 59, 1));
  }

  @Test
  void tooManyDifferentHistoriesAreRoundedToWeeks() {
    List<Row> histories = new ArrayList<>();
    LocalDate last = CdnowSample.ORIGIN.minusDays(1);
    for (int age = 0; age < 21; age++) {
      histories.add(history(last.minusDays(age), last, 2));
    }
    assertThat(collect(histories, 2, 4).groups())
        .containsExactly(
            new Group(1, 0, 0, 4),
            new Group(1, 7, 7, 7),
            new Group(1, 14, 14, 7),
            new Group(1, 21, 21, 3));
    assertThatThrownBy(() -> collect(histories, 2, 0))
        .hasMessage(
            "Cannot fit BG/NBD: histories have more than 0 different (x, t_x, T) in steps of 448"
                + " days");
  }

  @Test
  void theModelIsBitwiseEqualForAnyPartitioning() {
    List<Row> histories = new ArrayList<>();
    LocalDate last = CdnowSample.ORIGIN.minusDays(1);
    for (SimulatedCustomer customer :
        SimulatedCustomer.of(new BgNbd(0.6, 6, 0.8, 2.5), 3_000, 60, 0)) {
      LocalDate first = last.minusDays((long) (customer.age() * 7));
      histories.add(
          history(first, first.plusDays((long) (customer.recency() * 7)), customer.x() + 1));
    }
    Optional<BgNbd> fit = BgNbdFit.fit(collect(histories, 1, 100_000));
    assertThat(BgNbdFit.fit(collect(histories, 7, 100_000))).isEqualTo(fit);
  }

  private static Row history(LocalDate first, LocalDate last, long purchaseDays) {
    return RowFactory.create(Date.valueOf(first), Date.valueOf(last), purchaseDays);
  }

  /** The statistics of the histories at {@link CdnowSample#ORIGIN}, or at 2024-03-01. */
  private static BgNbdStatistics collect(List<Row> histories, int partitions, int most) {
    LocalDate first = ((Date) histories.get(0).get(0)).toLocalDate();
    LocalDate origin = first.getYear() == 2024 ? LocalDate.of(2024, 3, 1) : CdnowSample.ORIGIN;
    Dataset<Row> groups =
        BgNbdStatistics.group(
            SharedSpark.session().createDataFrame(histories, HISTORY).repartition(partitions),
            lit(origin),
            col("first_day"),
            col("last_day"),
            col("purchase_days"));
    SortedMap<LocalDate, BgNbdStatistics> statistics = BgNbdStatistics.collect(groups, most);
    assertThat(statistics).containsOnlyKeys(origin);
    return statistics.get(origin);
  }

  private static BgNbdStatistics inDays(List<SimulatedCustomer> customers) {
    return new BgNbdStatistics(
        customers.stream()
            .map(s -> new Group(s.x(), (int) (s.recency() * 7), (int) (s.age() * 7), 1))
            .toList());
  }
}
