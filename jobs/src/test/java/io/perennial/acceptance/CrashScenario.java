package io.perennial.acceptance;

import io.perennial.acceptance.CrashPlan.Mode;
import io.perennial.pipeline.Steps;
import io.perennial.spark.Faults;
import io.perennial.spark.Sessions;
import io.perennial.step.Step;
import io.perennial.table.RunRecord;
import io.perennial.table.Runs;
import io.perennial.table.Table;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;

/**
 * A shop with a published run and new files, on storage with injected faults. A run on the new
 * files crashes at one point, and the next run must give the results of a run without a crash.
 */
final class CrashScenario {

  private static final String HEADER =
      "order_id,line_id,customer_id,ordered_at,quantity,unit_price,order_discount,status,channel,"
          + "email,email_consent\n";

  /** Columns that differ from run to run. */
  private static final String[] RUN_COLUMNS = {"ingest_id", "run_id"};

  private final Path folder;
  private final Shop shop;
  private final List<Step> steps;
  private Map<String, List<Map<String, Object>>> before;
  private Map<String, List<Map<String, Object>>> after;

  private CrashScenario(Path folder, List<Step> steps) {
    this.folder = folder;
    this.steps = steps;
    this.shop = Shop.in(folder).mapping("line", HEADER).withSteps(steps);
    Faults.register(SharedSpark.session().sparkContext().hadoopConfiguration());
    shop.set("warehouse.path", Faults.uri(work().resolve("warehouse")));
    shop.set("state.path", Faults.uri(work().resolve("state")));
    shop.set("export.path", Faults.uri(work().resolve("files")));
  }

  /** The scenario in a folder, possibly prepared by another JVM. */
  static CrashScenario in(Path folder, List<Step> steps) {
    return new CrashScenario(folder, steps);
  }

  /**
   * Writes the first files, runs once, and writes new files: later orders, a correction of an
   * earlier one, and records to reject.
   */
  CrashScenario prepare() throws IOException {
    shop.withAudienceOfAll("control-share = 0.4, cool-off-days = 10");
    StringBuilder january = new StringBuilder(HEADER);
    StringBuilder march = new StringBuilder(HEADER);
    for (int i = 0; i < 12; i++) {
      january.append(
          "j%d,a,c%d,2024-01-%02d 10:00:00,1,1%d.50,,paid,web,c%d@x.example,true\n"
              .formatted(i, i, 1 + i, i, i));
      if (i % 3 == 0) {
        march.append(
            "m%d,a,c%d,2024-03-%02d 09:00:00,2,%d.25,1.00,paid,app,,\n"
                .formatted(i, i + 6, 1 + i, i + 3));
      }
    }
    shop.write("january.csv", january + "bad,a,c1,2999-01-01 10:00:00,1,1,,paid,web,,\n");
    Sessions.fit(SharedSpark.session(), 0);
    shop.run();
    march.append("j2,a,c2,2024-01-03 10:00:00,5,12.50,,paid,web,c2@y.example,false\n");
    march.append("worse,a,c1,1924-01-01 10:00:00,1,1,,paid,web,,\n");
    shop.write("march.csv", march.toString());
    copy(work(), folder.resolve("base"));
    before = contents();
    return this;
  }

  /**
   * Completes a run and records its results as the expected ones.
   *
   * @return the points at which the run could have crashed
   */
  List<CrashPoint> complete() throws IOException {
    reset();
    CrashPlan none = new CrashPlan();
    Faults.install(none);
    shop.run();
    Faults.none();
    after = contents();
    return none.points();
  }

  /** Restores warehouse, private state and files to their state after the first run. */
  void reset() throws IOException {
    delete(work());
    copy(folder.resolve("base"), work());
    DeltaLog.clearCache();
  }

  /**
   * Crashes a run as if its process had ended: a lease that it could not release remains, held by a
   * dead process.
   *
   * @return the failure of the run; empty if the run completed despite the fault
   */
  Optional<Exception> crash(CrashPoint point, Mode mode) throws IOException {
    CrashPlan crash = new CrashPlan(point, mode);
    Faults.install(crash);
    Exception failure = null;
    try {
      shop.run();
    } catch (Exception e) { // SparkException is checked; Scala does not declare it.
      failure = e;
    } finally {
      Faults.none();
      DeltaLog.clearCache();
    }
    if (!crash.hasCrashed()) {
      throw new AssertionError(
          point
              + " was never met"
              + (failure == null ? "" : ", but " + failure)
              + ": "
              + String.join("\n", shop.messages()),
          failure);
    }
    abandonLeases();
    return Optional.ofNullable(failure);
  }

  RunRecord run() {
    return shop.run();
  }

  List<Step> steps() {
    return steps;
  }

  Runs runs() {
    return shop.pipeline(SharedSpark.session()).runs();
  }

  /**
   * Differences that a reader sees now: all tables must be from before or all from after the run.
   */
  List<String> readerDifferences(List<Table> tables) {
    RunRecord current = runs().current().orElseThrow();
    List<String> asBefore = new ArrayList<>();
    List<String> asAfter = new ArrayList<>();
    for (Table table : tables) {
      List<Map<String, Object>> rows = published(table, current);
      asBefore.addAll(differences(table.name(), before, rows));
      asAfter.addAll(differences(table.name(), after, rows));
    }
    return asBefore.isEmpty() || asAfter.isEmpty() ? List.of() : asAfter;
  }

  /** Differences from the results of the completed run. */
  List<String> differences() throws IOException {
    Map<String, List<Map<String, Object>>> now = contents();
    List<String> differences = new ArrayList<>();
    if (!now.keySet().equals(after.keySet())) {
      differences.add("tables are " + now.keySet() + " instead of " + after.keySet());
    }
    now.forEach((name, rows) -> differences.addAll(differences(name, after, rows)));
    return differences;
  }

  private List<String> differences(
      String name,
      Map<String, List<Map<String, Object>>> expected,
      List<Map<String, Object>> rows) {
    return TableRows.differences(expected.getOrDefault(name, List.of()), rows, List.of()).stream()
        .map(difference -> name + ": " + difference)
        .toList();
  }

  /** The tables of the current run, the private state, and the exported files. */
  private Map<String, List<Map<String, Object>>> contents() throws IOException {
    Map<String, List<Map<String, Object>>> contents = new TreeMap<>();
    RunRecord current = runs().current().orElseThrow();
    for (Table table : Steps.tables()) {
      if (current.tables().containsKey(table.name())) {
        contents.put(table.name(), published(table, current));
      }
    }
    for (String name : List.of("assignments", "sent_exports", "sent_members", "sent_identities")) {
      Path path = work().resolve("state").resolve(name);
      if (Files.exists(path.resolve("_delta_log"))) {
        contents.put("state/" + name, comparable(read(SharedSpark.session(), path)));
      }
    }
    contents.put("files", files());
    return contents;
  }

  private static Dataset<Row> read(SparkSession spark, Path path) {
    return spark.read().format("delta").load(path.toString());
  }

  private List<Map<String, Object>> published(Table table, RunRecord run) {
    return comparable(shop.store().read(table, run.tables().get(table.name())));
  }

  private static List<Map<String, Object>> comparable(Dataset<Row> rows) {
    return TableRows.without(TableRows.of(rows), RUN_COLUMNS);
  }

  /** Salts and exported files. Manifests have empty text because they contain times and run ids. */
  private List<Map<String, Object>> files() throws IOException {
    List<Map<String, Object>> found = new ArrayList<>();
    for (String part : List.of("state/salts", "files")) {
      Path root = work().resolve(part);
      if (!Files.exists(root)) {
        continue;
      }
      try (Stream<Path> all = Files.walk(root)) {
        for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
          String name = work().relativize(file).toString();
          if (!name.endsWith(".crc")) {
            String text = name.endsWith("manifest.json") ? "" : Files.readString(file);
            found.add(Map.of("name", name, "text", text));
          }
        }
      }
    }
    return found;
  }

  /** Makes an ended process the holder of each lease, as after a killed run. */
  private void abandonLeases() throws IOException {
    Path leases = work().resolve("warehouse/_lease");
    if (!Files.exists(leases)) {
      return;
    }
    String self = "\"pid\":" + ProcessHandle.current().pid() + ",";
    try (Stream<Path> all = Files.list(leases)) {
      for (Path file : all.filter(path -> path.getFileName().toString().matches("\\d+")).toList()) {
        String text = Files.readString(file);
        Files.writeString(file, text.replace(self, "\"pid\":" + deadProcessId() + ","));
        Files.deleteIfExists(leases.resolve("." + file.getFileName() + ".crc"));
      }
    }
  }

  private static long deadProcessId() throws IOException {
    Process process = new ProcessBuilder("true").start();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return process.pid();
  }

  private Path work() {
    return folder.resolve("work");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      all.forEach(
          path -> {
            try {
              Files.copy(
                  path,
                  to.resolve(from.relativize(path).toString()),
                  StandardCopyOption.COPY_ATTRIBUTES);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
