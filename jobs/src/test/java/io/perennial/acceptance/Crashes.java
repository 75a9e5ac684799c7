package io.perennial.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.acceptance.Crash.Manner;
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
import java.util.function.Predicate;

/** Has runs of a {@link CrashShop} die, and requires that the next makes it good. */
final class Crashes {

  private static final List<Table> READ = List.of(OrderLinesTable.TABLE, CustomerMonthsTable.TABLE);

  /** Runs that die one after the other before one is let live. */
  private static final int IN_A_ROW = 10;

  private final Path folder;
  private final CrashShop shop;
  private final List<CrashPoint> points;

  private Crashes(Path folder, CrashShop shop, List<CrashPoint> points) {
    this.folder = folder;
    this.shop = shop;
    this.points = points;
  }

  static Crashes in(Path folder, List<Step> steps) throws IOException {
    CrashShop shop = CrashShop.in(folder, steps).prepared();
    return new Crashes(
        folder, shop, shop.runWell().stream().filter(Crashes::comesInEveryRun).toList());
  }

  /** A lease is renewed every few seconds: a quick run ends before it is. */
  private static boolean comesInEveryRun(CrashPoint point) {
    return !point.place().contains("beat");
  }

  /** All points that a run passes. */
  List<CrashPoint> everywhere() {
    return points;
  }

  /**
   * Some of the points, always the same, in no order: first one of every sort, then of every table
   * the moments around its commits.
   */
  List<CrashPoint> some(int number) {
    Map<String, CrashPoint> sorts = new LinkedHashMap<>();
    points.forEach(point -> sorts.putIfAbsent(point.sort(), point));
    Set<CrashPoint> chosen =
        new LinkedHashSet<>(shuffled(sorts.values()).stream().limit(number).toList());
    for (String moment :
        List.of("after rename entry", "after close data", "before rename entry", "")) {
      Set<String> tables = new LinkedHashSet<>();
      for (CrashPoint point : points) {
        if (chosen.size() < number
            && point.sort().startsWith(moment)
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

  /** The last time that a run comes by. */
  CrashPoint last(When when, Kind kind, String place) {
    return last(p -> p.when() == when && p.kind() == kind && p.place().equals(place), place);
  }

  private CrashPoint last(Predicate<CrashPoint> wanted, String place) {
    return points.stream()
        .filter(wanted)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no run comes by " + place));
  }

  /** The worst moment: readers see the run, and its files for platforms are not in place. */
  CrashPoint whenPublished() {
    return last(When.AFTER, Kind.RENAME, "warehouse/runs/_delta_log/entry");
  }

  /** Has runs die in this JVM one after the other, ten at most before one is let live. */
  void die(List<CrashPoint> wanted) throws Exception {
    inRows(wanted, IN_A_ROW, (point, n) -> die(point, manner(n)));
  }

  /** Has a run die in this JVM at each of some points, and the next live. */
  void dieOnce(List<CrashPoint> wanted, Manner manner) throws Exception {
    inRows(wanted, 1, (point, n) -> die(point, manner));
  }

  /** Has the JVM of runs halt, one after the other, ten at most before one is let live. */
  void halt(List<CrashPoint> wanted) throws Exception {
    inRows(wanted, IN_A_ROW, (point, n) -> halt(point));
  }

  /** Has the JVM of a run halt at each of some points, and the next live. */
  void haltOnce(List<CrashPoint> wanted) throws Exception {
    inRows(wanted, 1, (point, n) -> halt(point));
  }

  /** How a run dies. */
  private interface Death {
    void at(CrashPoint point, int number) throws Exception;
  }

  private void inRows(List<CrashPoint> wanted, int inARow, Death death) throws Exception {
    Deque<CrashPoint> waiting = new ArrayDeque<>(wanted);
    int struck = 0;
    List<String> wrong = new ArrayList<>();
    while (!waiting.isEmpty()) {
      shop.startAgain();
      List<CrashPoint> row = new ArrayList<>();
      boolean isPublished = false;
      while (row.size() < inARow && !waiting.isEmpty() && !isPublished) {
        CrashPoint point = waiting.poll();
        row.add(point);
        death.at(point, struck++);
        isPublished = shop.runs().all().stream().filter(Crashes::isPublished).count() > 1;
      }
      check(row.toString(), wrong);
    }
    assertThat(wrong).isEmpty();
    assertThat(struck).isEqualTo(wanted.size());
  }

  private void die(CrashPoint point, Manner manner) throws IOException {
    shop.die(point, manner).ifPresent(Crashes::requireWords);
  }

  private void halt(CrashPoint point) throws Exception {
    Process process =
        HaltingRun.start(
            folder, shop.steps(), point, ManagementFactory.getRuntimeMXBean().getInputArguments());
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", point).isTrue();
    assertThat(process.exitValue()).as("halted %s", point).isEqualTo(Crash.HALTED);
    assertThat(shop.wrongForReaders(READ)).as("for readers, halted %s", point).isEmpty();
  }

  private void check(String what, List<String> wrong) throws IOException {
    shop.wrongForReaders(READ).forEach(w -> wrong.add(what + ", for readers: " + w));
    shop.run();
    shop.wrong().forEach(w -> wrong.add(what + ": " + w));
    assertThat(shop.runs().all())
        .as("runs after %s", what)
        .noneMatch(r -> r.state() == State.RUNNING);
  }

  private static Manner manner(int n) {
    return n % 2 == 0 ? Manner.IS_GONE : Manner.FAILS_ONCE;
  }

  private static boolean isPublished(RunRecord run) {
    return run.state() == State.PUBLISHED;
  }

  /** The user is told of the file, and no more than a line. */
  private static void requireWords(Exception told) {
    assertThat(ErrorMessages.message(told)).startsWith("Cannot ").doesNotContain("\tat ");
  }
}
