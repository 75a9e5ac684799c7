package io.perennial.churn;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.perennial.churn.GammaGammaStatistics.Group;
import io.perennial.testing.SharedSpark;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.special.Gamma;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Expected order values, and the fit of the model. */
class GammaGammaTest {

  private static final LocalDate ORIGIN = LocalDate.of(2024, 3, 1);
  private static final StructType HISTORY =
      new StructType().add("x", DataTypes.LongType).add("total", DataTypes.LongType);

  /** Published: p 6.25, q 3.74, gamma 15.44 of 946 customers (Fader, Hardie 2013). */
  @Test
  void reproducesThePublishedFitOfCdnow() throws IOException {
    List<Row> histories = new ArrayList<>();
    for (TreeMap<LocalDate, Long> days : CdnowSample.read()) {
      long total = days.values().stream().mapToLong(Long::longValue).sum();
      histories.add(RowFactory.create(days.size() - 1L, total - days.firstEntry().getValue()));
    }
    GammaGammaStatistics statistics = collect(histories, 3, GammaGammaStatistics.MAX_GROUPS);
    assertThat(statistics.customers()).isEqualTo(946);
    GammaGamma model = GammaGammaFit.fit(statistics, 2).orElseThrow();
    assertThat(model.p()).isCloseTo(6.25, within(0.005));
    assertThat(model.q()).isCloseTo(3.74, within(0.005));
    assertThat(model.gamma()).isCloseTo(15.44, within(0.005));
    // Of the customers 1, 2 and 6 of lifetimes' CDNOW summary, in its documentation.
    assertThat(model.expectedValue(2, 22.35)).isCloseTo(24.658, within(0.01));
    assertThat(model.expectedValue(1, 11.77)).isCloseTo(18.911, within(0.01));
    assertThat(model.expectedValue(7, 73.74)).isCloseTo(71.462, within(0.01));

    // Rounding totals to a thousandth of their size changes little.
    GammaGamma coarse = GammaGammaFit.fit(collect(histories, 3, 600), 2).orElseThrow();
    assertThat(coarse).isNotEqualTo(model);
    assertThat(coarse.expectedValue(2, 22.35)).isCloseTo(24.658, within(0.02));
  }

  @Test
  void recoversTheParametersOfSimulatedOrders() {
    GammaGamma truth = new GammaGamma(3, 4, 25);
    RandomGenerator random = new Well19937c(7);
    GammaDistribution rates = new GammaDistribution(random, truth.q(), 1 / truth.gamma());
    List<Group> groups = new ArrayList<>();
    double later = 0;
    double expected = 0;
    for (int i = 0; i < 20_000; i++) {
      int x = 1 + random.nextInt(4);
      double rate = rates.sample();
      GammaDistribution values = new GammaDistribution(random, truth.p(), 1 / rate);
      double total = 0;
      for (int order = 0; order < x; order++) {
        total += values.sample();
      }
      groups.add(new Group(x, Math.max(1, Math.round(total * 100)), 1));
      later += values.sample();
      expected += truth.expectedValue(x, total / x);
    }
    GammaGamma model = fit(groups, 2).orElseThrow();
    assertThat(model.p()).isCloseTo(truth.p(), withPercentage(4));
    assertThat(model.q()).isCloseTo(truth.q(), withPercentage(4));
    assertThat(model.gamma()).isCloseTo(truth.gamma(), withPercentage(6));
    assertThat(model.mean()).isCloseTo(25, withPercentage(2));
    assertThat(later).isCloseTo(expected, withPercentage(2));
  }

  @Test
  void theLikelihoodIsThatOfThePaper() {
    List<Group> groups = List.of(new Group(1, 1_999, 3), new Group(5, 12_345, 2));
    double p = 6.25;
    double q = 3.74;
    double gamma = 15.44;
    double expected = 0;
    for (Group group : groups) {
      int x = group.x();
      double mean = group.totalMinor() / 100.0 / x;
      expected +=
          group.customers()
              * (Gamma.logGamma(p * x + q)
                  - Gamma.logGamma(p * x)
                  - Gamma.logGamma(q)
                  + q * Math.log(gamma)
                  + (p * x - 1) * Math.log(mean)
                  + p * x * Math.log(x)
                  - (p * x + q) * Math.log(gamma + mean * x));
    }
    assertThat(new GammaGammaLikelihood(groups, 100).at(p, q, gamma))
        .isCloseTo(expected, withPercentage(1e-9));
  }

  @Test
  void theCurrencyUnitOnlyScalesTheFit() {
    List<Group> cents = new ArrayList<>();
    List<Group> dollars = new ArrayList<>();
    for (int i = 1; i < 200; i++) {
      cents.add(new Group(1 + i % 3, 100L * (i * 37 % 101 + 5), 1));
      dollars.add(new Group(1 + i % 3, i * 37 % 101 + 5, 1));
    }
    assertThat(fit(cents, 2).orElseThrow().expectedValue(2, 30))
        .isCloseTo(fit(dollars, 0).orElseThrow().expectedValue(2, 30), within(1e-4));
  }

  @Test
  void thereIsNoModelWithoutDifferencesOrAMean() {
    assertThat(fit(List.of(), 2)).isEmpty();
    assertThat(fit(List.of(new Group(2, 300, 4), new Group(1, 150, 3)), 2)).isEmpty();
    List<Group> wild = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      // A Pareto distribution of index 0.6: its mean is infinite.
      wild.add(new Group(1 + i % 2, Math.round(1_000 * Math.pow((i + 0.5) / 60, -1 / 0.6)), 1));
    }
    assertThat(fit(wild, 2)).isEmpty();
  }

  private static Optional<GammaGamma> fit(List<Group> groups, int minorDigits) {
    return GammaGammaFit.fit(new GammaGammaStatistics(groups), minorDigits);
  }

  /** With homogeneous customers q goes to infinity. */
  @Test
  void aLimitingModelIsFitted() {
    RandomGenerator random = new Well19937c(3);
    GammaDistribution values = new GammaDistribution(random, 4, 10);
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      double total = 0;
      for (int order = 0; order < 6; order++) {
        total += values.sample();
      }
      groups.add(new Group(6, Math.round(total * 100), 1));
    }
    GammaGamma model = fit(groups, 2).orElseThrow();
    assertThat(model.q()).isGreaterThan(1e3);
    assertThat(model.mean()).isCloseTo(40, withPercentage(3));
    assertThat(model.expectedValue(6, 80)).isCloseTo(40, withPercentage(10));
  }

  @Test
  void customersWithoutPositiveValueAreExcluded() {
    List<Row> histories =
        List.of(
            RowFactory.create(0L, 0L),
            RowFactory.create(1L, 0L),
            RowFactory.create(2L, -500L),
            RowFactory.create(2L, 700L),
            RowFactory.create(2L, 700L));
    GammaGammaStatistics statistics = collect(histories, 2, 100);
    assertThat(statistics.groups()).containsExactly(new Group(2, 700, 2));
  }

  @Test
  void columnsAgreeWithScalars() {
    GammaGamma model = new GammaGamma(6.25, 3.74, 15.44);
    StructType schema =
        new StructType()
            .add("x", DataTypes.LongType)
            .add("mean", DataTypes.createDecimalType(18, 2));
    List<Row> rows =
        List.of(
            RowFactory.create(0L, null),
            RowFactory.create(2L, new java.math.BigDecimal("22.35")),
            RowFactory.create(3L, new java.math.BigDecimal("-8.00")));
    List<Row> computed =
        SharedSpark.session()
            .createDataFrame(rows, schema)
            .repartition(2)
            .orderBy(col("x"))
            .select(model.expectedValue(col("x"), col("mean")))
            .collectAsList();
    assertThat(computed.get(0).getDouble(0)).isCloseTo(model.mean(), within(1e-12));
    // lifetimes 0.11.3 at these parameters.
    assertThat(computed.get(1).getDouble(0)).isCloseTo(24.663713910761157, within(1e-12));
    assertThat(computed.get(2).getDouble(0)).isCloseTo(model.expectedValue(3, -8), within(1e-12));
    assertThat(model.expectedValue(3, -8)).isEqualTo(model.expectedValue(3, 0)).isPositive();
  }

  @Test
  void theMeanMustExist() {
    assertThatThrownBy(() -> new GammaGamma(2, 1, 3))
        .hasMessage(
            "Cannot make a Gamma-Gamma model of p 2.0, q 1.0, gamma 3.0: p and gamma must be"
                + " positive, q above 1");
  }

  private static GammaGammaStatistics collect(List<Row> histories, int partitions, int most) {
    Dataset<Row> rows =
        SharedSpark.session().createDataFrame(histories, HISTORY).repartition(partitions);
    return GammaGammaStatistics.collect(
            GammaGammaStatistics.group(rows, lit(ORIGIN), col("x"), col("total")), most)
        .get(ORIGIN);
  }
}
