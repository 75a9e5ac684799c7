package io.perennial.bench;

import static org.apache.spark.sql.functions.*;

import io.perennial.bench.BenchmarkProcesses.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Incremental runs of Perennial against full builds by DuckDB. Perennial builds a lake without its
 * newest month, then adds the month except for its last day, then that day. DuckDB builds all
 * tables before and after. Each run has a separate JVM with two threads and 4 GB. The final tables
 * of both engines must be equal.
 *
 * <p>From the root, after {@code sample} made a Parquet lake of whole months as {@link Benchmark}
 * says:
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec -Dmain=io.perennial.bench.RefreshBench -Dscope=test
 *     -Dargs="target/bench-lake target/bench-refresh"
 * }</pre>
 *
 * <p>Arguments: the lake, and a working directory, whose subdirectories are deleted.
 */
public final class RefreshBench {

  private static final String ORDERED_AT = "ordered_at";

  private final Path lake;
  private final Path growingLake;
  private final Path splitMonth;
  private final Path warehouse;
  private final BenchmarkProcesses processes;

  private RefreshBench(Path lake, Path work) throws IOException {
    this.lake = lake;
    this.processes = new BenchmarkProcesses(work);
    this.growingLake = processes.emptyDirectory("lake");
    this.splitMonth = processes.emptyDirectory("cut");
    this.warehouse = processes.emptyDirectory("warehouse");
  }

  /** Prints the timings. Fails if the tables of the two engines differ. */
  public static void main(String[] args) throws Exception {
    new RefreshBench(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]).toAbsolutePath())
        .measure();
  }

  private void measure() throws Exception {
    splitNewestMonth();
    Run built = perennial("all but a month", BenchmarkProcesses.TABLES);
    Run duckDbBefore =
        processes.duckDb("DuckDB, all but a month", growingLake, BenchmarkProcesses.TABLES);
    BenchmarkProcesses.requireEqualResults(built, duckDbBefore);
    addFiles("month");
    Run month = perennial("a month", BenchmarkProcesses.UNCOUNTED_TABLES);
    addFiles("day");
    Run day = perennial("a day", BenchmarkProcesses.TABLES);
    Run duckDb = processes.duckDb("DuckDB, everything", growingLake, BenchmarkProcesses.TABLES);
    BenchmarkProcesses.requireEqualResults(day, duckDb);
    double scan =
        processes
            .perennial("reading alone", growingLake, warehouse, BenchmarkProcesses.SCAN)
            .wallSeconds(BenchmarkProcesses.SCAN);
    double duckDbScan =
        processes
            .duckDb("DuckDB, reading alone", growingLake, BenchmarkProcesses.SCAN)
            .wallSeconds(BenchmarkProcesses.SCAN);

    System.out.printf(
        Locale.ROOT,
        "%nReading the lake's order columns alone: Perennial %.1f s, DuckDB %.1f s.%n",
        scan,
        duckDbScan);
    print("Build of all but a month", built, duckDbBefore);
    print("Refresh with a month", month, duckDb);
    print("Refresh with a day", day, duckDb);
  }

  private Run perennial(String title, String mode) throws Exception {
    return processes.perennial(title, growingLake, warehouse, mode);
  }

  /** Times without RFM are shown because RFM is recomputed for all customers in each run. */
  private static void print(String title, Run perennial, Run duckDb) {
    double rfm = perennial.wallSeconds("rfm");
    double total = perennial.wallSeconds(RunOutput.TOTAL);
    System.out.printf(
        Locale.ROOT,
        "%-25s %.1f s with RFM, %.1f s without; DuckDB %.1f s with RFM. Ratio %.2f and %.2f.%n",
        title,
        total,
        total - rfm,
        duckDb.wallSeconds(RunOutput.TOTAL),
        total / duckDb.wallSeconds(RunOutput.TOTAL),
        (total - rfm) / duckDb.wallSeconds(RunOutput.TOTAL));
  }

  /** Splits the newest month into two files, and links the files of all other months. */
  private void splitNewestMonth() throws IOException {
    String newest;
    try (Stream<Path> files = Files.list(lake)) {
      List<Path> all = files.filter(RefreshBench::isParquet).sorted().toList();
      newest =
          all.get(all.size() - 1).getFileName().toString().substring(0, "orders-2024-01".length());
      for (Path file : all) {
        if (!file.getFileName().toString().startsWith(newest)) {
          Files.createLink(growingLake.resolve(file.getFileName()), file);
        }
      }
    }
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
    Dataset<Row> month = spark.read().parquet(lake.resolve(newest + "*.parquet").toString());
    Column day = substring(col(ORDERED_AT).cast("string"), 1, 10);
    String last = month.agg(max(day)).first().getString(0);
    write(month.where(not(day.equalTo(last))), "month");
    write(month.where(day.equalTo(last)), "day");
    spark.stop();
  }

  private void write(Dataset<Row> rows, String name) {
    rows.coalesce(1).write().mode(SaveMode.Overwrite).parquet(splitMonth.resolve(name).toString());
  }

  private void addFiles(String name) throws IOException {
    try (Stream<Path> files = Files.list(splitMonth.resolve(name))) {
      for (Path file : files.filter(RefreshBench::isParquet).toList()) {
        Files.move(file, growingLake.resolve(name + "-" + file.getFileName()));
      }
    }
  }

  private static boolean isParquet(Path file) {
    return file.toString().endsWith(".parquet");
  }
}
