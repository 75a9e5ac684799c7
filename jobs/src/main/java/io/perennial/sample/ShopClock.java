package io.perennial.sample;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

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
  private final YearMonth start;
  private final ZoneRules rules;

  ShopClock(SampleSettings settings) {
    LocalDate first = settings.firstDay();
    firstDay = first.toEpochDay();
    days = (int) (settings.endDay().toEpochDay() - firstDay);
    start = settings.start();
    rules = settings.zone().getRules();
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
    return (int) start.until(YearMonth.from(date(local)), ChronoUnit.MONTHS);
  }

  /** Days left in the month after the day. */
  static int daysToMonthEnd(long local) {
    LocalDate day = date(local);
    return day.lengthOfMonth() - day.getDayOfMonth();
  }

  /** Midnight of a day. */
  long midnight(int day) {
    return (firstDay + day) * DAY;
  }

  /** The time itself, or the end of the daylight-saving gap that it is in. */
  long shown(long local) {
    ZoneOffsetTransition change = rules.getTransition(dateTime(local));
    return change != null && change.isGap() ? local(change.getDateTimeAfter()) : local;
  }

  /** Microseconds since the epoch; a time that occurs twice is the earlier one. */
  long micros(long local) {
    return (local - rules.getOffset(dateTime(local)).getTotalSeconds()) * 1_000_000;
  }

  private static LocalDateTime dateTime(long local) {
    return LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
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
    return date(local).toString().concat(new String(time));
  }

  private static void putTwoDigits(char[] target, int at, int value) {
    target[at] = (char) ('0' + value / 10);
    target[at + 1] = (char) ('0' + value % 10);
  }

  static LocalDate date(long local) {
    return LocalDate.ofEpochDay(Math.floorDiv(local, DAY));
  }
}
