package io.perennial.export;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Lines of CSV (RFC 4180, lines end with CR LF). A cell that a spreadsheet would run as a formula
 * is prefixed with an apostrophe; numbers and phone numbers in E.164 are not formulas.
 */
final class Csv {

  private static final Pattern HARMLESS =
      Pattern.compile("\\+[1-9]\\d{6,14}|-?\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?");

  private static final String FORMULA_STARTS = "=+-@\t\r\n＝＋－＠";

  private Csv() {}

  static String line(List<String> cells) {
    StringBuilder line = new StringBuilder(64 * cells.size());
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        line.append(',');
      }
      append(line, neutral(cells.get(i)));
    }
    return line.append("\r\n").toString();
  }

  static String neutral(String cell) {
    boolean isFormula =
        !cell.isEmpty()
            && FORMULA_STARTS.indexOf(cell.charAt(0)) >= 0
            && !HARMLESS.matcher(cell).matches();
    return isFormula ? "'" + cell : cell;
  }

  private static void append(StringBuilder line, String cell) {
    boolean isQuoted = false;
    for (int i = 0; i < cell.length() && !isQuoted; i++) {
      char c = cell.charAt(i);
      isQuoted = c == ',' || c == '"' || c == '\r' || c == '\n';
    }
    if (isQuoted) {
      line.append('"').append(cell.replace("\"", "\"\"")).append('"');
    } else {
      line.append(cell);
    }
  }
}
