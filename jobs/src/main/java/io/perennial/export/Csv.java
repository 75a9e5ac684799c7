package io.perennial.export;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lines of CSV (RFC 4180, lines end with CR LF). A cell that a spreadsheet would run as a formula
 * is prefixed with an apostrophe; numbers and phone numbers in E.164 are not formulas.
 */
final class Csv {

  private static final Pattern HARMLESS =
      Pattern.compile("\\+[1-9]\\d{6,14}|-?\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?");

  private static final Pattern QUOTED = Pattern.compile("[,\"\r\n]");

  private static final String FORMULA_STARTS = "=+-@\t\r\n＝＋－＠";

  private Csv() {}

  static String line(List<String> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String cell(String value) {
    String text = neutral(value);
    return QUOTED.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  static String neutral(String cell) {
    boolean isFormula =
        !cell.isEmpty()
            && FORMULA_STARTS.indexOf(cell.charAt(0)) >= 0
            && !HARMLESS.matcher(cell).matches();
    return isFormula ? "'" + cell : cell;
  }
}
