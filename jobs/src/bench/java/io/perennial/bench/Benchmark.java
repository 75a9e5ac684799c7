package io.perennial.bench;

import io.perennial.bench.Sides.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Perennial against DuckDB, alternating, each run in a JVM of its own with two threads and 4 GB.
 *
 * <p>From the root, first the lake (ten million lines), then the benchmark:
 *
 * <pre>{@code
 * mvn -q compile exec:exec -Dargs="sample --path target/bench-lake --format parquet
 *     --customers 1520000 --no-late --dirty-share 0"
 * mvn -q test-compile exec:exec -Dmain=io.perennial.bench.Benchmark -Dscope=test
 *     -Dargs="target/bench-lake target/bench 3"
 * }</pre>
 *
 * <p>Arguments: the lake, a directory to work in (its sub-directories are deleted), the number of
 * rounds, and optionally {@code --everything} to time Perennial's full {@code run} too and {@code
 * --partitioned} to let DuckDB cut order_lines by month.
 *
 * <p>Without {@code --no-late --dirty-share 0} the lake has unusable records, repeated records and
 * files that come late; both sides then reject and deduplicate them.
 */
public final class Benchmark {

  private static final String PERENNIAL = "Perennial";
  private static final String DUCKDB = "DuckDB";

  private final Path lake;
  private final Sides sides;

  private Benchmark(Path lake, Sides sides) {
    this.lake = lake;
    this.sides = sides;
  }

  /** Prints the table, and fails where the two sides made different tables. */
  public static void main(String[] args) throws Exception {
    Set<String> flags = new LinkedHashSet<>();
    List<String> plain = new ArrayList<>();
    for (String arg : args) {
      (arg.startsWith("--") ? flags : plain).add(arg);
    }
    Sides sides = new Sides(Path.of(plain.get(1)).toAbsolutePath());
    new Benchmark(Path.of(plain.get(0)).toAbsolutePath(), sides)
        .measure(
            Integer.parseInt(plain.get(2)),
            flags.contains("--everything"),
            flags.contains("--partitioned") ? Sides.PARTITIONED : Sides.TABLES);
  }

  private void measure(int rounds, boolean withEverything, String duckDbWay) throws Exception {
    List<Run> perennial = new ArrayList<>();
    List<Run> duckDb = new ArrayList<>();
    List<Run> everything = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      perennial.add(perennial(Sides.TABLES));
      duckDb.add(duckDb(duckDbWay));
      Sides.requireSame(perennial.get(round), duckDb.get(round));
      if (withEverything) {
        everything.add(perennial(Sides.EVERYTHING));
      }
    }
    double perennialScan = perennial(Sides.SCAN).wall(Sides.SCAN);
    double duckDbScan = duckDb(Sides.SCAN).wall(Sides.SCAN);
    System.out.println();
    print(PERENNIAL, perennial);
    print(DUCKDB, duckDb);
    if (withEverything) {
      print("Perennial, all tables", everything);
    }
    double ratio = median(perennial, Timed.TOTAL, 0) / median(duckDb, Timed.TOTAL, 0);
    System.out.printf(
        Locale.ROOT,
        "Reading the lake's order columns alone: Perennial %.1f s, DuckDB %.1f s.%n"
            + "Perennial / DuckDB, medians: %.1f (CPU: %.1f).%n",
        perennialScan,
        duckDbScan,
        ratio,
        median(perennial, Timed.TOTAL, 1) / median(duckDb, Timed.TOTAL, 1));
  }

  private Run perennial(String way) throws Exception {
    return sides.perennial(PERENNIAL + " " + way, lake, sides.fresh("perennial"), way);
  }

  private Run duckDb(String way) throws Exception {
    return sides.duckDb(DUCKDB + " " + way, lake, way);
  }

  private static void print(String title, List<Run> runs) {
    System.out.printf("%-24s wall seconds of each run, median, (median CPU seconds)%n", title);
    for (String name : runs.get(0).seconds().keySet()) {
      StringBuilder line = new StringBuilder(String.format("  %-20s", name));
      for (Run run : runs) {
        line.append(String.format(Locale.ROOT, "%8.1f", run.seconds().get(name)[0]));
      }
      line.append(String.format(Locale.ROOT, "   %8.1f", median(runs, name, 0)));
      double cpu = median(runs, name, 1);
      line.append(cpu > 0 ? String.format(Locale.ROOT, "   (%.1f)", cpu) : "");
      System.out.println(line);
    }
  }

  private static double median(List<Run> runs, String name, int which) {
    double[] sorted =
        runs.stream().mapToDouble(run -> run.seconds().get(name)[which]).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
