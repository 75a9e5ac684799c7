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
import java.util.function.Function;

/** Formats numbers and money for the shop's locale; dates are English, like the sentences. */
final class NumberFormats {

  static final String NOTHING = "–";

  private static final DateTimeFormatter DAY = english("d MMMM uuuu");
  private static final DateTimeFormatter SHORT_DAY = english("d MMM uuuu");
  private static final DateTimeFormatter MONTH = english("MMMM uuuu");
  private static final DateTimeFormatter SHORT_MONTH = english("MMM uuuu");
  private static final DateTimeFormatter TIME = english("d MMMM uuuu, HH:mm");

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
    return rounding(NumberFormat.getPercentInstance(locale), digits).format(share);
  }

  /** A difference of shares: 0.004 gives +0.4 points. */
  String points(double difference) {
    return signed(difference * 100, 1) + " points";
  }

  /** Rounded, with a sign; what rounds to zero has ±. */
  String signed(double difference, int digits) {
    return sign(difference, fixed(digits)::format);
  }

  String signed(long difference) {
    return signed(difference, 0);
  }

  /** A relative change: 110 of 100 gives +10.0 %. */
  String change(double now, double before) {
    return sign(now / before - 1, this::percent);
  }

  private static String sign(double difference, Function<Double, String> format) {
    String text = format.apply(Math.abs(difference));
    boolean isZero = text.equals(format.apply(0.0));
    return (isZero ? "±" : difference < 0 ? "−" : "+") + text;
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
    rounding(format, digits);
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

  private static DateTimeFormatter english(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
  }

  private NumberFormat fixed(int digits) {
    return rounding(NumberFormat.getNumberInstance(locale), digits);
  }

  private static NumberFormat rounding(NumberFormat format, int digits) {
    format.setMinimumFractionDigits(digits);
    format.setMaximumFractionDigits(digits);
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format;
  }
}
