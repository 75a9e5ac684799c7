package io.perennial.oracle;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the CDNOW files without any of the job's code. They are separated by blanks and have no
 * order number, so an order is a customer's day. A purchase is one record with the number of CDs as
 * quantity and value / number as unit price; their product is the value to the cent. Purchases of
 * value zero are included.
 */
public final class CdnowFile {

  private CdnowFile() {}

  /** The file has days only, so any zone gives the same days. */
  public static OracleSettings settings() {
    return OracleSettings.in("America/New_York").dimensions("all", "discounted");
  }

  /** All customers: a heading line, then customer, date, CDs, value. */
  public static List<RawRecord> readMaster(Path path) throws IOException {
    return read(path, 1, 4);
  }

  /** The published sample: no heading; customer in the master, in the sample, date, CDs, value. */
  public static List<RawRecord> readSample(Path path) throws IOException {
    return read(path, 0, 5);
  }

  private static List<RawRecord> read(Path path, int headings, int columns) throws IOException {
    List<String> lines = Files.readAllLines(path, StandardCharsets.US_ASCII);
    List<RawRecord> records = new ArrayList<>();
    for (String line : lines.subList(headings, lines.size())) {
      String[] cells = line.strip().split("\\s+");
      if (cells.length != columns) {
        throw new IOException("Not a line of " + columns + " columns: '" + line + "'");
      }
      String customer = cells[0];
      LocalDate day = LocalDate.parse(cells[columns - 3], DateTimeFormatter.BASIC_ISO_DATE);
      BigDecimal number = new BigDecimal(cells[columns - 2]);
      BigDecimal value = new BigDecimal(cells[columns - 1]);
      records.add(
          RawRecord.sale(
                  customer + "-" + cells[columns - 3],
                  customer,
                  day.atStartOfDay(settings().zone()).toInstant(),
                  number.toPlainString(),
                  value.divide(number, 6, RoundingMode.HALF_UP).toPlainString())
              .in(path.getFileName().toString()));
    }
    return records;
  }
}
