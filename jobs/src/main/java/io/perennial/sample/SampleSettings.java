package io.perennial.sample;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * What a synthetic lake is to be. Its rows are a pure function of every setting here but {@code
 * path}; {@code format} decides whether columns are text (csv, json) or typed, and with that which
 * kinds of dirt can occur.
 *
 * @param path directory of the lake, on any Hadoop filesystem; it must not exist or be empty. The
 *     true parameters go beside it, into {@link #truthPath()}.
 * @param format one of {@link #FORMATS}
 * @param customers customers with a key, guests included; anonymous and test orders come on top
 * @param months whole months that the lake spans
 * @param start the first of them
 * @param seed the same seed gives the same rows
 * @param zone the shop's time zone; text timestamps are local to it, typed ones are instants
 * @param dirtyShare share of the records that an export spoils so that ingest must reject them, 0
 *     to 0.5
 * @param lateFiles whether some months get a late file and an overlapping extract, and some orders
 *     come again when they are cancelled; without it every record occurs once, in its final state
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

  /**
   * The formats a lake can be written in: the first two hold text only, the others native types.
   */
  public static final List<String> FORMATS = List.of("csv", "json", "parquet", "delta", "orc");

  /** Months of a lake when nothing is said. */
  public static final int DEFAULT_MONTHS = 36;

  /**
   * First month when nothing is said: fixed, so that a lake doesn't depend on the day it was made.
   */
  public static final YearMonth DEFAULT_START = YearMonth.of(2023, 1);

  /** The time zone that conf/sources/perennial.conf declares. */
  public static final ZoneId DEFAULT_ZONE = ZoneId.of("America/New_York");

  /** Share of spoilt records when nothing is said. */
  public static final double DEFAULT_DIRTY_SHARE = 0.003;

  private static final long MOST_CUSTOMERS = 1_000_000_000L;
  private static final int MOST_MONTHS = 240;
  private static final YearMonth EARLIEST = YearMonth.of(1990, 1);
  private static final YearMonth LATEST = YearMonth.of(2099, 12);

  /** Checks every setting and names all that are impossible at once. */
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
    if (customers < 1 || customers > MOST_CUSTOMERS) {
      problems.add("customers is " + customers + ", allowed are 1 to " + MOST_CUSTOMERS);
    }
    if (months < 1 || months > MOST_MONTHS) {
      problems.add("months is " + months + ", allowed are 1 to " + MOST_MONTHS);
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

  /** Settings with every default: 36 months from 2023-01, 0.3 % dirt, late files. */
  public static SampleSettings of(String path, String format, long customers, long seed) {
    return new SampleSettings(
        path,
        format,
        customers,
        DEFAULT_MONTHS,
        DEFAULT_START,
        seed,
        DEFAULT_ZONE,
        DEFAULT_DIRTY_SHARE,
        true);
  }

  /** Where the true parameters go: beside the lake, so that no reader of the lake meets them. */
  public String truthPath() {
    return path + "-truth";
  }

  /** Whether every column is text, as in an export that a shop's admin page offers. */
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
