package io.perennial.churn;

import io.perennial.oracle.RealData;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.TreeMap;

/** Purchase days of the published CDNOW sample, purchases of value zero included. */
final class CdnowSample {

  /** The first day after the 39-week calibration period of the papers. */
  static final LocalDate ORIGIN = LocalDate.of(1997, 10, 1);

  private CdnowSample() {}

  /** For each customer the value in cents by day before the origin. */
  static List<TreeMap<LocalDate, Long>> read() throws IOException {
    TreeMap<String, TreeMap<LocalDate, Long>> customers = new TreeMap<>();
    for (String line :
        Files.readAllLines(RealData.file("CDNOW_sample.txt"), StandardCharsets.US_ASCII)) {
      String[] cells = line.strip().split("\\s+");
      LocalDate day = LocalDate.parse(cells[2], DateTimeFormatter.BASIC_ISO_DATE);
      if (day.isBefore(ORIGIN)) {
        customers
            .computeIfAbsent(cells[0], customer -> new TreeMap<>())
            .merge(day, new BigDecimal(cells[4]).movePointRight(2).longValueExact(), Long::sum);
      }
    }
    return List.copyOf(customers.values());
  }
}
