package io.perennial.churn;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import io.perennial.testing.SharedSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the model says of a customer, against figures that were computed otherwise. */
class BgNbdTest {

  /** The published fit of CDNOW. */
  private static final BgNbd CDNOW = new BgNbd(0.243, 4.414, 0.793, 2.426);

  /**
   * The paper's equations 7, 8 and 10 as they stand, with mpmath's 2F1 in 60 digits. The first one
   * is the worked example of the authors' Excel note (1.226); lifetimes 0.11.3 gives the first
   * three and the tenth as well.
   */
  @ParameterizedTest(name = "x {4}, t_x {5}, T {6}, horizon {7} of r {0}, alpha {1}, a {2}, b {3}")
  @CsvSource({
    "0.243, 4.414, 0.793, 2.426,    2, 30.43, 38.86,  39, 0.72657857008067291,"
        + "    0.44537286208299557, 1.2260281747671444",
    "0.243, 4.414, 0.793, 2.426,   26, 30.86,    31,  52, 0.96891564971752508,"
        + "    0.031084350331269886, 25.758195936483515",
    "0.243, 4.414, 0.793, 2.426,    0,     0, 38.86,  39, 1,"
        + "    0.85544945921668155, 0.19509805201126264",
    "0.243, 4.414, 0.793, 2.426,    0,     0,     0,  13, 1,"
        + "    0.71640055009555485, 0.53443954109403079",
    "0.243, 4.414, 0.793, 2.426,   29, 38.57, 38.86,  10, 0.96924898361389779,"
        + "    0.032969905515127265, 6.0501254394532241",
    "0.243, 4.414, 0.793, 2.426,  300,   150,   156,  13, 0.0040498933015755577,"
        + "    0.99595010669870412, 0.095538749889283289",
    "0.243, 4.414, 0.793, 2.426,  300,   100,   156, 520, 3.8862575686723815e-54,"
        + "    1, 1.970266553196771e-51",
    "0.243, 4.414, 0.793, 2.426, 1000,  2600,  2610,  52, 0.96469877832011744,"
        + "    0.035301224365801183, 19.042975266391316",
    "0.243, 4.414, 0.793, 2.426,    5,     1,  2600,  52, 7.0135207283493422e-14,"
        + "    0.99999999999999309, 7.2981739144364091e-15",
    "0.243, 4.414, 0.793, 2.426,    3,    20,    30, .001, 0.64704713120464504,"
        + "    0.99993902933411333, 6.0973945256127492e-5",
    "0.5, 8, 1.0000000001, 2.4,     4,    20,    30,  13, 0.57741765846986582,"
        + "    0.57620329404354856, 0.79250852991047933",
    "0.5, 8, 1e-5, 0.002,           4,    20,    30,  13, 0.99998683567369635,"
        + "    0.26605790324917027, 1.5394502433280248",
    "0.01, 0.05, 0.3, 0.4,          0,     0,     0,  52, 1,"
        + "    0.93287937784752537, 1.4088471200179952",
    "700, 7000, 0.5, 1.9,           3,    20,    30,  13, 0.74142952405386936,"
        + "    0.46087631834712054, 0.91109458101193923",
    "3, 0.5, 5, 0.2,              500,    99,   100, 100, 0.39496885731301808,"
        + "    0.60503114268698192, 46.628051729950012",
    "0.243, 4.414, 0.793, 2.426,  500,    50,    50, 520, 0.99842100756841139,"
        + "    0.0015789924315886097, 1520.2544829719435",
    "0.6, 1.5, 17164, 100000,       7,    10,    12,  13, 0.63269871096503617,"
        + "    0.3710602251808085, 2.7348285830565201"
  })
  void agreesWithThePapersEquations(
      double r,
      double alpha,
      double a,
      double b,
      int x,
      double recency,
      double age,
      double horizon,
      double pAlive,
      double pNoOrder,
      double orders) {
    BgNbd model = new BgNbd(r, alpha, a, b);
    assertThat(model.pAlive(x, recency, age)).isCloseTo(pAlive, withPercentage(1e-9));
    assertThat(model.probabilityOfNoOrder(x, recency, age, horizon))
        .isCloseTo(pNoOrder, withPercentage(1e-10));
    assertThat(model.expectedOrders(x, recency, age, horizon))
        .isCloseTo(orders, withPercentage(1e-9));
  }

  /**
   * By the likelihood of a single customer, integrated over rate and dropout by the midpoint rule:
   * none of the model's closed forms is used.
   */
  @ParameterizedTest(name = "x {0}, t_x {1}, T {2}, horizon {3}")
  @CsvSource({"0, 0, 38.86, 39", "2, 30.43, 38.86, 39", "3, 5, 30, 13", "8, 20, 30, 13"})
  void agreesWithNumericIntegration(int x, double recency, double age, double horizon) {
    double all = 0;
    double alive = 0;
    double none = 0;
    double orders = 0;
    int steps = 600;
    for (int i = 0; i < steps; i++) {
      // Both densities have a pole at zero, which the fourth power takes away.
      double u = (i + 0.5) / steps;
      double rate = 3 * Math.pow(u, 4);
      double rateWeight =
          12 * Math.pow(u, 3) * Math.pow(rate, CDNOW.r() - 1) * Math.exp(-CDNOW.alpha() * rate);
      for (int j = 0; j < steps; j++) {
        double v = (j + 0.5) / steps;
        double p = Math.pow(v, 4);
        double weight =
            rateWeight
                * (4 * Math.pow(v, 3))
                * Math.pow(p, CDNOW.a() - 1)
                * Math.pow(1 - p, CDNOW.b() - 1)
                * Math.pow(rate, x);
        double living = weight * Math.pow(1 - p, x) * Math.exp(-rate * age);
        double gone = x == 0 ? 0 : weight * p * Math.pow(1 - p, x - 1) * Math.exp(-rate * recency);
        all += living + gone;
        alive += living;
        none += gone + living * Math.exp(-rate * horizon);
        orders += living * (1 - Math.exp(-rate * p * horizon)) / p;
      }
    }
    assertThat(CDNOW.pAlive(x, recency, age)).isCloseTo(alive / all, within(1e-4));
    assertThat(CDNOW.probabilityOfNoOrder(x, recency, age, horizon))
        .isCloseTo(none / all, within(1e-4));
    assertThat(CDNOW.expectedOrders(x, recency, age, horizon))
        .isCloseTo(orders / all, withPercentage(0.1));
  }

  /** A hundred thousand simulated customers, grouped by what is known of them. */
  @Test
  void isRightOnAverageForCustomersWhoLiveLikeThat() {
    double horizon = 13;
    List<SimulatedCustomer> stories = SimulatedCustomer.of(CDNOW, 100_000, 40, horizon);
    for (int x = 0; x <= 4; x++) {
      int orders = x;
      List<SimulatedCustomer> group =
          stories.stream()
              .filter(story -> orders < 4 ? story.x() == orders : story.x() >= 4)
              .toList();
      assertThat(group).hasSizeGreaterThan(1_000);
      assertMeansAgree(
          group, s -> s.alive() ? 1 : 0, s -> CDNOW.pAlive(s.x(), s.recency(), s.age()));
      assertMeansAgree(
          group,
          s -> s.later() == 0 ? 1 : 0,
          s -> CDNOW.probabilityOfNoOrder(s.x(), s.recency(), s.age(), horizon));
      assertMeansAgree(
          group,
          SimulatedCustomer::later,
          s -> CDNOW.expectedOrders(s.x(), s.recency(), s.age(), horizon));
    }
  }

  /** Within four standard errors of the mean difference. */
  private static void assertMeansAgree(
      List<SimulatedCustomer> stories,
      ToDoubleFunction<SimulatedCustomer> happened,
      ToDoubleFunction<SimulatedCustomer> expected) {
    double[] off =
        stories.stream()
            .mapToDouble(s -> happened.applyAsDouble(s) - expected.applyAsDouble(s))
            .toArray();
    double sum = 0;
    double squares = 0;
    for (double one : off) {
      sum += one;
      squares += one * one;
    }
    assertThat(Math.abs(sum / off.length)).isLessThanOrEqualTo(4 * Math.sqrt(squares) / off.length);
  }

  @Test
  void columnsAgreeWithTheNumbers() {
    StructType schema =
        new StructType()
            .add("x", DataTypes.LongType)
            .add("recency", DataTypes.DoubleType)
            .add("age", DataTypes.DoubleType);
    List<Row> rows = new ArrayList<>();
    for (long x : new long[] {0, 1, 2, 7, 300}) {
      for (double age : new double[] {0, 1 / 7.0, 30, 2_600}) {
        for (double part : new double[] {0, 0.4, 1}) {
          rows.add(RowFactory.create(x, x == 0 ? 0 : part * age, age));
        }
      }
    }
    // Where b < 1 the odds of x = 0 have no logarithm: they must not be looked at.
    for (BgNbd model : List.of(CDNOW, new BgNbd(0.5, 1, 0.3, 0.2))) {
      List<Row> computed =
          SharedSpark.session()
              .createDataFrame(rows, schema)
              .repartition(2)
              .select(
                  col("x"),
                  col("recency"),
                  col("age"),
                  model.pAlive(col("x"), col("recency"), col("age")),
                  model.probabilityOfNoOrder(col("x"), col("recency"), col("age"), 13),
                  model.expectedOrders(col("x"), col("recency"), col("age"), 13))
              .collectAsList();
      assertThat(computed).hasSize(rows.size());
      for (Row row : computed) {
        int x = (int) row.getLong(0);
        double recency = row.getDouble(1);
        double age = row.getDouble(2);
        assertThat(row.getDouble(3)).isCloseTo(model.pAlive(x, recency, age), within(1e-12));
        assertThat(row.getDouble(4))
            .isCloseTo(model.probabilityOfNoOrder(x, recency, age, 13), within(1e-12));
        assertThat(row.getDouble(5))
            .isCloseTo(model.expectedOrders(x, recency, age, 13), withPercentage(1e-9));
      }
    }
  }

  @Test
  void noHorizonIsNoOrder() {
    assertThat(CDNOW.expectedOrders(3, 10, 20, 0)).isZero();
    assertThat(CDNOW.probabilityOfNoOrder(3, 10, 20, 0)).isEqualTo(1);
  }

  @Test
  void parametersMustBePositive() {
    assertThatThrownBy(() -> new BgNbd(0.2, 4, 0, 2))
        .hasMessage(
            "Cannot make a BG/NBD model of r 0.2, alpha 4.0, a 0.0, b 2.0: all must be positive");
    assertThatThrownBy(() -> new BgNbd(Double.NaN, 4, 1, 2))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
