package io.perennial.export.normalize;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Normal forms of dates of birth. Anything but a date from 1900 to 2100 is empty text. */
public final class BirthDateNormalizer {

  private static final Pattern YEAR_FIRST =
      Pattern.compile("(\\d{4})[-/.]?(\\d{2})[-/.]?(\\d{2})(?:[T ].*)?");
  private static final Pattern YEAR_LAST =
      Pattern.compile("(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4})");
  private static final int MIN_YEAR = 1900;
  private static final int MAX_YEAR = 2100;

  private BirthDateNormalizer() {}

  /**
   * YYYYMMDD of {@code 1985-02-28}, {@code 19850228}, {@code 28.2.1985}, {@code 28/02/1985}, or in
   * the USA {@code 02/28/1985}.
   *
   * @param country ISO alpha-2 of the person, or empty
   */
  public static String digits(String raw, String country) {
    if (raw == null) {
      return "";
    }
    String text = raw.strip();
    Matcher yearFirst = YEAR_FIRST.matcher(text);
    if (yearFirst.matches()) {
      return digits(yearFirst.group(1), yearFirst.group(2), yearFirst.group(3));
    }
    Matcher yearLast = YEAR_LAST.matcher(text);
    if (!yearLast.matches()) {
      return "";
    }
    boolean isMonthFirst =
        country.equals(AddressNormalizer.UNITED_STATES) && !yearLast.group(2).equals(".");
    return digits(
        yearLast.group(4),
        yearLast.group(isMonthFirst ? 1 : 3),
        yearLast.group(isMonthFirst ? 3 : 1));
  }

  private static String digits(String year, String month, String day) {
    try {
      LocalDate date =
          LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day));
      return date.getYear() < MIN_YEAR || date.getYear() > MAX_YEAR
          ? ""
          : date.toString().replace("-", "");
    } catch (DateTimeException e) {
      return "";
    }
  }
}
