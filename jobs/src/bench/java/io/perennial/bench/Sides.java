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

/** Starts Perennial and DuckDB, each run in a JVM of its own with two threads and 4 GB. */
final class Sides {

  /** Make the tables that both sides make, and count in them what is compared. */
  static final String TABLES = "tables";

  /** Of Perennial: the same without counting. */
  static final String UNCOUNTED_TABLES = "uncounted-tables";

  /** Of Perennial: all tables that a run makes. */
  static final String EVERYTHING = "everything";

  /** Of DuckDB: {@link #TABLES} with order_lines cut by month into directories. */
  static final String PARTITIONED = "partitioned";

  /** Of both: only read. */
  static final String SCAN = "scan";

  private final Path work;
  private final Path config;

  /**
   * What one JVM reported.
   *
   * @param seconds wall and CPU seconds by part; {@link Timed#TOTAL} is the whole
   * @param figures rows of what was counted in the tables, by table
   * @param peakGigabytes most memory that the process held at once, heap and all; 0 if not known
   */
  record Run(
      Map<String, double[]> seconds, Map<String, TreeSet<String>> figures, double peakGigabytes) {

    double wall(String part) {
      return seconds.containsKey(part) ? seconds.get(part)[0] : 0;
    }
  }

  /**
   * @param work directory to work in; its sub-directories are deleted
   */
  Sides(Path work) throws IOException {
    this.work = Files.createDirectories(work);
    this.config = Files.writeString(work.resolve("bench.conf"), "");
  }

  Run perennial(String title, Path lake, Path warehouse, String way) throws Exception {
    return start(
        title,
        List.of("-Xmx4g", "-Dspark.master=local[2]", "-Dspark.local.dir=" + fresh("spill")),
        PerennialRun.class,
        lake,
        warehouse,
        way);
  }

  Run duckDb(String title, Path lake, String way) throws Exception {
    return start(title, List.of("-Xmx256m"), DuckDbRun.class, lake, fresh("duckdb"), way);
  }

  private Run start(
      String title, List<String> options, Class<?> main, Path lake, Path out, String way)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Spark needs this JVM's --add-opens; the heap is set for each side.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xmx"))
        .forEach(command::add);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(config.toString(), lake.toString(), out.toString(), way));
    File log = work.resolve(main.getSimpleName() + ".log").toFile();
    Process process = new ProcessBuilder(command).redirectError(log).start();
    Map<String, double[]> seconds = new LinkedHashMap<>();
    Map<String, TreeSet<String>> figures = new TreeMap<>();
    double peak = 0;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", 3);
        if (words[0].equals(Timed.TIME)) {
          String[] both = words[2].split(" ");
          seconds.put(
              words[1], new double[] {Double.parseDouble(both[0]), Double.parseDouble(both[1])});
        } else if (words[0].equals(Timed.FIGURE)) {
          figures.computeIfAbsent(words[1], any -> new TreeSet<>()).add(words[2]);
        } else if (words[0].equals(Timed.PEAK)) {
          peak = Double.parseDouble(words[1]);
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
        peak > 0 ? String.format(Locale.ROOT, "  (at most %.1f GB)", peak) : "");
    return new Run(seconds, figures, peak);
  }

  /** Fails where the two sides made different tables. */
  static void requireSame(Run perennial, Run duckDb) {
    if (!perennial.figures().keySet().equals(Figures.queries().keySet())) {
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

  /** An empty directory to work in. */
  Path fresh(String name) throws IOException {
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
