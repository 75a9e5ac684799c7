package io.perennial.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.perennial.cluster.StandaloneCluster.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packaged jar on a cluster, submitted through SparkSubmit to a master with two workers. One
 * worker is killed during the run. The tables must equal those of an embedded session.
 */
class SubmitIT {

  private static final String MAIN = "io.perennial.Main";

  /** Executors in another time zone; only the shop's time zone may affect the results. */
  private static final List<String> EXECUTOR_OPTIONS =
      List.of(
          "--conf",
          "spark.executor.extraJavaOptions=-Duser.timezone=Pacific/Auckland "
              + String.join(" ", StandaloneCluster.QUICK_START));

  private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
  private static final Path JAR = Path.of(System.getProperty("perennial.jar"));

  @TempDir static Path dir;

  /** Enough that the worker has run tasks, and few enough that most of the run is still ahead. */
  private static final int TASKS_BEFORE_KILL = 20;

  private static StandaloneCluster cluster;
  private static ProcessResult submitted;
  private static SparkSession spark;

  @BeforeAll
  static void runOnClusterAndEmbedded() throws IOException {
    assertThat(JAR).as("the packaged JAR, made by mvn package").isRegularFile();
    cluster = StandaloneCluster.start();
    List<String> opens = List.of(System.getProperty("perennial.opens").trim().split("\\s+"));
    CompletableFuture<ProcessResult> embedded =
        CompletableFuture.supplyAsync(
            () -> cluster.runEmbedded(ROOT, opens, MAIN, JAR, runArguments("embedded")));
    CompletableFuture<Void> killed = cluster.killWorkerAfter(TASKS_BEFORE_KILL);
    submitted = cluster.submit(ROOT, EXECUTOR_OPTIONS, MAIN, JAR, runArguments("cluster"));
    assertThat(submitted.exitCode()).as("the submitted run: %s", submitted).isZero();
    killed.join();
    assertThat(embedded.join().exitCode()).as("the embedded run: %s", embedded.join()).isZero();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            // Code generation takes longer than reading the small tables.
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void bothWorkersRunExecutors() throws IOException {
    assertThat(cluster.workersThatRanExecutors()).isEqualTo(2);
  }

  @Test
  void workerIsLostDuringTheRun() {
    assertThat(submitted.err()).contains("Lost executor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "order_lines",
        "orders",
        "customers",
        "customer_days",
        "customer_months",
        "cohort_matrix",
        "cohort_averages",
        "retention_summary",
        "repurchase_curve",
        "rfm",
        "rejects"
      })
  void clusterTableEqualsEmbeddedTable(String table) {
    Dataset<Row> onCluster = read("cluster", table);
    Dataset<Row> inProcess = read("embedded", table);
    assertThat(onCluster.schema()).isEqualTo(inProcess.schema());

    List<Row> clusterRows = onCluster.collectAsList();
    List<Row> embeddedRows = inProcess.collectAsList();
    assertThat(clusterRows).as("rows of %s", table).isNotEmpty();
    assertThat(difference(clusterRows, embeddedRows))
        .as("rows of %s that only the cluster wrote", table)
        .isEmpty();
    assertThat(difference(embeddedRows, clusterRows))
        .as("rows of %s that only the embedded run wrote", table)
        .isEmpty();
  }

  /** Model scores depend on the order of summation, so they are compared with a tolerance. */
  @Test
  void clusterChurnScoresEqualEmbeddedScores() {
    Map<String, Double> onCluster = churn("cluster");
    Map<String, Double> embedded = churn("embedded");
    assertThat(onCluster).isNotEmpty();
    assertThat(onCluster.keySet()).isEqualTo(embedded.keySet());
    onCluster.forEach(
        (customer, probability) ->
            assertThat(probability).as(customer).isCloseTo(embedded.get(customer), within(1e-6)));
  }

  private static Map<String, Double> churn(String warehouse) {
    Map<String, Double> byCustomer = new HashMap<>();
    read(warehouse, "churn_scores")
        .select("customer_id", "churn_probability")
        .collectAsList()
        .forEach(row -> byCustomer.put(row.getString(0), row.getDouble(1)));
    return byCustomer;
  }

  @Test
  void reportsAreEqualAndContainTheChartLibrary() throws IOException {
    String onCluster = Files.readString(dir.resolve("cluster-report").resolve("report.html"));
    String inProcess = Files.readString(dir.resolve("embedded-report").resolve("report.html"));

    assertThat(onCluster.length()).as("ECharts is in it").isBetween(1_000_000, 2_000_000);
    assertThat(cohortsAndSegments(onCluster).equals(cohortsAndSegments(inProcess))).isTrue();
  }

  /** The part of the report that depends neither on the run nor on floating-point summation. */
  private static String cohortsAndSegments(String report) {
    return report.substring(
        report.indexOf("<section id=\"cohorts\""), report.indexOf("<section id=\"churn\""));
  }

  @Test
  void missingConfigurationExitsWithCodeTwo() throws IOException {
    Path missing = dir.resolve("missing.conf");

    ProcessResult result =
        cluster.submit(ROOT, List.of(), MAIN, JAR, List.of("run", "--config", missing.toString()));

    assertThat(result.exitCode()).as("%s", result).isEqualTo(2);
    assertThat(result.err()).contains("missing.conf");
    assertThat(Files.exists(missing)).isFalse();
  }

  /** The arguments of a run; both runs differ only in the warehouse. */
  private static List<String> runArguments(String warehouse) {
    return List.of(
        "run",
        "--config",
        "conf/perennial.conf",
        "--set",
        "warehouse.path=" + dir.resolve(warehouse),
        "--set",
        "lake.path=" + ROOT.resolve("data-samples/orders"),
        "--set",
        "export.path=" + dir.resolve(warehouse + "-exports"),
        "--set",
        "churn.folds=1",
        "--set",
        "churn.training-origins=1");
  }

  /** A table without the column that depends on the run. */
  private static Dataset<Row> read(String warehouse, String table) {
    return spark
        .read()
        .format("delta")
        .load(dir.resolve(warehouse).resolve(table).toString())
        .drop("ingest_id");
  }

  /** The multiset difference of rows. */
  private static List<Row> difference(List<Row> rows, List<Row> others) {
    Map<Row, Integer> counts = new HashMap<>();
    others.forEach(row -> counts.merge(row, 1, Integer::sum));
    return rows.stream().filter(row -> counts.merge(row, -1, Integer::sum) < 0).toList();
  }
}
