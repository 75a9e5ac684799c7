package io.perennial.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /** What one JVM reported. */
  private record Run(Map<String, double[]> seconds, Map<String, TreeSet<String>> figures) {}

  private final String lake;
  private final Path work;
  private final Path config;

  private Benchmark(String lake, Path work, Path config) {
    this.lake = lake;
    this.work = work;
    this.config = config;
  }

  /** Prints the table, and fails where the two sides made different tables. */
  public static void main(String[] args) throws Exception {
    Set<String> flags = new LinkedHashSet<>();
    List<String> plain = new ArrayList<>();
    for (String arg : args) {
      (arg.startsWith("--") ? flags : plain).add(arg);
    }
    Path work = Path.of(plain.get(1)).toAbsolutePath();
    Files.createDirectories(work);
    Path config = Files.writeString(work.resolve("bench.conf"), "");
    new Benchmark(Path.of(plain.get(0)).toAbsolutePath().toString(), work, config)
        .measure(
            Integer.parseInt(plain.get(2)),
            flags.contains("--everything"),
            flags.contains("--partitioned") ? "partitioned" : "tables");
  }

  private void measure(int rounds, boolean withEverything, String duckDbWay) throws Exception {
    List<Run> perennial = new ArrayList<>();
    List<Run> duckDb = new ArrayList<>();
    List<Run> everything = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      perennial.add(perennial("tables"));
      duckDb.add(duckDb(duckDbWay));
      compare(perennial.get(round), duckDb.get(round));
      if (withEverything) {
        everything.add(perennial("everything"));
      }
    }
    double perennialScan = perennial("scan").seconds().get("scan")[0];
    double duckDbScan = duckDb("scan").seconds().get("scan")[0];
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
    Path warehouse = fresh("perennial");
    return start(
        PERENNIAL + " " + way,
        List.of("-Xmx4g", "-Dspark.master=local[2]", "-Dspark.local.dir=" + fresh("spill")),
        PerennialRun.class,
        warehouse,
        way);
  }

  private Run duckDb(String way) throws Exception {
    return start(DUCKDB + " " + way, List.of("-Xmx256m"), DuckDbRun.class, fresh("duckdb"), way);
  }

  private Run start(String title, List<String> options, Class<?> main, Path out, String way)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Spark needs this JVM's --add-opens; the heap is set for each side.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xmx"))
        .forEach(command::add);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(config.toString(), lake, out.toString(), way));
    File log = work.resolve(main.getSimpleName() + ".log").toFile();
    Process process = new ProcessBuilder(command).redirectError(log).start();
    Map<String, double[]> seconds = new LinkedHashMap<>();
    Map<String, TreeSet<String>> figures = new TreeMap<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", 3);
        if (words[0].equals(Timed.TIME)) {
          String[] both = words[2].split(" ");
          seconds.put(
              words[1], new double[] {Double.parseDouble(both[0]), Double.parseDouble(both[1])});
        } else if (words[0].equals(Timed.FIGURE)) {
          figures.computeIfAbsent(words[1], any -> new TreeSet<>()).add(words[2]);
        }
      }
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(title + " failed; see " + log);
    }
    System.out.printf(
        Locale.ROOT,
        "%-22s %s%n",
        title,
        seconds.entrySet().stream()
            .map(time -> String.format(Locale.ROOT, "%s %.1f", time.getKey(), time.getValue()[0]))
            .reduce((a, b) -> a + "  " + b)
            .orElse(""));
    return new Run(seconds, figures);
  }

  private static void compare(Run perennial, Run duckDb) {
    if (!perennial
        .figures()
        .keySet()
        .equals(Figures.queries().keySet().stream().collect(Collectors.toSet()))) {
      throw new IllegalStateException("Cannot compare: tables are empty");
    }
    perennial
        .figures()
        .forEach(
            (table, rows) -> {
              String difference =
                  Figures.difference(rows, duckDb.figures().getOrDefault(table, new TreeSet<>()));
              if (!difference.isEmpty()) {
                throw new IllegalStateException(
                    "The work was not equal: "
                        + table
                        + " of Perennial and DuckDB differ: "
                        + difference);
              }
            });
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

  private Path fresh(String name) throws IOException {
    Path directory = work.resolve(name);
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(directory);
  }
}
