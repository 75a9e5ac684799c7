package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.acceptance.CrashPlan.Mode;
import io.perennial.ingest.OrderLinesTable;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.spark.ErrorMessages;
import io.perennial.spark.Faults.Kind;
import io.perennial.spark.Faults.When;
import io.perennial.step.Step;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import io.perennial.table.Table;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Crashes runs of a {@link CrashScenario} and checks that the next run recovers. */
final class CrashRunner {

  private static final List<Table> READ = List.of(OrderLinesTable.TABLE, CustomerMonthsTable.TABLE);

  /** Consecutive crashes before a run may complete. */
  private static final int MAX_CONSECUTIVE = 10;

  private final Path folder;
  private final CrashScenario scenario;
  private final List<CrashPoint> points;

  private CrashRunner(Path folder, CrashScenario scenario, List<CrashPoint> points) {
    this.folder = folder;
    this.scenario = scenario;
    this.points = points;
  }

  static CrashRunner in(Path folder, List<Step> steps) throws IOException {
    CrashScenario scenario = CrashScenario.in(folder, steps).prepare();
    return new CrashRunner(
        folder,
        scenario,
        scenario.complete().stream().filter(CrashRunner::isDeterministic).toList());
  }

  /** False for lease renewals: they happen every few seconds, and a quick run ends before one. */
  private static boolean isDeterministic(CrashPoint point) {
    return !point.place().contains("beat");
  }

  /** All crash points of a run. */
  List<CrashPoint> all() {
    return points;
  }

  /**
   * A reproducible sample of the points in random order: first one point of each type, then the
   * points around the commits of each table.
   */
  List<CrashPoint> sample(int number) {
    Map<String, CrashPoint> types = new LinkedHashMap<>();
    points.forEach(point -> types.putIfAbsent(point.type(), point));
    Set<CrashPoint> chosen =
        new LinkedHashSet<>(shuffled(types.values()).stream().limit(number).toList());
    for (String moment :
        List.of("after rename entry", "after close data", "before rename entry", "")) {
      Set<String> tables = new LinkedHashSet<>();
      for (CrashPoint point : points) {
        if (chosen.size() < number
            && point.type().startsWith(moment)
            && tables.add(point.table())) {
          chosen.add(point);
        }
      }
    }
    assertThat(chosen).hasSize(number);
    return shuffled(chosen);
  }

  private static List<CrashPoint> shuffled(Iterable<CrashPoint> chosen) {
    List<CrashPoint> shuffled = new ArrayList<>();
    chosen.forEach(shuffled::add);
    Collections.shuffle(shuffled, new Random(5));
    return shuffled;
  }

  /** The last occurrence of an operation in a run. */
  CrashPoint last(When when, Kind kind, String place) {
    return points.stream()
        .filter(p -> p.when() == when && p.kind() == kind && p.place().equals(place))
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no run comes by " + place));
  }

  /** The worst case: readers see the run, but its export files are not in place. */
  CrashPoint afterPublication() {
    return last(When.AFTER, Kind.RENAME, "warehouse/runs/_delta_log/entry");
  }

  /** Crashes consecutive runs in this JVM, at most ten before a run may complete. */
  void crash(List<CrashPoint> selected) throws Exception {
    crashEach(selected, MAX_CONSECUTIVE, (point, n) -> crash(point, mode(n)));
  }

  /** Crashes one run in this JVM at each point and lets the next complete. */
  void crashOnce(List<CrashPoint> selected, Mode mode) throws Exception {
    crashEach(selected, 1, (point, n) -> crash(point, mode));
  }

  /** Halts the JVM of consecutive runs, at most ten before a run may complete. */
  void halt(List<CrashPoint> selected) throws Exception {
    crashEach(selected, MAX_CONSECUTIVE, (point, n) -> halt(point));
  }

  /** Halts the JVM of one run at each point and lets the next complete. */
  void haltOnce(List<CrashPoint> selected) throws Exception {
    crashEach(selected, 1, (point, n) -> halt(point));
  }

  private interface CrashAction {
    void at(CrashPoint point, int number) throws Exception;
  }

  private void crashEach(List<CrashPoint> selected, int maxConsecutive, CrashAction action)
      throws Exception {
    Deque<CrashPoint> remaining = new ArrayDeque<>(selected);
    int crashed = 0;
    List<String> differences = new ArrayList<>();
    while (!remaining.isEmpty()) {
      scenario.reset();
      List<CrashPoint> attempted = new ArrayList<>();
      boolean isPublished = false;
      while (attempted.size() < maxConsecutive && !remaining.isEmpty() && !isPublished) {
        CrashPoint point = remaining.poll();
        attempted.add(point);
        action.at(point, crashed++);
        isPublished = scenario.runs().all().stream().filter(CrashRunner::isPublished).count() > 1;
      }
      check(attempted.toString(), differences);
    }
    assertThat(differences).isEmpty();
    assertThat(crashed).isEqualTo(selected.size());
  }

  private void crash(CrashPoint point, Mode mode) throws IOException {
    scenario.crash(point, mode).ifPresent(CrashRunner::assertUserMessage);
  }

  private void halt(CrashPoint point) throws Exception {
    Process process =
        HaltingRun.start(
            folder,
            scenario.steps(),
            point,
            ManagementFactory.getRuntimeMXBean().getInputArguments());
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", point).isTrue();
    assertThat(process.exitValue()).as("halted %s", point).isEqualTo(CrashPlan.HALT_EXIT_CODE);
    assertThat(scenario.readerDifferences(READ)).as("for readers, halted %s", point).isEmpty();
  }

  private void check(String what, List<String> differences) throws IOException {
    scenario.readerDifferences(READ).forEach(w -> differences.add(what + ", for readers: " + w));
    scenario.run();
    scenario.differences().forEach(w -> differences.add(what + ": " + w));
    assertThat(scenario.runs().all())
        .as("runs after %s", what)
        .noneMatch(r -> r.state() == State.RUNNING);
  }

  private static Mode mode(int n) {
    return n % 2 == 0 ? Mode.FAIL_FROM_THEN_ON : Mode.FAIL_ONCE;
  }

  private static boolean isPublished(RunRecord run) {
    return run.state() == State.PUBLISHED;
  }

  /** The message names the file and has no stack trace. */
  private static void assertUserMessage(Exception failure) {
    assertThat(ErrorMessages.message(failure)).startsWith("Cannot ").doesNotContain("\tat ");
  }
}
