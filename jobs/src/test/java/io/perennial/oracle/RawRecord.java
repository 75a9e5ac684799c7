package io.perennial.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * One mapped raw record of a file: the typed cells of the target columns, a blank one absent.
 *
 * @param file path relative to the lake, which breaks ties of versions
 * @param cells the cells that are not blank
 */
public record RawRecord(String file, Map<Column, Object> cells) {

  /** Copies the cells, so that a record never changes. */
  public RawRecord {
    Map<Column, Object> copy = new EnumMap<>(Column.class);
    cells.forEach(
        (column, value) -> {
          if (value != null) {
            copy.put(column, value);
          }
        });
    cells = Collections.unmodifiableMap(copy);
  }

  /** A sale of one product in the file {@code orders.csv}; a null customer is anonymous. */
  public static RawRecord sale(
      String orderId, String customerId, Instant orderedAt, String quantity, String unitPrice) {
    return new RawRecord("orders.csv", Map.of())
        .with(Column.ORDER_ID, orderId)
        .with(Column.CUSTOMER_ID, customerId)
        .with(Column.ORDERED_AT, orderedAt)
        .with(Column.QUANTITY, quantity)
        .with(Column.UNIT_PRICE, unitPrice);
  }

  /** The same record with one cell set, or blank for null; text is read by the column's type. */
  public RawRecord with(Column column, Object value) {
    Map<Column, Object> changed = new EnumMap<>(Column.class);
    changed.putAll(cells);
    changed.put(column, column.read(value));
    return new RawRecord(file, changed);
  }

  /** The same record with one cell blank. */
  public RawRecord without(Column column) {
    return with(column, null);
  }

  /** The same record in another file. */
  public RawRecord in(String otherFile) {
    return new RawRecord(otherFile, cells);
  }

  /** The record with its cells at the column types; blank text is null. */
  RawRecord typed(int minorDigits) {
    Map<Column, Object> typed = new EnumMap<>(Column.class);
    cells.forEach((column, value) -> typed.put(column, column.typed(value, minorDigits)));
    return typed.equals(cells) ? this : new RawRecord(file, typed);
  }

  /** The cells that make two records the same line where no line_id is mapped. */
  List<Object> identity() {
    List<Object> identity = new ArrayList<>();
    for (Column column : Column.values()) {
      if (column.isIdentity()) {
        identity.add(cells.get(column));
      }
    }
    return identity;
  }

  public boolean has(Column column) {
    return cells.containsKey(column);
  }

  public String text(Column column) {
    return (String) cells.get(column);
  }

  public BigDecimal number(Column column) {
    return (BigDecimal) cells.get(column);
  }

  /** The number, zero where blank. */
  public BigDecimal amount(Column column) {
    return has(column) ? number(column) : BigDecimal.ZERO;
  }

  public Instant time(Column column) {
    return (Instant) cells.get(column);
  }

  public Boolean flag(Column column) {
    return (Boolean) cells.get(column);
  }

  public String orderId() {
    return text(Column.ORDER_ID);
  }

  /** Whether the record is a refund, not a sale. */
  boolean isRefund() {
    return "refund".equals(text(Column.KIND)) || number(Column.QUANTITY).signum() < 0;
  }
}
