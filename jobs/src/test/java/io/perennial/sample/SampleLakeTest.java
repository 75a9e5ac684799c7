package io.perennial.sample;

import static org.apache.spark.sql.functions.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lake on disk: its files, its ground truth, and refused directories. */
class SampleLakeTest {

  @TempDir static Path dir;

  private static SparkSession spark;
  private static SampleSettings settings;
  private static SampleReport report;

  @BeforeAll
  static void writeALake() {
    spark = Samples.session();
    settings = Samples.in(dir.resolve("lake"), Samples.settings("csv", 400, 9, 0), "csv");
    report = SampleLake.write(spark, settings);
  }

  @Test
  void thereIsOneFileAMonthAndSomeLateAndOverlappingOnesAndNothingElse() throws IOException {
    assertThat(names(dir.resolve("lake")))
        .containsExactly(
            "orders-2024-01.csv",
            "orders-2024-02-overlap.csv",
            "orders-2024-02.csv",
            "orders-2024-03-late.csv",
            "orders-2024-03.csv",
            "orders-2024-04.csv",
            "orders-2024-05.csv",
            "orders-2024-06.csv",
            "orders-2024-07-late.csv",
            "orders-2024-07.csv",
            "orders-2024-08-overlap.csv",
            "orders-2024-08.csv",
            "orders-2024-09.csv");
    assertThat(names(dir.resolve("lake-truth"))).containsExactly("customers.csv", "truth.json");
  }

  @Test
  void everyFileHoldsTheSalesRefundsAndCancellationsOfItsMonth() throws IOException {
    for (String name : names(dir.resolve("lake"))) {
      String month = name.substring("orders-".length(), "orders-2024-01".length());
      for (Row row : read(dir.resolve("lake").resolve(name)).collectAsList()) {
        String cancelled =
            "cancelled".equals(row.getAs("status")) ? row.<String>getAs("updated_at") : null;
        List<String> times =
            Stream.of(row.<String>getAs("ordered_at"), row.<String>getAs("refunded_at"), cancelled)
                .filter(time -> time != null)
                .toList();
        assertThat(times).as(name).anyMatch(time -> time.startsWith(month));
        if (row.getAs("kind").equals("refund")) {
          assertThat(row.<String>getAs("refunded_at")).as(name).startsWith(month);
        }
      }
    }
  }

  @Test
  void anOverlappingExtractRepeatsTheLastDaysOfItsMonthExactly() {
    Dataset<Row> month = read(dir.resolve("lake/orders-2024-08.csv"));
    Dataset<Row> overlap = read(dir.resolve("lake/orders-2024-08-overlap.csv"));

    assertThat(overlap.count()).isPositive();
    assertThat(overlap.exceptAll(month).count()).isZero();
    assertThat(overlap.where("coalesce(refunded_at, updated_at) < '2024-08-29'").count()).isZero();
  }

  @Test
  void theReportCountsWhatWasWritten() {
    Dataset<Row> lake = read(dir.resolve("lake"));

    assertThat(report.lines()).isEqualTo(lake.count());
    assertThat(report.dirty()).isZero();
    assertThat(report.files()).isEqualTo(13);
    String days = "substring(coalesce(refunded_at, ordered_at), 1, 10)";
    Row span = lake.selectExpr("min(" + days + ")", "max(" + days + ")").head();
    assertThat(report.firstDay()).hasToString(span.getString(0));
    assertThat(report.lastDay()).hasToString(span.getString(1));
  }

  @Test
  void theGroundTruthCountsEveryCustomersOrders() {
    Dataset<Row> truth = read(dir.resolve("lake-truth/customers.csv"));
    Dataset<Row> counted =
        read(dir.resolve("lake"))
            .where("customer_id is not null and is_test = 'false'")
            .groupBy("customer_id")
            .agg(org.apache.spark.sql.functions.countDistinct(col("order_id")).as("counted"));

    assertThat(truth.count()).isEqualTo(400);
    assertThat(
            truth
                .join(counted, "customer_id")
                .where(col("counted").cast("string").equalTo(col("orders_placed")))
                .count())
        .isEqualTo(400);
    assertThat(truth.where("(alive_until is null) != cast(is_alive_at_end as boolean)").count())
        .isZero();
  }

  @Test
  void theGroundTruthHoldsTheSettingsAndThePopulation() {
    Config truth = ConfigFactory.parseFile(dir.resolve("lake-truth/truth.json").toFile());

    assertThat(truth.getLong("settings.seed")).isEqualTo(7);
    assertThat(truth.getDouble("population.rate_shape")).isEqualTo(Population.RATE_SHAPE);
    assertThat(truth.getDouble("population.channel_rate_factors.app")).isEqualTo(1.4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "parquet", "orc", "delta"})
  void everyFormatHoldsTheSameRecords(String format) throws IOException {
    Path path = dir.resolve("as-" + format);
    SampleReport other = SampleLake.write(spark, Samples.in(path, settings, format));
    Dataset<Row> rows =
        (format.equals("json")
                ? spark.read().schema(RecordEncoder.schema(true)).json(path.toString())
                : spark.read().format(format).load(path.toString()))
            .drop(RecordEncoder.IS_DIRTY, RecordEncoder.AT);

    assertThat(other).isEqualTo(report);
    String[] same = {
      "order_id",
      "line_id",
      "product_name",
      "email",
      "ordered_at",
      "quantity",
      "unit_price",
      "is_guest"
    };
    Dataset<Row> expected = read(dir.resolve("lake")).selectExpr(same);
    Dataset<Row> actual = rows.selectExpr(asText(same, format));
    assertThat(actual.exceptAll(expected).count()).isZero();
    assertThat(actual.count()).isEqualTo(expected.count());
    if (!format.equals("json")) {
      for (RawColumn column : RawColumn.values()) {
        assertThat(rows.schema().apply(column.columnName()).dataType()).isEqualTo(column.type());
      }
    }
    if (!format.equals("delta")) {
      assertThat(names(path)).hasSize(13).allMatch(name -> name.endsWith("." + format));
    }
  }

  private static String[] asText(String[] columns, String format) {
    return Arrays.stream(columns)
        .map(
            column ->
                column.equals("ordered_at") && !format.equals("json")
                    ? "date_format(convert_timezone('"
                        + settings.zone()
                        + "', cast(ordered_at as timestamp_ntz)), 'yyyy-MM-dd HH:mm:ss') as"
                        + " ordered_at"
                    : "cast(" + column + " as string) as " + column)
        .toArray(String[]::new);
  }

  @Test
  void aMonthWithManyLinesIsCutIntoSeveralFiles() throws IOException {
    Path path = dir.resolve("cut");
    SampleReport cut = SampleLake.write(spark, Samples.in(path, settings, "csv"), 60);

    assertThat(names(path)).contains("orders-2024-09-00.csv", "orders-2024-09-01.csv");
    assertThat(cut.lines()).isEqualTo(report.lines());
    assertThat(read(path).exceptAll(read(dir.resolve("lake"))).count()).isZero();
  }

  @Test
  void aDirectoryWithContentIsRefused() {
    assertThatThrownBy(() -> SampleLake.write(spark, settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot write a sample lake to "
                + settings.path()
                + ": the directory isn't empty; name another path or remove what is in it");
  }

  @Test
  void theShippedSourceMapsEveryColumnByItsName() {
    Path root = Path.of(System.getProperty("perennial.root", ".."));
    Config source = ConfigFactory.parseFile(root.resolve("conf/sources/perennial.conf").toFile());

    Config columns = source.getConfig("columns");
    assertThat(columns.root().keySet())
        .isEqualTo(
            new TreeSet<>(Arrays.stream(RawColumn.values()).map(RawColumn::columnName).toList()));
    columns.root().keySet().forEach(name -> assertThat(columns.getString(name)).isEqualTo(name));
    assertThat(source.getString("shop.time-zone")).isEqualTo(SampleSettings.DEFAULT_ZONE.getId());
    assertThat(source.getString("shop.currency")).isEqualTo(RawRecord.CURRENCY);
  }

  private static Dataset<Row> read(Path path) {
    return spark.read().option("header", true).option("escape", "\"").csv(path.toString());
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
