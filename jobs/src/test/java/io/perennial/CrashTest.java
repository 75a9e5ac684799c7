package io.perennial;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.Crash.Manner;
import io.perennial.localfs.Faults;
import io.perennial.localfs.Faults.Kind;
import io.perennial.localfs.Faults.When;
import io.perennial.months.CustomerMonthsTable;
import io.perennial.orders.OrderLinesTable;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run may die at any moment: whatever it had done by then, readers see a whole run, and the next
 * run makes what a run makes that nobody killed: tables, private state, and files for platforms.
 */
class CrashTest {

  /** From the lake to the files for platforms; what lies between writes no differently. */
  static final List<Step> STEPS =
      Stream.of(Steps.LAKE_STEPS, AudienceSteps.AUDIENCE_STEPS, ExportSteps.EXPORT_STEPS)
          .flatMap(List::stream)
          .toList();

  private static final List<Table> READ = List.of(OrderLinesTable.TABLE, CustomerMonthsTable.TABLE);

  private static final int POINTS = 60;

  /** Runs that die one after the other before one is let live. */
  private static final int IN_A_ROW = 10;

  /** Those that every build can afford. */
  private static final int A_FEW = 2;

  @TempDir private static Path folder;

  private static CrashShop shop;
  private static List<CrashPoint> points;

  @BeforeAll
  static void prepare() throws IOException {
    shop = CrashShop.in(folder, STEPS).prepared();
    points = shop.runWell().stream().filter(CrashTest::comesInEveryRun).toList();
  }

  /** A lease is renewed every few seconds: a quick run ends before it is. */
  private static boolean comesInEveryRun(CrashPoint point) {
    return !point.place().contains("beat");
  }

  @AfterEach
  void noMoreFaults() {
    Faults.none();
  }

  @Test
  void runsThatDieInARowAndOneThatDiesOnceItIsPublishedAreMadeGoodByTheNext() throws IOException {
    List<CrashPoint> few = new ArrayList<>(shuffled().subList(0, A_FEW));
    few.add(whenPublished());
    assertThat(die(few)).isEqualTo(few.size());
  }

  @Test
  @Tag("slow")
  void manyRunsThatDieAnywhereInARowAreMadeGoodByTheNext() throws IOException {
    assertThat(die(shuffled())).isGreaterThanOrEqualTo(POINTS);
  }

  private static List<CrashPoint> shuffled() {
    List<CrashPoint> shuffled = new ArrayList<>(chosen());
    Collections.shuffle(shuffled, new Random(5));
    return shuffled;
  }

  /**
   * Has runs die one after the other, ten at most before one is let live.
   *
   * @return how many died
   */
  private static int die(List<CrashPoint> wanted) throws IOException {
    Deque<CrashPoint> waiting = new ArrayDeque<>(wanted);
    int struck = 0;
    List<String> wrong = new ArrayList<>();
    while (!waiting.isEmpty()) {
      shop.startAgain();
      List<CrashPoint> row = new ArrayList<>();
      boolean isPublished = false;
      while (row.size() < IN_A_ROW && !waiting.isEmpty() && !isPublished) {
        CrashPoint point = waiting.poll();
        row.add(point);
        shop.die(point, manner(struck++)).ifPresent(CrashTest::requireWords);
        isPublished = shop.runs().all().stream().filter(CrashTest::isPublished).count() > 1;
      }
      check(row.toString(), wrong);
    }
    assertThat(wrong).isEmpty();
    return struck;
  }

  @Test
  @Tag("slow")
  void aRunThatFailsAnywhereIsMadeGoodByTheNext() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Manner manner : List.of(Manner.FAILS_ONCE, Manner.IS_GONE)) {
      for (CrashPoint point : points) {
        shop.startAgain();
        shop.die(point, manner).ifPresent(CrashTest::requireWords);
        check(point + " " + manner, wrong);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  @Tag("slow")
  void aRunWhoseJvmHaltsIsMadeGoodByTheNext() throws Exception {
    halt(
        List.of(
            last(When.AFTER, Kind.CLOSE, "warehouse/order_lines/data"),
            last(When.AFTER, Kind.RENAME, "warehouse/orders/_delta_log/entry"),
            last(When.AFTER, Kind.RENAME, "state/sent_exports/_delta_log/entry"),
            last(When.AFTER, Kind.RENAME, "warehouse/audience_members/_delta_log/entry"),
            last(When.BEFORE, Kind.RENAME, "warehouse/runs/_delta_log/entry"),
            whenPublished()));
  }

  /** The worst moment: readers see the run, and its files for platforms are not in place. */
  private static CrashPoint whenPublished() {
    return last(When.AFTER, Kind.RENAME, "warehouse/runs/_delta_log/entry");
  }

  @Test
  @Tag("slow")
  void aRunWhoseJvmHaltsAnywhereIsMadeGoodByTheNext() throws Exception {
    halt(chosen());
  }

  private static void halt(List<CrashPoint> wanted) throws Exception {
    List<String> wrong = new ArrayList<>();
    for (CrashPoint point : wanted) {
      shop.startAgain();
      Process process =
          HaltingRun.start(folder, point, ManagementFactory.getRuntimeMXBean().getInputArguments());
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", point).isTrue();
      assertThat(process.exitValue()).as("halted %s", point).isEqualTo(Crash.HALTED);
      check(point + " HALTS", wrong);
    }
    assertThat(wrong).isEmpty();
  }

  private static void check(String what, List<String> wrong) throws IOException {
    shop.wrongForReaders(READ).forEach(w -> wrong.add(what + ", for readers: " + w));
    shop.run();
    shop.wrong().forEach(w -> wrong.add(what + ": " + w));
    requireAllEnded(what);
  }

  private static Manner manner(int n) {
    return n % 2 == 0 ? Manner.IS_GONE : Manner.FAILS_ONCE;
  }

  private static boolean isPublished(RunRecord run) {
    return run.state() == State.PUBLISHED;
  }

  private static void requireAllEnded(Object after) {
    assertThat(shop.runs().all())
        .as("runs after %s", after)
        .noneMatch(r -> r.state() == State.RUNNING);
  }

  /** The user is told of the file, and no more than a line. */
  private static void requireWords(Exception told) {
    assertThat(Failures.message(told)).startsWith("Cannot ").doesNotContain("\tat ");
  }

  /** One point of every sort, and of every table the moments around its commits. */
  private static List<CrashPoint> chosen() {
    Map<String, CrashPoint> sorts = new LinkedHashMap<>();
    points.forEach(point -> sorts.putIfAbsent(point.sort(), point));
    Set<CrashPoint> chosen = new LinkedHashSet<>(sorts.values());
    for (String moment :
        List.of("after rename entry", "after close data", "before rename entry", "")) {
      Set<String> tables = new LinkedHashSet<>();
      for (CrashPoint point : points) {
        if (chosen.size() < POINTS
            && point.sort().startsWith(moment)
            && tables.add(point.table())) {
          chosen.add(point);
        }
      }
    }
    return List.copyOf(chosen);
  }

  private static CrashPoint last(When when, Kind kind, String place) {
    return points.stream()
        .filter(p -> p.when() == when && p.kind() == kind && p.place().equals(place))
        .reduce((first, second) -> second)
        .orElseThrow(
            () -> new AssertionError("no run comes by " + when + " " + kind + " " + place));
  }
}
