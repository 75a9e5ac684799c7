package io.perennial.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The purchase process against its formulas. Each tolerance is four standard errors. */
class LifeTest {

  private final SampleSettings settings = Samples.settings("csv", 20_000, 24, 0);
  private final ShopClock clock = new ShopClock(settings);
  private final Seasonality season = new Seasonality(settings, clock);

  @Test
  void theDailyFactorHasMeanOneOverAYear() {
    assertThat(season.length())
        .isEqualTo(clock.days(), org.assertj.core.api.Assertions.within(1e-6));
  }

  @Test
  void customersWhoNeverDropOutOrderAtTheirRate() {
    double difference = 0;
    double variance = 0;
    for (int number = 0; number < 4_000; number++) {
      Customer customer = with(Customer.of(settings, season, number), 0.02, 0);
      double expected = 0.02 * (season.length() - customer.acquired());
      difference += Life.of(settings, season, customer).orders().length - 1 - expected;
      variance += expected; // Poisson
    }
    assertThat(Math.abs(difference)).isLessThan(4 * Math.sqrt(variance));
  }

  /** After the first order, E[repeat orders] = (1 - p) (1 - exp(-rate p T)) / p. */
  @Test
  void repeatOrdersAgreeWithTheTrueParameters() {
    double difference = 0;
    double square = 0;
    double all = 0;
    for (int number = 0; number < 20_000; number++) {
      Customer customer = Customer.of(settings, season, number);
      double p = customer.dropout();
      double exposure = season.length() - customer.acquired();
      double expected = (1 - p) * -Math.expm1(-customer.rate() * p * exposure) / p;
      double off = Life.of(settings, season, customer).orders().length - 1 - expected;
      all += expected;
      difference += off;
      square += off * off;
    }
    assertThat(all).isGreaterThan(10_000);
    assertThat(Math.abs(difference)).isLessThan(4 * Math.sqrt(square));
  }

  @Test
  void customersDropOutAfterTheFirstOrderAtTheTrueRate() {
    double expected = 0;
    double variance = 0;
    int lost = 0;
    for (int number = 0; number < 20_000; number++) {
      Customer customer = Customer.of(settings, season, number);
      Life life = Life.of(settings, season, customer);
      expected += customer.dropout();
      variance += customer.dropout() * (1 - customer.dropout());
      lost += life.aliveUntil() == life.orders()[0] ? 1 : 0;
    }
    assertThat(Math.abs(lost - expected)).isLessThan(4 * Math.sqrt(variance));
  }

  @Test
  void ratesAreGammaAndDropoutsBetaInTheMean() {
    double rate = 0;
    double dropout = 0;
    double n = 100_000;
    for (int i = 0; i < n; i++) {
      SeededRandom random = new SeededRandom(1, SeededRandom.Topic.CUSTOMER, i, 0);
      rate += random.gamma(Population.RATE_SHAPE);
      dropout += random.beta(Population.DROPOUT_A, Population.DROPOUT_B);
    }
    double a = Population.DROPOUT_A;
    double b = Population.DROPOUT_B;
    double betaVariance = a * b / ((a + b) * (a + b) * (a + b + 1));
    assertThat(Math.abs(rate / n - Population.RATE_SHAPE))
        .isLessThan(4 * Math.sqrt(Population.RATE_SHAPE / n));
    assertThat(Math.abs(dropout / n - a / (a + b))).isLessThan(4 * Math.sqrt(betaVariance / n));
  }

  @Test
  void ordersAscendAndStayWithinTheLake() {
    for (int number = 0; number < 2_000; number++) {
      long[] orders = Life.of(settings, season, Customer.of(settings, season, number)).orders();
      assertThat(orders).isSorted();
      assertThat(clock.covers(orders[0]) && clock.covers(orders[orders.length - 1])).isTrue();
    }
  }

  @Test
  void novemberAndDecemberArePeaks() {
    int[] byMonth = new int[13];
    for (int number = 0; number < 5_000; number++) {
      for (long order : Life.of(settings, season, Customer.of(settings, season, number)).orders()) {
        byMonth[ShopClock.date(order).getMonthValue()]++;
      }
    }
    assertThat(byMonth[11]).isGreaterThan(byMonth[10]).isGreaterThan((int) (1.3 * byMonth[9]));
    assertThat(byMonth[12]).isGreaterThan(byMonth[10]);
  }

  private static Customer with(Customer of, double rate, double dropout) {
    return new Customer(
        of.number(),
        of.kind(),
        of.id(),
        of.home(),
        of.channel(),
        of.firstCategory(),
        of.secondCategory(),
        of.chainStart(),
        of.acquired(),
        rate,
        dropout,
        of.isDiscountDriven(),
        of.spend());
  }
}
