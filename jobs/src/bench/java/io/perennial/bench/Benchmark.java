package io.perennial.bench;

import io.perennial.bench.BenchmarkProcesses.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Perennial against DuckDB, alternating, each run in a separate JVM with two threads and 4 GB.
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
 * <p>Arguments: the lake, a working directory (its subdirectories are deleted), the number of
 * rounds, and optionally {@code --everything} to time Perennial's full {@code run} too and {@code
 * --partitioned} to partition DuckDB's order_lines by month.
 *
 * <p>Without {@code --no-late --dirty-share 0} the lake has invalid records, duplicates and late
 * files. Both engines then reject and deduplicate records.
 */
public final class Benchmark {

  private static final String PERENNIAL = "Perennial";
  private static final String DUCKDB = "DuckDB";

  private final Path lake;
  private final BenchmarkProcesses processes;

  private Benchmark(Path lake, BenchmarkProcesses processes) {
    this.lake = lake;
    this.processes = processes;
  }

  /** Prints the timings. Fails if the tables of the two engines differ. */
  public static void main(String[] args) throws Exception {
    Set<String> flags = new LinkedHashSet<>();
    List<String> positional = new ArrayList<>();
    for (String arg : args) {
      (arg.startsWith("--") ? flags : positional).add(arg);
    }
    BenchmarkProcesses processes =
        new BenchmarkProcesses(Path.of(positional.get(1)).toAbsolutePath());
    new Benchmark(Path.of(positional.get(0)).toAbsolutePath(), processes)
        .measure(
            Integer.parseInt(positional.get(2)),
            flags.contains("--everything"),
            flags.contains("--partitioned")
                ? BenchmarkProcesses.PARTITIONED
                : BenchmarkProcesses.TABLES);
  }

  private void measure(int rounds, boolean withEverything, String duckDbMode) throws Exception {
    List<Run> perennial = new ArrayList<>();
    List<Run> duckDb = new ArrayList<>();
    List<Run> allTables = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      perennial.add(perennial(BenchmarkProcesses.TABLES));
      duckDb.add(duckDb(duckDbMode));
      BenchmarkProcesses.requireEqualResults(perennial.get(round), duckDb.get(round));
      if (withEverything) {
        allTables.add(perennial(BenchmarkProcesses.EVERYTHING));
      }
    }
    double perennialScan = perennial(BenchmarkProcesses.SCAN).wallSeconds(BenchmarkProcesses.SCAN);
    double duckDbScan = duckDb(BenchmarkProcesses.SCAN).wallSeconds(BenchmarkProcesses.SCAN);
    System.out.println();
    print(PERENNIAL, perennial);
    print(DUCKDB, duckDb);
    if (withEverything) {
      print("Perennial, all tables", allTables);
    }
    double ratio = median(perennial, RunOutput.TOTAL, 0) / median(duckDb, RunOutput.TOTAL, 0);
    System.out.printf(
        Locale.ROOT,
        "Reading the lake's order columns alone: Perennial %.1f s, DuckDB %.1f s.%n"
            + "Perennial / DuckDB, medians: %.1f (CPU: %.1f).%n",
        perennialScan,
        duckDbScan,
        ratio,
        median(perennial, RunOutput.TOTAL, 1) / median(duckDb, RunOutput.TOTAL, 1));
  }

  private Run perennial(String mode) throws Exception {
    return processes.perennial(
        PERENNIAL + " " + mode, lake, processes.emptyDirectory("perennial"), mode);
  }

  private Run duckDb(String mode) throws Exception {
    return processes.duckDb(DUCKDB + " " + mode, lake, mode);
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
