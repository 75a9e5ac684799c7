package io.perennial.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.table.RunRecord.State;
import io.perennial.table.Vacuum.Due;
import io.perennial.table.Vacuum.Replaced;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which versions have expired since the previous run. */
class VacuumTest {

  private static final Instant DAY = Instant.ofEpochSecond(3_000L * 7 * 86_400);
  private static final Duration WEEK = Duration.ofDays(7);

  @Test
  void nothingIsDueBeforeAVersionExpires() {
    List<RunRecord> runs = List.of(run(0, 4), run(1, 6), run(6, 8));
    assertThat(Due.of(runs, WEEK, day(6))).isEqualTo(new Due(Map.of(), false));
  }

  @Test
  void expiredVersionsAreDueOncePerPeriod() {
    List<RunRecord> week = List.of(run(0, 4), run(1, 6), run(2, 6), run(6, 8), run(8, 9));
    assertThat(Due.of(week, WEEK, day(8)).replaced())
        .as("the first run of the second week; day 2 replaced nothing")
        .isEqualTo(Map.of("orders", List.of(new Replaced(4, 6))));
    List<RunRecord> next = List.of(run(0, 4), run(2, 6), run(8, 9), run(9, 10));
    assertThat(Due.of(next, WEEK, day(9)).replaced()).as("done this week").isEmpty();
    List<RunRecord> later = List.of(run(0, 4), run(2, 6), run(8, 9), run(13, 10), run(15, 12));
    assertThat(Due.of(later, WEEK, day(15)).replaced())
        .as("replaced on days 2 and 8")
        .isEqualTo(Map.of("orders", List.of(new Replaced(4, 6), new Replaced(6, 9))));
  }

  @Test
  void allExpiredVersionsAreDueAfterALongPause() {
    List<RunRecord> runs = List.of(run(0, 4), run(1, 6), run(2, 7), run(3, 9), run(30, 11));
    assertThat(Due.of(runs, WEEK, day(30)).replaced())
        .isEqualTo(
            Map.of("orders", List.of(new Replaced(4, 6), new Replaced(6, 7), new Replaced(7, 9))));
  }

  @Test
  void deadRunIsDueOnceItExpires() {
    RunRecord dead = run(1, 0).as(State.ABANDONED);
    assertThat(Due.of(List.of(run(0, 4), dead, run(6, 5)), WEEK, day(6)).haveRunsDied()).isFalse();
    assertThat(Due.of(List.of(run(0, 4), dead, run(6, 5), run(8, 6)), WEEK, day(8)).haveRunsDied())
        .isTrue();
    assertThat(Due.of(List.of(run(0, 4), dead, run(8, 6), run(9, 7)), WEEK, day(9)).haveRunsDied())
        .isFalse();
  }

  private static Instant day(int day) {
    return DAY.plus(Duration.ofDays(day));
  }

  private static RunRecord run(int day, long version) {
    return new RunRecord(
        "day" + day,
        "run",
        Optional.empty(),
        day(day),
        Optional.of(0.0),
        State.PUBLISHED,
        "",
        Map.of("orders", version),
        List.of(),
        Map.of(),
        Optional.empty(),
        "1");
  }
}
