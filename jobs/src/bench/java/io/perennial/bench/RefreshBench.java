package io.perennial.bench;

import static org.apache.spark.sql.functions.*;

import io.perennial.bench.Sides.Run;
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
 * A nightly job against a peer that makes everything anew: a lake without its newest month is
 * built, the month comes but for its last day, then that day; DuckDB makes the tables of all files
 * before and after. Each run has a JVM of its own with two threads and 4 GB; in the end both sides'
 * tables must be the same.
 *
 * <p>From the root, after {@code sample} made a Parquet lake of whole months as {@link Benchmark}
 * says:
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec -Dmain=io.perennial.bench.RefreshBench -Dscope=test
 *     -Dargs="target/bench-lake target/bench-refresh"
 * }</pre>
 *
 * <p>Arguments: the lake, and a directory to work in, whose sub-directories are deleted.
 */
public final class RefreshBench {

  private static final String ORDERED_AT = "ordered_at";

  private final Path lake;
  private final Path growing;
  private final Path cut;
  private final Path warehouse;
  private final Sides sides;

  private RefreshBench(Path lake, Path work) throws IOException {
    this.lake = lake;
    this.sides = new Sides(work);
    this.growing = sides.fresh("lake");
    this.cut = sides.fresh("cut");
    this.warehouse = sides.fresh("warehouse");
  }

  /** Prints what each run took, and fails where the two sides made different tables. */
  public static void main(String[] args) throws Exception {
    new RefreshBench(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]).toAbsolutePath())
        .measure();
  }

  private void measure() throws Exception {
    growWithoutNewestMonth();
    Run built = perennial("all but a month", Sides.TABLES);
    Run duckDbBefore = sides.duckDb("DuckDB, all but a month", growing, Sides.TABLES);
    Sides.requireSame(built, duckDbBefore);
    move("month");
    Run month = perennial("a month", Sides.UNCOUNTED_TABLES);
    move("day");
    Run day = perennial("a day", Sides.TABLES);
    Run duckDb = sides.duckDb("DuckDB, everything", growing, Sides.TABLES);
    Sides.requireSame(day, duckDb);
    double scan = sides.perennial("reading alone", growing, warehouse, Sides.SCAN).wall(Sides.SCAN);
    double duckDbScan = sides.duckDb("DuckDB, reading alone", growing, Sides.SCAN).wall(Sides.SCAN);

    System.out.printf(
        Locale.ROOT,
        "%nReading the lake's order columns alone: Perennial %.1f s, DuckDB %.1f s.%n",
        scan,
        duckDbScan);
    print("Build of all but a month", built, duckDbBefore);
    print("Refresh with a month", month, duckDb);
    print("Refresh with a day", day, duckDb);
  }

  private Run perennial(String title, String way) throws Exception {
    return sides.perennial(title, growing, warehouse, way);
  }

  /** What is made of each customer as of a day has to be made anew, and is told apart. */
  private static void print(String title, Run perennial, Run duckDb) {
    double rfm = perennial.wall("rfm");
    double total = perennial.wall(Timed.TOTAL);
    System.out.printf(
        Locale.ROOT,
        "%-25s %.1f s with RFM, %.1f s without; DuckDB %.1f s with RFM. Ratio %.2f and %.2f.%n",
        title,
        total,
        total - rfm,
        duckDb.wall(Timed.TOTAL),
        total / duckDb.wall(Timed.TOTAL),
        (total - rfm) / duckDb.wall(Timed.TOTAL));
  }

  /** Cuts the newest month in two, and gathers the others. */
  private void growWithoutNewestMonth() throws IOException {
    String newest;
    try (Stream<Path> files = Files.list(lake)) {
      List<Path> all = files.filter(RefreshBench::isParquet).sorted().toList();
      newest =
          all.get(all.size() - 1).getFileName().toString().substring(0, "orders-2024-01".length());
      for (Path file : all) {
        if (!file.getFileName().toString().startsWith(newest)) {
          Files.createLink(growing.resolve(file.getFileName()), file);
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
    rows.coalesce(1).write().mode(SaveMode.Overwrite).parquet(cut.resolve(name).toString());
  }

  private void move(String name) throws IOException {
    try (Stream<Path> files = Files.list(cut.resolve(name))) {
      for (Path file : files.filter(RefreshBench::isParquet).toList()) {
        Files.move(file, growing.resolve(name + "-" + file.getFileName()));
      }
    }
  }

  private static boolean isParquet(Path file) {
    return file.toString().endsWith(".parquet");
  }
}
