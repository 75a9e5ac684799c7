package io.perennial.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Currency;
import java.util.Locale;

/** Formats numbers and money for the shop's locale; dates are English, like the sentences. */
final class NumberFormats {

  static final String NOTHING = "–";

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter SHORT_DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter SHORT_MONTH =
      DateTimeFormatter.ofPattern("MMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm", Locale.ENGLISH);

  private static final double NO_CENTS_FROM = 1_000;

  private final Locale locale;
  private final Currency currency;

  NumberFormats(Locale locale, Currency currency) {
    this.locale = locale;
    this.currency = currency;
  }

  static NumberFormats of(ReportModel.About about) {
    return new NumberFormats(about.locale(), about.currency());
  }

  String count(long number) {
    return NumberFormat.getIntegerInstance(locale).format(number);
  }

  String customers(long number) {
    return count(number) + (number == 1 ? " customer" : " customers");
  }

  String number(Double number, int digits) {
    return number == null ? NOTHING : fixed(digits).format(number);
  }

  /** 0.9194 gives 91.9 %, in the locale's notation. */
  String percent(Double share) {
    return percent(share, 1);
  }

  String percent(Double share, int digits) {
    if (share == null) {
      return NOTHING;
    }
    NumberFormat format = NumberFormat.getPercentInstance(locale);
    format.setMinimumFractionDigits(digits);
    format.setMaximumFractionDigits(digits);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(share);
  }

  /** A difference of shares: 0.004 gives +0.4 points. */
  String points(double difference) {
    return signed(difference * 100, 1) + " points";
  }

  /** Rounded, with a sign; what rounds to zero has ±. */
  String signed(double difference, int digits) {
    String text = fixed(digits).format(Math.abs(difference));
    boolean isZero = text.equals(fixed(digits).format(0));
    return (isZero ? "±" : difference < 0 ? "−" : "+") + text;
  }

  String signed(long difference) {
    return signed(difference, 0);
  }

  /** A relative change: 110 of 100 gives +10.0 %. */
  String change(double now, double before) {
    String text = percent(Math.abs(now / before - 1));
    boolean isZero = text.equals(percent(0.0));
    return (isZero ? "±" : now < before ? "−" : "+") + text;
  }

  /** Without minor digits from a thousand on. */
  String money(BigDecimal amount) {
    return amount == null ? NOTHING : money(amount.doubleValue());
  }

  String money(Double amount) {
    if (amount == null) {
      return NOTHING;
    }
    int digits =
        Math.abs(amount) >= NO_CENTS_FROM ? 0 : Math.max(0, currency.getDefaultFractionDigits());
    return money(amount, digits);
  }

  String wholeMoney(BigDecimal amount) {
    return amount == null ? NOTHING : money(amount.doubleValue(), 0);
  }

  private String money(double amount, int digits) {
    NumberFormat format = NumberFormat.getCurrencyInstance(locale);
    format.setCurrency(currency);
    format.setMinimumFractionDigits(digits);
    format.setMaximumFractionDigits(digits);
    format.setRoundingMode(RoundingMode.HALF_UP);
    // A small loss is not printed as -0.
    return format.format(Math.abs(amount) < 0.5 * Math.pow(10, -digits) ? 0.0 : amount);
  }

  static String day(LocalDate day) {
    return DAY.format(day);
  }

  static String shortDay(LocalDate day) {
    return SHORT_DAY.format(day);
  }

  static String month(LocalDate month) {
    return MONTH.format(month);
  }

  static String shortMonth(LocalDate month) {
    return SHORT_MONTH.format(month);
  }

  static String time(Instant time, ZoneId zone) {
    return TIME.format(time.atZone(zone));
  }

  private NumberFormat fixed(int digits) {
    NumberFormat format = NumberFormat.getNumberInstance(locale);
    format.setMinimumFractionDigits(digits);
    format.setMaximumFractionDigits(digits);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format;
  }
}
