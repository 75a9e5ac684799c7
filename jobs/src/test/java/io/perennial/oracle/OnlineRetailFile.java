package io.perennial.oracle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Reads the UCI Online Retail file without any of the job's code: a gzip CSV with quoted cells and
 * doubled inner quotes. Times are local to London, an invoice that starts with C is a refund, a
 * blank customer is anonymous.
 */
public final class OnlineRetailFile {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private static final List<String> HEADER =
      List.of(
          "InvoiceNo",
          "StockCode",
          "Description",
          "Quantity",
          "InvoiceDate",
          "UnitPrice",
          "CustomerID",
          "Country");

  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Instant> times = new HashMap<>();

  private OnlineRetailFile() {}

  /** The file's settings: London, no line id, no updates, no category and no channel. */
  public static OracleSettings settings() {
    return OracleSettings.in("Europe/London").dimensions("all", "country");
  }

  /** All invoice lines, in file order. */
  public static List<RawRecord> read(Path gzip) throws IOException {
    OnlineRetailFile file = new OnlineRetailFile();
    String name = gzip.getFileName().toString();
    List<RawRecord> records = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(gzip)), StandardCharsets.UTF_8))) {
      List<String> header = cells(reader.readLine());
      if (!header.equals(HEADER)) {
        throw new IOException("Not the Online Retail file: its columns are " + header);
      }
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        records.add(file.record(name, cells(line)));
      }
    }
    return records;
  }

  private RawRecord record(String name, List<String> cells) {
    Map<Column, Object> record = new EnumMap<>(Column.class);
    record.put(Column.ORDER_ID, interned(cells.get(0)));
    record.put(Column.PRODUCT_ID, interned(cells.get(1)));
    record.put(Column.PRODUCT_NAME, interned(cells.get(2)));
    record.put(Column.QUANTITY, new BigDecimal(cells.get(3)).setScale(3));
    record.put(
        Column.ORDERED_AT,
        times.computeIfAbsent(
            cells.get(4),
            text -> LocalDateTime.parse(text, TIME).atZone(settings().zone()).toInstant()));
    record.put(Column.UNIT_PRICE, new BigDecimal(cells.get(5)).setScale(6));
    record.put(Column.CUSTOMER_ID, interned(cells.get(6)));
    record.put(Column.COUNTRY, interned(cells.get(7)));
    record.put(Column.KIND, cells.get(0).startsWith("C") ? "refund" : "sale");
    return new RawRecord(name, record);
  }

  /** Interns a text: half a million records repeat few distinct ones. Blank is null. */
  private String interned(String text) {
    return text.isBlank() ? null : texts.computeIfAbsent(text.strip(), t -> t);
  }

  /** The cells of a line of CSV. */
  static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (isQuoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == ',' && !isQuoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
