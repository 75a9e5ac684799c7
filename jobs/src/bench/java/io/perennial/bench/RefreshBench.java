package io.perennial.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;

import io.perennial.StepsRun;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * A full build against refreshes: the newest month of a lake comes after the rest was built, and
 * its newest day after that. Each run has a JVM of its own with two threads and 4 GB; at the end
 * the refreshed tables are compared with a full build of the whole lake.
 *
 * <p>From the root, after {@code sample} made a Parquet lake of whole months as {@link Benchmark}
 * says:
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec -Dmain=io.perennial.bench.RefreshBench -Dscope=test
 *     -Dargs="target/bench-lake target/bench-refresh"
 * }</pre>
 *
 * <p>Arguments: the lake, and a directory to work in, which is emptied.
 */
public final class RefreshBench {

  private static final String ORDERED_AT = "ordered_at";
  private static final List<String> COMPARED =
      List.of("orders", "customers", "customer_days", "customer_months", "cohort_matrix");

  private RefreshBench() {}

  /** Cuts the lake, runs, prints what each run says, and fails where tables differ. */
  public static void main(String[] args) throws Exception {
    if (args.length > 2) {
      child(args[0], Path.of(args[1]), Path.of(args[2]));
      return;
    }
    Path lake = Path.of(args[0]).toAbsolutePath();
    Path work = Path.of(args[1]).toAbsolutePath();
    delete(work);
    Path growing = Files.createDirectories(work.resolve("lake"));
    String newest;
    try (Stream<Path> files = Files.list(lake)) {
      List<Path> all = files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
      newest =
          all.get(all.size() - 1).getFileName().toString().substring(0, "orders-2024-01".length());
      for (Path file : all) {
        if (!file.getFileName().toString().startsWith(newest)) {
          Files.createLink(growing.resolve(file.getFileName()), file);
        }
      }
    }
    start("cut", lake.resolve(newest + "*.parquet"), work);
    start("run: all but the newest month", growing, work.resolve("refreshed"));
    move(work.resolve("month"), growing);
    start("run: the newest month but its last day", growing, work.resolve("refreshed"));
    move(work.resolve("day"), growing);
    start("run: the last day", growing, work.resolve("refreshed"));
    start("run: everything, from nothing", growing, work.resolve("built"));
    start("compare", work.resolve("refreshed"), work.resolve("built"));
  }

  private static void child(String what, Path from, Path to) throws Exception {
    if (what.equals("cut")) {
      cut(open(from, to, line -> {}), from, to);
    } else if (what.equals("compare")) {
      compare(from, to);
    } else {
      Timed.run(Timed.TOTAL, () -> open(from, to, System.out::println).lakeAndCohortMatrix());
    }
  }

  private static StepsRun open(Path lake, Path warehouse, java.util.function.Consumer<String> say)
      throws IOException {
    Path config = Files.createTempFile("bench", ".conf");
    return StepsRun.open(
        config,
        List.of(
            "lake.path=" + lake,
            "lake.source=perennial",
            "lake.format=parquet",
            "warehouse.path=" + warehouse,
            "cohorts.dimensions=[]"),
        say);
  }

  private static void cut(StepsRun run, Path newest, Path work) {
    Dataset<Row> month = run.spark().read().parquet(newest.toString());
    Column day = org.apache.spark.sql.functions.substring(col(ORDERED_AT).cast("string"), 1, 10);
    String last = month.agg(max(day)).first().getString(0);
    for (boolean isDay : new boolean[] {false, true}) {
      Column condition = day.equalTo(last);
      month
          .where(isDay ? condition : not(condition))
          .coalesce(1)
          .write()
          .mode(SaveMode.Overwrite)
          .parquet(work.resolve(isDay ? "day" : "month").toString());
    }
  }

  private static void compare(Path refreshed, Path built) throws IOException {
    StepsRun run = open(refreshed, refreshed, line -> {});
    for (String table : COMPARED) {
      List<String> digests =
          Stream.of(refreshed, built)
              .map(warehouse -> run.spark().read().format("delta").load(warehouse + "/" + table))
              .map(
                  rows ->
                      table.equals("cohort_matrix")
                          ? rows.where(col("as_of").equalTo(rows.agg(max("as_of")).first().get(0)))
                          : rows)
              .map(RefreshBench::digest)
              .toList();
      System.out.println(table + ": " + digests.get(0));
      if (!digests.get(0).equals(digests.get(1))) {
        throw new IllegalStateException(
            table + " differs: refreshed " + digests.get(0) + ", built " + digests.get(1));
      }
    }
  }

  /** Number of rows and a hash of them all, in any order. */
  private static String digest(Dataset<Row> rows) {
    String columns =
        String.join(", ", Arrays.asList(rows.columns()).stream().map(c -> "`" + c + "`").toList());
    Row digest = rows.selectExpr("count(*)", "bit_xor(xxhash64(" + columns + "))").first();
    return digest.getLong(0) + " rows, " + Long.toHexString(digest.getLong(1));
  }

  private static void start(String what, Path from, Path to) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Spark needs this JVM's --add-opens; the heap is set for each run.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xmx"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx4g", "-Dspark.master=local[2]"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(RefreshBench.class.getName(), what, from.toString(), to.toString()));
    System.out.println("--- " + what);
    File log = new File(to.toFile().getParentFile(), "log.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("'" + what + "' failed; see " + log);
    }
  }

  private static void move(Path parquet, Path lake) throws IOException {
    try (Stream<Path> files = Files.list(parquet)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        Files.move(file, lake.resolve(parquet.getFileName() + "-" + file.getFileName()));
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
