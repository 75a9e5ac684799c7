package io.perennial.oracle;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes a random lake as CSV files with the target columns' names as header, so a mapping maps
 * each column to itself. Null is blank; cells are quoted where necessary, with inner quotes
 * doubled.
 */
public final class LakeCsv {

  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  private LakeCsv() {}

  /** Writes the files of the lake into an existing folder. */
  public static void write(RandomLake lake, Path folder) throws IOException {
    Map<String, List<RawRecord>> files =
        lake.records().stream()
            .collect(Collectors.groupingBy(RawRecord::file, TreeMap::new, Collectors.toList()));
    for (Map.Entry<String, List<RawRecord>> file : files.entrySet()) {
      Files.writeString(
          folder.resolve(file.getKey()),
          text(file.getValue(), lake.columns(), lake.settings().zone()),
          StandardCharsets.UTF_8);
    }
  }

  static String text(List<RawRecord> records, List<Column> columns, ZoneId zone) {
    StringBuilder text = new StringBuilder();
    text.append(columns.stream().map(Column::columnName).collect(Collectors.joining(",")))
        .append('\n');
    for (RawRecord record : records) {
      text.append(
              columns.stream()
                  .map(column -> quoted(cell(record.cells().get(column), zone)))
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    return text.toString();
  }

  private static String cell(Object value, ZoneId zone) {
    if (value instanceof Instant time) {
      return time(time, zone);
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    return value == null ? "" : value.toString();
  }

  /**
   * An instant in one of its notations: UTC, with the zone's offset, or local where that is
   * unambiguous.
   */
  static String time(Instant time, ZoneId zone) {
    LocalDateTime local = LocalDateTime.ofInstant(time, zone);
    LocalDateTime skipped = local.minus(Duration.ofHours(1));
    ZoneOffsetTransition change = zone.getRules().getTransition(skipped);
    // A local time that the clocks skip means the time an hour later.
    if (change != null && change.isGap() && skipped.atZone(zone).toInstant().equals(time)) {
      return LOCAL.format(skipped);
    }
    boolean readsBack = local.atZone(zone).toInstant().equals(time);
    return switch ((int) Math.floorMod(time.getEpochSecond() / 7, 3L)) {
      case 0 -> time.toString();
      case 1 -> time.atZone(zone).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
      default -> readsBack ? LOCAL.format(local) : time.toString();
    };
  }

  private static String quoted(String cell) {
    return cell.contains(",") || cell.contains("\"")
        ? "\"" + cell.replace("\"", "\"\"") + "\""
        : cell;
  }
}
