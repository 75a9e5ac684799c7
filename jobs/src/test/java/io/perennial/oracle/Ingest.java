package io.perennial.oracle;

import io.perennial.oracle.RecordVersions.Kept;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * From the raw records of the present files to the lines that are accepted.
 *
 * <p>Choice of order: a record that is unusable by itself is rejected first and neither replaces a
 * version, nor fills a cell, nor votes on the order's customer; then versions and duplicates; then
 * blank order-level cells; then what only the filled order can show (no time at all, two
 * customers).
 */
public final class Ingest {

  /** A record that cannot be used, with every reason that applies. */
  public record Rejected(RawRecord record, List<String> reasons) {}

  /** What became of every raw record, and the lines of the accepted ones. */
  public record Ingested(
      int raw,
      List<RawRecord> accepted,
      List<RawRecord> duplicates,
      List<RawRecord> superseded,
      List<Rejected> rejected,
      List<Line> lines) {}

  private Ingest() {}

  public static Ingested of(List<RawRecord> raw, OracleSettings settings) {
    List<RawRecord> accepted = new ArrayList<>();
    List<RawRecord> duplicates = new ArrayList<>();
    List<RawRecord> superseded = new ArrayList<>();
    List<Rejected> rejected = new ArrayList<>();
    List<Line> lines = new ArrayList<>();

    Map<String, List<RawRecord>> usableByOrder = new LinkedHashMap<>();
    for (RawRecord asRead : raw) {
      RawRecord record = asRead.typed(settings.minorDigits());
      List<String> reasons = reasonsByItself(record, settings);
      if (reasons.isEmpty()) {
        usableByOrder.computeIfAbsent(record.orderId(), id -> new ArrayList<>()).add(record);
      } else {
        rejected.add(new Rejected(record, reasons));
      }
    }

    for (List<RawRecord> order : usableByOrder.values()) {
      RecordVersions versions = RecordVersions.of(order, settings);
      duplicates.addAll(versions.duplicates);
      superseded.addAll(versions.superseded);
      List<Kept> good = new ArrayList<>();
      List<Kept> filled = filled(versions.kept);
      boolean hasTwoCustomers =
          filled.stream().map(k -> k.record().text(Column.CUSTOMER_ID)).distinct().count() > 1;
      for (Kept line : filled) {
        List<String> reasons = new ArrayList<>();
        if (!line.record().has(Column.ORDERED_AT)) {
          reasons.add("ordered_at is missing");
        }
        if (hasTwoCustomers) {
          reasons.add("order has two customers");
        }
        if (reasons.isEmpty()) {
          good.add(line);
        } else {
          rejected.add(new Rejected(line.record(), reasons));
        }
      }
      good.forEach(line -> accepted.add(line.record()));
      lines.addAll(Lines.of(good, settings));
    }
    return new Ingested(raw.size(), accepted, duplicates, superseded, rejected, lines);
  }

  private static List<String> reasonsByItself(RawRecord record, OracleSettings settings) {
    List<String> reasons = new ArrayList<>();
    for (Column required : List.of(Column.ORDER_ID, Column.QUANTITY, Column.UNIT_PRICE)) {
      if (!record.has(required)) {
        reasons.add(required.columnName() + " is missing");
      }
    }
    for (Column date : List.of(Column.ORDERED_AT, Column.REFUNDED_AT)) {
      if (record.has(date)) {
        // Choice: both limits are allowed days themselves.
        LocalDate day = settings.day(record.time(date));
        if (day.isBefore(OracleSettings.EARLIEST) || day.isAfter(OracleSettings.LATEST)) {
          reasons.add(date.columnName() + " is out of range");
        }
      }
    }
    // Choice: negative discounts and refund amounts are unusable, and so is a sale of nothing.
    for (Column money : List.of(Column.DISCOUNT, Column.ORDER_DISCOUNT, Column.REFUND_AMOUNT)) {
      if (record.amount(money).signum() < 0) {
        reasons.add(money.columnName() + " is negative");
      }
    }
    if (record.has(Column.QUANTITY) && record.has(Column.UNIT_PRICE) && !record.isRefund()) {
      if (record.number(Column.QUANTITY).signum() == 0) {
        reasons.add("quantity is zero");
      } else if (record.number(Column.UNIT_PRICE).signum() < 0) {
        reasons.add("unit_price is negative");
      }
    }
    return reasons;
  }

  /**
   * Blank order-level cells take the value of the order's other records. Choice: where those
   * differ, the smallest value, which is the earliest time.
   */
  private static List<Kept> filled(List<Kept> order) {
    List<Kept> filled = order;
    for (Column column : Column.values()) {
      if (column.isOrderLevel()) {
        Object value = smallest(order, column);
        filled =
            filled.stream()
                .map(
                    k ->
                        value == null || k.record().has(column)
                            ? k
                            : new Kept(k.record().with(column, value), k.lineId()))
                .collect(Collectors.toList());
      }
    }
    return filled;
  }

  @SuppressWarnings("unchecked")
  private static Object smallest(List<Kept> order, Column column) {
    return order.stream()
        .map(k -> (Comparable<Object>) k.record().cells().get(column))
        .filter(v -> v != null)
        .min(Comparable::compareTo)
        .orElse(null);
  }
}
