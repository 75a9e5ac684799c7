package io.perennial.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * A small lake of raw records over several files, and the settings that go with it.
 *
 * @param seed its seed, for the message of a failing test
 * @param isUpdatedAtMapped whether versions have a time; otherwise the path alone orders them
 */
public record RandomLake(
    long seed, List<RawRecord> records, OracleSettings settings, boolean isUpdatedAtMapped) {

  /** The mapped columns of this lake. */
  public List<Column> columns() {
    List<Column> columns = new ArrayList<>(List.of(Column.values()));
    if (!settings.lineIdMapped()) {
      columns.remove(Column.LINE_ID);
    }
    if (!isUpdatedAtMapped) {
      columns.remove(Column.UPDATED_AT);
    }
    return columns;
  }

  /** A currency with as many minor digits as the settings say. */
  public String currency() {
    return switch (settings.minorDigits()) {
      case 0 -> "JPY";
      case 2 -> "GBP";
      case 3 -> "KWD";
      default -> throw new IllegalStateException("No currency of " + settings.minorDigits());
    };
  }

  public Oracle oracle() {
    return Oracle.of(records, settings);
  }

  @Override
  public String toString() {
    return "lake " + seed + " (" + records.size() + " records, " + settings + ")";
  }
}
