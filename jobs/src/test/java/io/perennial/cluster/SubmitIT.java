package io.perennial.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.perennial.cluster.StandaloneCluster.Outcome;
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
 * The packaged jar on a cluster: submitted through Spark's own SparkSubmit to a master with two
 * workers, one of which dies in the middle of the run, it must write what the embedded session
 * writes.
 */
class SubmitIT {

  private static final String MAIN = "io.perennial.Main";

  /** Machines of a cluster need not agree on a time zone; the shop's alone must count. */
  private static final List<String> ELSEWHERE =
      List.of(
          "--conf",
          "spark.executor.extraJavaOptions=-Duser.timezone=Pacific/Auckland "
              + String.join(" ", StandaloneCluster.QUICK_START));

  private static final Path ROOT = Path.of(System.getProperty("perennial.root"));
  private static final Path JAR = Path.of(System.getProperty("perennial.jar"));

  @TempDir static Path dir;

  /** The doomed worker has been at work then, and most of the run is still to come. */
  private static final int TASKS_BEFORE_DEATH = 20;

  private static StandaloneCluster cluster;
  private static Outcome submitted;
  private static SparkSession spark;

  @BeforeAll
  static void runBothWays() throws IOException {
    assertThat(JAR).as("the packaged JAR, made by mvn package").isRegularFile();
    cluster = StandaloneCluster.start();
    List<String> opens = List.of(System.getProperty("perennial.opens").trim().split("\\s+"));
    CompletableFuture<Outcome> embedded =
        CompletableFuture.supplyAsync(
            () -> cluster.runEmbedded(ROOT, opens, MAIN, JAR, run("embedded")));
    CompletableFuture<Void> killed = cluster.killWorkerAfter(TASKS_BEFORE_DEATH);
    submitted = cluster.submit(ROOT, ELSEWHERE, MAIN, JAR, run("cluster"));
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
            // To compile what reads a small table takes longer than to read it.
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
  void theWorkOfTheSubmittedRunIsDoneByBothWorkers() throws IOException {
    assertThat(cluster.workersThatRanExecutors()).isEqualTo(2);
  }

  @Test
  void aWorkerDiedWhileTheRunWasAtWork() {
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
  void aTableOfTheClusterEqualsTheEmbeddedOne(String table) {
    Dataset<Row> onCluster = read("cluster", table);
    Dataset<Row> inProcess = read("embedded", table);
    assertThat(onCluster.schema()).isEqualTo(inProcess.schema());

    List<Row> clusterRows = onCluster.collectAsList();
    List<Row> embeddedRows = inProcess.collectAsList();
    assertThat(clusterRows).as("rows of %s", table).isNotEmpty();
    assertThat(without(clusterRows, embeddedRows))
        .as("rows of %s that only the cluster wrote", table)
        .isEmpty();
    assertThat(without(embeddedRows, clusterRows))
        .as("rows of %s that only the embedded run wrote", table)
        .isEmpty();
  }

  /** What is learned depends on the order of sums, and is compared as closely as that allows. */
  @Test
  void churnOfTheClusterIsThatOfTheEmbeddedRun() {
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
  void bothWriteTheSameReportWithTheChartLibraryThatTheJarCarries() throws IOException {
    String onCluster = Files.readString(dir.resolve("cluster-report").resolve("report.html"));
    String inProcess = Files.readString(dir.resolve("embedded-report").resolve("report.html"));

    assertThat(onCluster.length()).as("ECharts is in it").isBetween(1_000_000, 2_000_000);
    assertThat(cohortsAndSegments(onCluster).equals(cohortsAndSegments(inProcess))).isTrue();
  }

  /** What depends neither on the run nor on how sums of floating point fell. */
  private static String cohortsAndSegments(String report) {
    return report.substring(
        report.indexOf("<section id=\"cohorts\""), report.indexOf("<section id=\"churn\""));
  }

  @Test
  void aWrongConfigurationEndsTheSubmissionWithExitCodeTwo() throws IOException {
    Path missing = dir.resolve("missing.conf");

    Outcome outcome =
        cluster.submit(ROOT, List.of(), MAIN, JAR, List.of("run", "--config", missing.toString()));

    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.err()).contains("missing.conf");
    assertThat(Files.exists(missing)).isFalse();
  }

  /** The same command twice, but for the warehouse; one fold and origin tell where both learn. */
  private static List<String> run(String warehouse) {
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

  /** A table as both runs must write it: without what names the run that wrote it. */
  private static Dataset<Row> read(String warehouse, String table) {
    return spark
        .read()
        .format("delta")
        .load(dir.resolve(warehouse).resolve(table).toString())
        .drop("ingest_id");
  }

  /** The rows that the others lack; a row that the others have twice may be there twice. */
  private static List<Row> without(List<Row> rows, List<Row> others) {
    Map<Row, Integer> left = new HashMap<>();
    others.forEach(row -> left.merge(row, 1, Integer::sum));
    return rows.stream().filter(row -> left.merge(row, -1, Integer::sum) < 0).toList();
  }
}
