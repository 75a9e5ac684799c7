package io.perennial.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

/** Local time in the sample's zone, which is America/New_York. */
class ShopClockTest {

  private final SampleSettings settings = Samples.settings("csv", 10, 12, 0);
  private final ShopClock clock = new ShopClock(settings);

  @Test
  void aTimeThatNoClockShowedMovesToTheEndOfTheGap() {
    assertThat(clock.text(clock.shown(local("2024-03-10T02:30:00"))))
        .isEqualTo("2024-03-10 03:00:00");
    assertThat(clock.text(clock.shown(local("2024-03-10T01:59:59"))))
        .isEqualTo("2024-03-10 01:59:59");
  }

  @Test
  void instantsAgreeWithJavaTimeAndTakeTheEarlierOffsetOfAnOverlap() {
    LocalDateTime end = settings.endDay().atStartOfDay();
    for (LocalDateTime time = settings.firstDay().atStartOfDay();
        time.isBefore(end);
        time = time.plusMinutes(30)) {
      long local = ShopClock.local(time);
      if (clock.shown(local) == local) {
        assertThat(clock.micros(local))
            .as(time.toString())
            .isEqualTo(time.atZone(settings.zone()).toEpochSecond() * 1_000_000);
      }
    }
  }

  @Test
  void daysAndMonthsCountFromTheStart() {
    long last = local("2024-12-31T23:59:59");

    assertThat(clock.month(last)).isEqualTo(11);
    assertThat(clock.day(last)).isEqualTo(365);
    assertThat(ShopClock.daysToMonthEnd(local("2024-02-27T12:00:00"))).isEqualTo(2);
    assertThat(clock.covers(last)).isTrue();
    assertThat(clock.covers(last + 1)).isFalse();
    assertThat(ShopClock.date(last)).isEqualTo(LocalDate.of(2024, 12, 31));
  }

  private static long local(String time) {
    return ShopClock.local(LocalDateTime.parse(time));
  }
}
