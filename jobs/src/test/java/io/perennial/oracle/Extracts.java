package io.perennial.oracle;

import io.perennial.oracle.OracleSettings.Updates;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Distributes orders over monthly files like a shop's exports: late, repeated, and changed. */
final class Extracts {

  private final Random random;
  private final OracleSettings settings;
  private final boolean isUpdatedAtMapped;
  private final List<RawRecord> records = new ArrayList<>();

  Extracts(Random random, OracleSettings settings, boolean isUpdatedAtMapped) {
    this.random = random;
    this.settings = settings;
    this.isUpdatedAtMapped = isUpdatedAtMapped;
  }

  List<RawRecord> records() {
    return records;
  }

  /** Adds an order as first exported, and at random its copies in later exports. */
  void add(List<RawRecord> order) {
    LocalDate month = month(order.get(0));
    String file =
        random.nextInt(10) == 0 ? "late-" + monthText(month) : "orders-" + monthText(month);
    List<RawRecord> first = new ArrayList<>();
    for (RawRecord record : order) {
      // A separate refund record is in the file of its own month, unless files replace whole
      // orders.
      boolean isOwn =
          settings.updates() != Updates.ORDER && record.isRefund() && record.has(Column.ORDERED_AT);
      first.add(record.in(isOwn ? "orders-" + monthText(month(record)) : file));
    }
    records.addAll(first);
    if (isRejected(order)) {
      return;
    }
    List<RawRecord> inFile = first.stream().filter(r -> r.file().equals(file)).toList();
    Set<String> used =
        first.stream().map(RawRecord::file).collect(Collectors.toCollection(HashSet::new));
    if (random.nextInt(4) == 0) {
      overlap(inFile, unused(used, month));
    }
    if (settings.updates() != Updates.NONE && random.nextInt(3) == 0 && !inFile.isEmpty()) {
      change(inFile, used, month);
    }
  }

  /** Rejected records are not repeated: the definitions do not say how their copies count. */
  private boolean isRejected(List<RawRecord> order) {
    return !Ingest.of(order, settings).rejected().isEmpty();
  }

  /**
   * The same records again in another file; without line ids and updates, one identical record more
   * or less often.
   */
  private void overlap(List<RawRecord> inFile, String file) {
    List<RawRecord> copies = new ArrayList<>();
    for (RawRecord record : inFile) {
      copies.add(record.in(file).with(Column.EMAIL, null));
    }
    if (settings.updates() == Updates.NONE && !settings.lineIdMapped() && !copies.isEmpty()) {
      RawRecord last = copies.get(copies.size() - 1);
      if (random.nextInt(3) == 0) {
        copies.add(last);
      } else if (copies.indexOf(last) < copies.size() - 1) {
        copies.remove(copies.size() - 1);
      }
    }
    records.addAll(copies);
  }

  private void change(List<RawRecord> inFile, Set<String> used, LocalDate month) {
    // updated_at tells the newest version in any file; without it the greater path does.
    boolean isSameFile = isUpdatedAtMapped && random.nextInt(3) == 0;
    String file = isSameFile ? inFile.get(0).file() : unused(used, month);
    List<RawRecord> changed =
        settings.updates() == Updates.ORDER ? changedOrder(inFile) : List.of(changedLine(inFile));
    for (RawRecord record : changed) {
      RawRecord moved = record.in(file);
      records.add(
          isUpdatedAtMapped
              ? moved.with(Column.UPDATED_AT, moved.time(Column.UPDATED_AT).plusSeconds(86_400))
              : moved);
    }
  }

  private List<RawRecord> changedOrder(List<RawRecord> order) {
    List<RawRecord> changed = new ArrayList<>(order);
    RawRecord head = order.get(0);
    switch (random.nextInt(4)) {
      case 0 -> changed.set(0, head.with(Column.QUANTITY, "4"));
      case 1 -> changed.replaceAll(record -> record.with(Column.STATUS, "cancelled"));
      case 2 ->
          changed.replaceAll(
              record ->
                  record.has(Column.CUSTOMER_ID) ? record.with(Column.CUSTOMER_ID, "c3") : record);
      default -> {
        if (order.size() > 1 && RandomOrders.amount(head, settings).signum() > 0) {
          changed.remove(order.size() - 1);
        }
      }
    }
    return changed;
  }

  private RawRecord changedLine(List<RawRecord> order) {
    RawRecord line = order.get(random.nextInt(order.size()));
    if (line.isRefund()) {
      return line;
    }
    return switch (random.nextInt(3)) {
      case 0 -> line.with(Column.QUANTITY, "6");
      case 1 -> line.has(Column.STATUS) ? line.with(Column.STATUS, "cancelled") : line;
      default ->
          RandomOrders.amount(line, settings).signum() > 0
              ? line.with(Column.REFUND_AMOUNT, RandomOrders.amount(line, settings))
              : line;
    };
  }

  /** A file that holds no other version of the order. */
  private String unused(Set<String> used, LocalDate month) {
    LocalDate next = month;
    String file;
    do {
      next = next.plusMonths(1);
      file = (random.nextInt(4) == 0 ? "late-" : "orders-") + monthText(next);
    } while (!used.add(file));
    return file;
  }

  private LocalDate month(RawRecord record) {
    Instant time = record.time(Column.ORDERED_AT);
    LocalDate month = settings.month(time);
    return month.getYear() < 2020 || month.getYear() > 2030 ? LocalDate.of(2023, 12, 1) : month;
  }

  private static String monthText(LocalDate month) {
    return month.toString().substring(0, 7) + ".csv";
  }
}
