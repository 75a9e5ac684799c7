package io.perennial.sample;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * Local time of the shop over the months of a lake. Times are local seconds, the seconds since
 * 1970-01-01 by the wall clock of the shop, because its days, months and text timestamps are local.
 */
final class ShopClock {

  /** A time that never comes: not refunded, not dropped out. */
  static final long NEVER = Long.MIN_VALUE;

  static final long DAY = 86_400;

  private final long firstDay;
  private final int days;
  private final int[] monthOfDay;
  private final int[] daysToMonthEnd;
  private final String[] dayText;
  private final long[] changeAt;
  private final long[] changeTo;
  private final long[] offsets;

  ShopClock(SampleSettings settings) {
    LocalDate first = settings.firstDay();
    firstDay = first.toEpochDay();
    days = (int) (settings.endDay().toEpochDay() - firstDay);
    monthOfDay = new int[days];
    daysToMonthEnd = new int[days];
    dayText = new String[days];
    for (int i = 0; i < days; i++) {
      LocalDate day = first.plusDays(i);
      monthOfDay[i] =
          (int)
              (YearMonth.from(day).getLong(ChronoField.PROLEPTIC_MONTH)
                  - settings.start().getLong(ChronoField.PROLEPTIC_MONTH));
      daysToMonthEnd[i] = day.lengthOfMonth() - day.getDayOfMonth();
      dayText[i] = day.toString();
    }
    ZoneRules rules = settings.zone().getRules();
    List<ZoneOffsetTransition> changes = new ArrayList<>();
    LocalDateTime end = settings.endDay().plusDays(2).atStartOfDay();
    ZoneOffsetTransition change =
        rules.nextTransition(first.minusDays(2).atStartOfDay().toInstant(ZoneOffset.UTC));
    while (change != null && change.getDateTimeBefore().isBefore(end)) {
      changes.add(change);
      change = rules.nextTransition(change.getInstant());
    }
    changeAt = changes.stream().mapToLong(c -> local(c.getDateTimeBefore())).toArray();
    changeTo = changes.stream().mapToLong(c -> local(c.getDateTimeAfter())).toArray();
    offsets = new long[changes.size() + 1];
    offsets[0] = rules.getOffset(first.minusDays(2).atStartOfDay()).getTotalSeconds();
    for (int i = 0; i < changes.size(); i++) {
      offsets[i + 1] = changes.get(i).getOffsetAfter().getTotalSeconds();
    }
  }

  static long local(LocalDateTime time) {
    return time.toEpochSecond(ZoneOffset.UTC);
  }

  int days() {
    return days;
  }

  /** Index of the day, 0 for the first of the lake. */
  int day(long local) {
    return (int) (Math.floorDiv(local, DAY) - firstDay);
  }

  /** Whether a time is within the months of the lake. */
  boolean covers(long local) {
    return local >= firstDay * DAY && local < (firstDay + days) * DAY;
  }

  /** Index of the month, 0 for the first of the lake. */
  int month(long local) {
    return monthOfDay[day(local)];
  }

  /** Days left in the month after the day. */
  int daysToMonthEnd(long local) {
    return daysToMonthEnd[day(local)];
  }

  /** Midnight of a day. */
  long midnight(int day) {
    return (firstDay + day) * DAY;
  }

  /** The time itself, or the end of the daylight-saving gap that it is in. */
  long shown(long local) {
    for (int i = 0; i < changeAt.length; i++) {
      if (local >= changeAt[i] && local < changeTo[i]) {
        return changeTo[i];
      }
    }
    return local;
  }

  /** Microseconds since the epoch; a time that occurs twice is the earlier one. */
  long micros(long local) {
    int i = 0;
    while (i < changeAt.length && local >= changeAt[i]) {
      i++;
    }
    return (local - offsets[i]) * 1_000_000;
  }

  /** Text of an export: {@code 2024-03-01 14:05:09}. */
  String text(long local) {
    int second = (int) Math.floorMod(local, DAY);
    char[] time = new char[9];
    time[0] = ' ';
    putTwoDigits(time, 1, second / 3600);
    time[3] = ':';
    putTwoDigits(time, 4, second / 60 % 60);
    time[6] = ':';
    putTwoDigits(time, 7, second % 60);
    return dayText[day(local)].concat(new String(time));
  }

  private static void putTwoDigits(char[] target, int at, int value) {
    target[at] = (char) ('0' + value / 10);
    target[at + 1] = (char) ('0' + value % 10);
  }

  static LocalDate date(long local) {
    return LocalDate.ofEpochDay(Math.floorDiv(local, DAY));
  }
}
