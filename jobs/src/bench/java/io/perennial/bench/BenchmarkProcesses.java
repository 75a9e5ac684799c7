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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Runs Perennial and DuckDB in separate JVMs with two threads and 4 GB each. */
final class BenchmarkProcesses {

  /** Both: create the common tables, then query them for the comparison. */
  static final String TABLES = "tables";

  /** Perennial: {@link #TABLES} without the queries. */
  static final String UNCOUNTED_TABLES = "uncounted-tables";

  /** Perennial: all tables of a run. */
  static final String EVERYTHING = "everything";

  /** DuckDB: {@link #TABLES} with order_lines partitioned by month. */
  static final String PARTITIONED = "partitioned";

  /** Both: only read the lake. */
  static final String SCAN = "scan";

  private final Path work;
  private final Path config;

  /**
   * The output of one JVM.
   *
   * @param seconds wall and CPU seconds by part; {@link RunOutput#TOTAL} is the whole
   * @param results result rows of the comparison queries by table
   * @param peakGigabytes peak resident memory of the process in gigabytes; 0 if unknown
   */
  record Run(
      Map<String, double[]> seconds, Map<String, TreeSet<String>> results, double peakGigabytes) {

    double wallSeconds(String part) {
      return seconds.containsKey(part) ? seconds.get(part)[0] : 0;
    }
  }

  /**
   * @param work working directory; its subdirectories are deleted
   */
  BenchmarkProcesses(Path work) throws IOException {
    this.work = Files.createDirectories(work);
    this.config = Files.writeString(work.resolve("bench.conf"), "");
  }

  Run perennial(String title, Path lake, Path warehouse, String mode) throws Exception {
    return start(
        title,
        List.of(
            "-Xmx4g", "-Dspark.master=local[2]", "-Dspark.local.dir=" + emptyDirectory("spill")),
        PerennialRun.class,
        lake,
        warehouse,
        mode);
  }

  Run duckDb(String title, Path lake, String mode) throws Exception {
    return start(title, List.of("-Xmx256m"), DuckDbRun.class, lake, emptyDirectory("duckdb"), mode);
  }

  private Run start(
      String title, List<String> options, Class<?> main, Path lake, Path out, String mode)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Spark needs the --add-opens of this JVM. Each engine sets its own heap size.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xmx"))
        .forEach(command::add);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(config.toString(), lake.toString(), out.toString(), mode));
    File log = work.resolve(main.getSimpleName() + ".log").toFile();
    Process process = new ProcessBuilder(command).redirectError(log).start();
    Map<String, double[]> seconds = new LinkedHashMap<>();
    Map<String, TreeSet<String>> results = new TreeMap<>();
    double peakMemory = 0;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", 3);
        if (words[0].equals(RunOutput.TIME)) {
          String[] both = words[2].split(" ");
          seconds.put(
              words[1], new double[] {Double.parseDouble(both[0]), Double.parseDouble(both[1])});
        } else if (words[0].equals(RunOutput.RESULT)) {
          results.computeIfAbsent(words[1], any -> new TreeSet<>()).add(words[2]);
        } else if (words[0].equals(RunOutput.PEAK)) {
          peakMemory = Double.parseDouble(words[1]);
        }
      }
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(title + " failed; see " + log);
    }
    System.out.printf(
        Locale.ROOT,
        "%-22s %s%s%n",
        title,
        seconds.entrySet().stream()
            .map(time -> String.format(Locale.ROOT, "%s %.1f", time.getKey(), time.getValue()[0]))
            .reduce((a, b) -> a + "  " + b)
            .orElse(""),
        peakMemory > 0 ? String.format(Locale.ROOT, "  (at most %.1f GB)", peakMemory) : "");
    return new Run(seconds, results, peakMemory);
  }

  /** Fails if the tables of the two engines differ. */
  static void requireEqualResults(Run perennial, Run duckDb) {
    if (!perennial.results().keySet().equals(ResultQueries.queries().keySet())) {
      throw new IllegalStateException("Cannot compare: tables are empty");
    }
    perennial
        .results()
        .forEach(
            (table, rows) -> {
              String difference =
                  ResultQueries.difference(
                      rows, duckDb.results().getOrDefault(table, new TreeSet<>()));
              if (!difference.isEmpty()) {
                throw new IllegalStateException(
                    "The work was not equal: "
                        + table
                        + " of Perennial and DuckDB differ: "
                        + difference);
              }
            });
  }

  /** Creates or empties a working directory. */
  Path emptyDirectory(String name) throws IOException {
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
