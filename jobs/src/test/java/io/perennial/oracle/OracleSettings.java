package io.perennial.oracle;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;

/**
 * What a shop and a run set.
 *
 * @param zone the shop's time zone, which decides days and months
 * @param minorDigits digits of the currency's minor unit
 * @param asOf local date, exclusive; null for the day after the newest valid order
 * @param activeWindow W of the retention rate, whole months
 * @param repeatDays d of the repeat purchase rate, days
 * @param dimensions cohort dimensions: all, country, channel, category, discounted
 * @param rfmWindowDays days before as_of that RFM looks at; null for all history
 * @param historyStart cohorts before this month are existing, not acquired; null for none
 * @param updates how a later record of an order replaces an earlier one
 * @param lineIdMapped whether the source maps line_id
 * @param maxOrderNumber the last order number of the repurchase curve
 */
public record OracleSettings(
    ZoneId zone,
    int minorDigits,
    LocalDate asOf,
    int activeWindow,
    int repeatDays,
    List<String> dimensions,
    Integer rfmWindowDays,
    YearMonth historyStart,
    Updates updates,
    boolean lineIdMapped,
    int maxOrderNumber) {

  /**
   * The dates that a record may have, by default of {@code lake.earliest} and {@code lake.latest}.
   */
  static final LocalDate EARLIEST = LocalDate.of(1990, 1, 1);

  static final LocalDate LATEST = LocalDate.of(2100, 1, 1);

  /** What a source says about later records of what it already sent. */
  public enum Updates {
    NONE,
    LINE,
    ORDER
  }

  /** The defaults of the project, all dimensions, in a zone. */
  public static OracleSettings in(String zone) {
    return new OracleSettings(
        ZoneId.of(zone),
        2,
        null,
        6,
        90,
        List.of("all", "country", "channel", "category", "discounted"),
        null,
        null,
        Updates.NONE,
        false,
        5);
  }

  public OracleSettings minorDigits(int digits) {
    return new OracleSettings(
        zone,
        digits,
        asOf,
        activeWindow,
        repeatDays,
        dimensions,
        rfmWindowDays,
        historyStart,
        updates,
        lineIdMapped,
        maxOrderNumber);
  }

  /** As of a date written yyyy-mm-dd; null for the default. */
  public OracleSettings asOf(String date) {
    return asOf(date == null ? null : LocalDate.parse(date));
  }

  public OracleSettings asOf(LocalDate date) {
    return new OracleSettings(
        zone,
        minorDigits,
        date,
        activeWindow,
        repeatDays,
        dimensions,
        rfmWindowDays,
        historyStart,
        updates,
        lineIdMapped,
        maxOrderNumber);
  }

  public OracleSettings activeWindow(int months) {
    return new OracleSettings(
        zone,
        minorDigits,
        asOf,
        months,
        repeatDays,
        dimensions,
        rfmWindowDays,
        historyStart,
        updates,
        lineIdMapped,
        maxOrderNumber);
  }

  public OracleSettings dimensions(String... names) {
    return new OracleSettings(
        zone,
        minorDigits,
        asOf,
        activeWindow,
        repeatDays,
        List.of(names),
        rfmWindowDays,
        historyStart,
        updates,
        lineIdMapped,
        maxOrderNumber);
  }

  public OracleSettings rfmWindowDays(Integer days) {
    return new OracleSettings(
        zone,
        minorDigits,
        asOf,
        activeWindow,
        repeatDays,
        dimensions,
        days,
        historyStart,
        updates,
        lineIdMapped,
        maxOrderNumber);
  }

  public OracleSettings historyStart(YearMonth month) {
    return new OracleSettings(
        zone,
        minorDigits,
        asOf,
        activeWindow,
        repeatDays,
        dimensions,
        rfmWindowDays,
        month,
        updates,
        lineIdMapped,
        maxOrderNumber);
  }

  public OracleSettings updates(Updates kind) {
    return new OracleSettings(
        zone,
        minorDigits,
        asOf,
        activeWindow,
        repeatDays,
        dimensions,
        rfmWindowDays,
        historyStart,
        kind,
        lineIdMapped,
        maxOrderNumber);
  }

  public OracleSettings lineIdMapped(boolean mapped) {
    return new OracleSettings(
        zone,
        minorDigits,
        asOf,
        activeWindow,
        repeatDays,
        dimensions,
        rfmWindowDays,
        historyStart,
        updates,
        mapped,
        maxOrderNumber);
  }

  LocalDate day(Instant time) {
    return time.atZone(zone).toLocalDate();
  }

  LocalDate month(Instant time) {
    return monthOf(day(time));
  }

  static LocalDate monthOf(LocalDate day) {
    return day.withDayOfMonth(1);
  }

  /** Whole months from one month to another, both first days. */
  static int monthsBetween(LocalDate from, LocalDate to) {
    return 12 * (to.getYear() - from.getYear()) + to.getMonthValue() - from.getMonthValue();
  }
}
