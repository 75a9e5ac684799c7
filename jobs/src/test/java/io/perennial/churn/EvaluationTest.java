package io.perennial.churn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.perennial.churn.EvaluationOracle.Score;
import io.perennial.testing.SharedSpark;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** Evaluation of random scores, many of them tied, against an oracle over lists and MLlib. */
class EvaluationTest {

  private static final LocalDate NEWER = LocalDate.of(2024, 3, 1);
  private static final LocalDate OLDER = LocalDate.of(2023, 12, 2);

  private record Key(String kind, LocalDate origin) {}

  private final Map<Key, List<Score>> scored = new HashMap<>();

  @Test
  void agreesWithTheOracleForEveryKindAndOriginAtOnce() {
    Random random = new Random(42);
    scored.put(new Key("coarse", NEWER), scores(random, 317, 20, 0.3));
    scored.put(new Key("coarse", OLDER), scores(random, 40, 5, 0.8));
    scored.put(new Key("fine", NEWER), scores(random, 1_003, 1_000_000, 0.7));
    scored.put(new Key("narrow", NEWER), narrow(random));
    scored.put(new Key("two", NEWER), scores(random, 100, 2, 0.5));
    Map<Key, Row> metrics = metrics(3);
    assertThat(metrics).hasSameSizeAs(scored);
    scored.forEach(
        (key, scores) -> {
          Row row = metrics.get(key);
          EvaluationOracle oracle = new EvaluationOracle(scores);
          assertThat(row.<Long>getAs("customers")).as(key.toString()).isEqualTo(scores.size());
          assertClose(row, "churn_rate", oracle.churnRate(), 1e-12);
          assertClose(row, "auc", oracle.auc(), 1e-12);
          assertClose(row, "pr_auc", areaUnderPrecisionRecall(scores), 1e-12);
          assertClose(row, "log_loss", oracle.logLoss(), 1e-12);
          assertClose(row, "brier", oracle.brier(), 1e-12);
          assertClose(row, "ece", oracle.ece(), 1e-12);
          assertClose(row, "calibration_intercept", oracle.calibrationLine()[0], 1e-5);
          assertClose(row, "calibration_slope", oracle.calibrationLine()[1], 1e-5);
          List<Double> lift = row.getList(row.fieldIndex("decile_lift"));
          assertThat(lift).hasSize(10);
          for (int i = 0; i < 10; i++) {
            assertThat(lift.get(i)).isCloseTo(oracle.decileLift().get(i), within(1e-9));
          }
        });
  }

  /** MLlib's own AUC agrees as well, on scores without many ties. */
  @Test
  void agreesWithMllib() {
    List<Score> scores = scores(new Random(1), 500, 300, 0.4);
    scored.put(new Key("one", NEWER), scores);
    Row row = metrics(2).get(new Key("one", NEWER));
    BinaryClassificationMetrics mllib = mllib(scores);
    assertClose(row, "auc", mllib.areaUnderROC(), 1e-12);
    assertClose(row, "pr_auc", mllib.areaUnderPR(), 1e-12);
  }

  @Test
  void calibrationRowsAreTheBinsOfTheCalibrationError() {
    List<Score> scores = scores(new Random(5), 260, 30, 0.5);
    scored.put(new Key("one", NEWER), scores);
    EvaluationOracle oracle = new EvaluationOracle(scores);
    Dataset<Row> cells = ScoreBins.of(ScoreBins.histogram(scored(2)));
    TreeMap<Integer, Row> bins = new TreeMap<>();
    for (Row row : Evaluation.calibration(cells).collectAsList()) {
      bins.put(row.<Integer>getAs("bin"), row);
    }
    for (int bin = 1; bin <= 10; bin++) {
      List<Score> inBin = oracle.inBin(bin);
      if (inBin.isEmpty()) {
        assertThat(bins).doesNotContainKey(bin);
      } else {
        Row row = bins.get(bin);
        assertThat(row.<Long>getAs("customers")).isEqualTo(inBin.size());
        assertClose(
            row,
            "predicted",
            inBin.stream().mapToDouble(Score::predicted).average().orElseThrow(),
            1e-12);
        assertClose(
            row,
            "observed",
            inBin.stream().mapToInt(Score::observed).average().orElseThrow(),
            1e-12);
      }
    }
  }

  @Test
  void scoresThatDifferByFloatingPointNoiseAreEqual() {
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      scores.add(new Score(0.3 + i * 1e-12, i % 2));
    }
    scored.put(new Key("noise", NEWER), scores);
    Row row = metrics(2).get(new Key("noise", NEWER));
    assertThat(row.<Double>getAs("auc")).isEqualTo(0.5);
    List<Double> lift = row.getList(row.fieldIndex("decile_lift"));
    assertThat(lift).allSatisfy(one -> assertThat(one).isCloseTo(1, within(1e-12)));
  }

  @Test
  void undefinedFiguresAreNull() {
    scored.put(new Key("constant", NEWER), List.of(s(0.2, 1), s(0.2, 1), s(0.2, 0), s(0.2, 0)));
    scored.put(new Key("all churned", NEWER), List.of(s(0.2, 1), s(0.7, 1)));
    scored.put(new Key("none churned", NEWER), List.of(s(0.2, 0), s(0.7, 0)));
    scored.put(new Key("separated", NEWER), List.of(s(0.2, 0), s(0.6, 0), s(0.6, 1), s(0.7, 1)));
    scored.put(new Key("alone", NEWER), List.of(s(1, 0)));
    Map<Key, Row> metrics = metrics(1);

    Row constant = metrics.get(new Key("constant", NEWER));
    assertClose(constant, "auc", 0.5, 0);
    assertClose(constant, "pr_auc", 0.5, 0);
    assertClose(constant, "ece", 0.3, 1e-12);
    assertThat(constant.<Double>getAs("calibration_slope")).isNull();
    assertClose(constant, "calibration_intercept", Math.log(4), 1e-9);

    Row allChurned = metrics.get(new Key("all churned", NEWER));
    assertThat(allChurned.<Double>getAs("auc")).isNull();
    assertClose(allChurned, "pr_auc", 1, 0);
    assertThat(allChurned.<Double>getAs("calibration_slope")).isNull();
    assertThat(allChurned.<Double>getAs("calibration_intercept")).isNull();

    Row noneChurned = metrics.get(new Key("none churned", NEWER));
    assertThat(noneChurned.<Double>getAs("auc")).isNull();
    assertThat(noneChurned.<Double>getAs("pr_auc")).isNull();
    assertThat(noneChurned.<Object>getAs("decile_lift")).isNull();
    assertClose(noneChurned, "log_loss", -(Math.log(0.8) + Math.log(0.3)) / 2, 1e-12);

    Row separated = metrics.get(new Key("separated", NEWER));
    assertClose(separated, "auc", 0.875, 1e-12);
    assertThat(separated.<Double>getAs("calibration_slope")).isNull();

    Row alone = metrics.get(new Key("alone", NEWER));
    assertClose(alone, "log_loss", -Math.log(1e-15), 0.2);
    assertClose(alone, "brier", 1, 0);
  }

  @Test
  void outcomesMayBeBoolean() {
    StructType schema = schema(DataTypes.BooleanType);
    Date origin = Date.valueOf(NEWER);
    Dataset<Row> rows =
        SharedSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create("one", origin, 0.8, true),
                    RowFactory.create("one", origin, 0.1, false)),
                schema);
    Row row = Evaluation.metrics(ScoreBins.of(ScoreBins.histogram(rows))).first();
    assertClose(row, "auc", 1, 0);
  }

  @Test
  void valuesThatAreNoProbabilityAreRefused() {
    for (Double bad : new Double[] {null, Double.NaN, 1.5, -0.1}) {
      Dataset<Row> rows =
          SharedSpark.session()
              .createDataFrame(
                  List.of(RowFactory.create("one", Date.valueOf(NEWER), bad, 1)),
                  schema(DataTypes.IntegerType));
      assertThatThrownBy(() -> ScoreBins.histogram(rows).collectAsList())
          .hasStackTraceContaining(
              "Cannot evaluate a probability or outcome of %s: it must be 0 to 1".formatted(bad));
    }
  }

  @Test
  void partitioningChangesNothing() {
    scored.put(new Key("one", NEWER), scores(new Random(9), 3_000, 100_000, 0.6));
    scored.put(new Key("one", OLDER), scores(new Random(10), 2_000, 50, 0.6));
    Map<Key, Row> once = metrics(1);
    Map<Key, Row> again = metrics(7);
    once.forEach(
        (key, row) -> {
          for (String name : row.schema().fieldNames()) {
            if (row.getAs(name) instanceof Double value) {
              assertClose(again.get(key), name, value, 1e-9);
            } else {
              assertThat(again.get(key).<Object>getAs(name)).isEqualTo(row.getAs(name));
            }
          }
        });
  }

  /** Recovers the line by which predicted log-odds are miscalibrated. */
  @Test
  void logOddsByOriginGiveTheRecalibration() {
    Random random = new Random(3);
    List<Score> miscalibrated = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      double logOdds = random.nextGaussian();
      double truth = 1 / (1 + Math.exp(-(0.5 + 0.7 * logOdds)));
      miscalibrated.add(s(1 / (1 + Math.exp(-logOdds)), random.nextDouble() < truth ? 1 : 0));
    }
    scored.put(new Key("logistic", OLDER), miscalibrated);
    scored.put(new Key("logistic", NEWER), List.of(s(0.1, 1)));
    scored.put(new Key("other", OLDER), List.of(s(0.1, 1)));
    SortedMap<LocalDate, List<CalibrationLine.Group>> logOdds =
        ChurnBacktest.logOdds(ScoreBins.histogram(scored(3)));
    assertThat(logOdds).containsOnlyKeys(OLDER, NEWER);
    assertThat(logOdds.get(OLDER).stream().mapToLong(CalibrationLine.Group::customers).sum())
        .isEqualTo(20_000);
    Recalibration recalibration = Recalibration.fit(logOdds.get(OLDER));
    double[] line = new EvaluationOracle(miscalibrated).calibrationLine();
    assertThat(recalibration.intercept()).isCloseTo(line[0], within(1e-5));
    assertThat(recalibration.slope()).isCloseTo(line[1], within(1e-5));
    assertThat(recalibration.slope()).isCloseTo(0.7, within(0.06));
  }

  private static Score s(double predicted, int observed) {
    return new Score(predicted, observed);
  }

  /** Scores on {@code levels} levels that are correlated with the outcomes. */
  private static List<Score> scores(Random random, int n, int levels, double rate) {
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double predicted = (random.nextInt(levels) + 0.5) / levels;
      double truth = 0.6 * rate + 0.4 * predicted;
      scores.add(s(predicted, random.nextDouble() < truth ? 1 : 0));
    }
    return scores;
  }

  /** Many scores within one bucket, and a few in others. */
  private static List<Score> narrow(Random random) {
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      scores.add(s(0.9 + 2e-5 * random.nextInt(40) / 40, random.nextDouble() < 0.8 ? 1 : 0));
    }
    for (int i = 0; i < 60; i++) {
      scores.add(s(0.001 + random.nextDouble() * 0.5, random.nextDouble() < 0.4 ? 1 : 0));
    }
    return scores;
  }

  private static double areaUnderPrecisionRecall(List<Score> scores) {
    return mllib(scores).areaUnderPR();
  }

  private static BinaryClassificationMetrics mllib(List<Score> scores) {
    List<Tuple2<Object, Object>> pairs = new ArrayList<>();
    scores.forEach(score -> pairs.add(new Tuple2<>(score.predicted(), (double) score.observed())));
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(SharedSpark.session().sparkContext());
    return new BinaryClassificationMetrics(context.parallelize(pairs, 2).rdd(), 0);
  }

  private Map<Key, Row> metrics(int partitions) {
    Map<Key, Row> byKey = new HashMap<>();
    Dataset<Row> cells = ScoreBins.of(ScoreBins.histogram(scored(partitions)));
    for (Row row : Evaluation.metrics(cells).collectAsList()) {
      byKey.put(new Key(row.getString(0), row.getDate(1).toLocalDate()), row);
    }
    return byKey;
  }

  private Dataset<Row> scored(int partitions) {
    List<Row> rows = new ArrayList<>();
    scored.forEach(
        (key, scores) ->
            scores.forEach(
                score ->
                    rows.add(
                        RowFactory.create(
                            key.kind(),
                            Date.valueOf(key.origin()),
                            score.predicted(),
                            score.observed()))));
    return SharedSpark.session()
        .createDataFrame(rows, schema(DataTypes.IntegerType))
        .repartition(partitions);
  }

  private static StructType schema(DataType observed) {
    return new StructType()
        .add("model_kind", DataTypes.StringType)
        .add("origin", DataTypes.DateType)
        .add("predicted", DataTypes.DoubleType)
        .add("observed", observed);
  }

  private static void assertClose(Row row, String name, double expected, double tolerance) {
    assertThat(row.<Double>getAs(name)).as(name).isCloseTo(expected, within(tolerance));
  }
}
