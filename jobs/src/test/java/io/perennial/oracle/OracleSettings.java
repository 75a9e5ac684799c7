package io.perennial.oracle;

import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;

/**
 * Settings of the shop, the source and the run.
 *
 * @param zone the shop's time zone, which decides days and months
 * @param minorDigits digits of the currency's minor unit
 * @param asOf local date, exclusive; null: the day after the newest valid order
 * @param activeWindow W of the retention rate, whole months
 * @param repeatDays d of the repeat purchase rate, days
 * @param dimensions cohort dimensions: all, country, channel, category, discounted
 * @param rfmWindowDays days before as_of that RFM covers; null: all history
 * @param historyStart cohorts before this month are existing, not acquired; null: none
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

  /** The range of accepted dates: the defaults of {@code lake.earliest} and {@code lake.latest}. */
  static final LocalDate EARLIEST = LocalDate.of(1990, 1, 1);

  static final LocalDate LATEST = LocalDate.of(2100, 1, 1);

  /** What a later record of a known order replaces. */
  public enum Updates {
    NONE,
    LINE,
    ORDER
  }

  /** The default settings with all dimensions, in a zone. */
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
    return with("minorDigits", digits);
  }

  /** As of a date written yyyy-mm-dd; null for the default. */
  public OracleSettings asOf(String date) {
    return asOf(date == null ? null : LocalDate.parse(date));
  }

  public OracleSettings asOf(LocalDate date) {
    return with("asOf", date);
  }

  public OracleSettings activeWindow(int months) {
    return with("activeWindow", months);
  }

  public OracleSettings dimensions(String... names) {
    return with("dimensions", List.of(names));
  }

  public OracleSettings rfmWindowDays(Integer days) {
    return with("rfmWindowDays", days);
  }

  public OracleSettings historyStart(YearMonth month) {
    return with("historyStart", month);
  }

  public OracleSettings updates(Updates kind) {
    return with("updates", kind);
  }

  public OracleSettings lineIdMapped(boolean mapped) {
    return with("lineIdMapped", mapped);
  }

  /** A copy with another value of one component. */
  private OracleSettings with(String component, Object value) {
    try {
      RecordComponent[] components = OracleSettings.class.getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        values[i] =
            components[i].getName().equals(component)
                ? value
                : components[i].getAccessor().invoke(this);
      }
      return (OracleSettings) OracleSettings.class.getDeclaredConstructors()[0].newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot set " + component, e);
    }
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
