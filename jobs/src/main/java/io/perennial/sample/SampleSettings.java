package io.perennial.sample;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of a synthetic lake. Its rows are a pure function of every setting except {@code
 * path}; {@code format} decides whether columns are text (csv, json) or typed, and so which
 * corruptions occur.
 *
 * @param path directory of the lake, on any Hadoop filesystem; absent or empty. The ground truth is
 *     written to {@link #truthPath()}.
 * @param format one of {@link #FORMATS}
 * @param customers customers with a key, including guests; anonymous buyers and staff are added
 * @param months whole months of the lake
 * @param start the first month
 * @param seed the same seed gives the same rows
 * @param zone the shop's time zone; text timestamps are local to it, typed ones are instants
 * @param dirtyShare share of corrupted records, which ingest must reject: 0 to 0.5
 * @param lateFiles whether some months have a late file and an overlapping extract, and some orders
 *     are exported again when they are cancelled; otherwise every record occurs once, in its final
 *     state
 */
public record SampleSettings(
    String path,
    String format,
    long customers,
    int months,
    YearMonth start,
    long seed,
    ZoneId zone,
    double dirtyShare,
    boolean lateFiles)
    implements Serializable {

  /** The formats of a lake; the first two have text only, the others native types. */
  public static final List<String> FORMATS = List.of("csv", "json", "parquet", "delta", "orc");

  /** The time zone that conf/sources/perennial.conf declares. */
  public static final ZoneId DEFAULT_ZONE = ZoneId.of("America/New_York");

  private static final long MAX_CUSTOMERS = 1_000_000_000L;
  private static final int MAX_MONTHS = 240;
  private static final YearMonth EARLIEST = YearMonth.of(1990, 1);
  private static final YearMonth LATEST = YearMonth.of(2099, 12);

  /** Checks every setting and reports all impossible ones at once. */
  public SampleSettings {
    List<String> problems = new ArrayList<>();
    if (path == null || path.isBlank()) {
      problems.add("path is empty, allowed is a directory that doesn't exist yet or holds nothing");
    } else {
      path = path.strip().replaceAll("(?<=[^/:])/+$", "");
    }
    if (format == null || !FORMATS.contains(format)) {
      problems.add("format is '" + format + "', allowed are " + String.join(", ", FORMATS));
    }
    if (customers < 1 || customers > MAX_CUSTOMERS) {
      problems.add("customers is " + customers + ", allowed are 1 to " + MAX_CUSTOMERS);
    }
    if (months < 1 || months > MAX_MONTHS) {
      problems.add("months is " + months + ", allowed are 1 to " + MAX_MONTHS);
    }
    if (start == null || start.isBefore(EARLIEST) || start.isAfter(LATEST)) {
      problems.add("start is " + start + ", allowed are months from " + EARLIEST + " to " + LATEST);
    } else if (months >= 1 && start.plusMonths(months - 1L).isAfter(LATEST)) {
      problems.add(
          months + " months from " + start + " end after " + LATEST + ", the last allowed month");
    }
    if (zone == null) {
      problems.add("zone is missing, allowed is a time zone such as " + DEFAULT_ZONE);
    }
    if (!(dirtyShare >= 0 && dirtyShare <= 0.5)) {
      problems.add("dirty share is " + dirtyShare + ", allowed are 0 to 0.5");
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot write a sample lake: " + String.join("; ", problems));
    }
  }

  /** Directory of the ground truth: outside the lake, so that a reader of the lake skips it. */
  public String truthPath() {
    return path + "-truth";
  }

  /** Whether every column is text, as in the export of a shop's admin page. */
  boolean isText() {
    return format.equals("csv") || format.equals("json");
  }

  LocalDate firstDay() {
    return start.atDay(1);
  }

  /** The first day after the lake. */
  LocalDate endDay() {
    return start.plusMonths(months).atDay(1);
  }
}
