package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.Money;
import io.perennial.table.TableStore;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What order_lines holds of each file. Of a table that was counted before only the rows that came
 * or went since are read; the identities that every run checks are of all.
 */
final class LinesByFile {

  private static final String SIGN = "sign";

  private final Optional<Long> version;
  private final Map<String, Held> held;

  /**
   * What is held of one file.
   *
   * @param accepted records, which are the rows that are not derived
   * @param net of all rows, in the shop's currency
   */
  record Held(long accepted, BigDecimal net) {

    static final Held NOTHING = new Held(0, BigDecimal.ZERO);

    Held plus(Held more) {
      return new Held(accepted + more.accepted, net.add(more.net));
    }

    boolean isNothing() {
      return accepted == 0 && net.signum() == 0;
    }
  }

  private LinesByFile(Optional<Long> version, Map<String, Held> held) {
    this.version = version;
    this.held = held;
  }

  /**
   * Of the table as it is now.
   *
   * @param ingested what ingested_files says of it; nothing where the table is made anew
   */
  static LinesByFile asCounted(TableStore store, Collection<FileEntry> ingested) {
    if (ingested.isEmpty()) {
      return new LinesByFile(Optional.empty(), Map.of());
    }
    Map<String, Held> held = new HashMap<>();
    ingested.forEach(file -> held.put(file.path(), new Held(file.accepted(), file.net())));
    return new LinesByFile(store.version(OrderLinesTable.TABLE), held);
  }

  /** Whether no file was ingested before. */
  boolean isEmpty() {
    return held.isEmpty();
  }

  /** What the table holds by now, of each file of which it holds anything. */
  Map<String, Held> now(TableStore store) {
    Map<String, Held> now = new HashMap<>();
    Optional<Dataset<Row>> changes = changes(store);
    if (changes.isPresent()) {
      now.putAll(held);
    }
    Dataset<Row> rows = changes.orElseGet(() -> signed(store.read(OrderLinesTable.TABLE), 1));
    for (Row file : sums(rows, store.minorDigits()).collectAsList()) {
      now.merge(file.getString(0), new Held(file.getLong(1), file.getDecimal(2)), Held::plus);
    }
    now.values().removeIf(Held::isNothing);
    return now;
  }

  private Optional<Dataset<Row>> changes(TableStore store) {
    if (version.isEmpty()) {
      return Optional.empty();
    }
    long now = store.version(OrderLinesTable.TABLE).orElseThrow();
    return store
        .changes(OrderLinesTable.TABLE, version.get(), now)
        .map(changes -> signed(changes.added(), 1).union(signed(changes.removed(), -1)));
  }

  private static Dataset<Row> signed(Dataset<Row> lines, long sign) {
    return lines.select(
        OrderLinesTable.SOURCE_FILE.col(),
        OrderLinesTable.IS_DERIVED.col(),
        OrderLinesTable.AMOUNT.col(),
        OrderLinesTable.DISCOUNT.col(),
        lit(sign).as(SIGN));
  }

  private static Dataset<Row> sums(Dataset<Row> signed, int minorDigits) {
    return signed
        .groupBy(OrderLinesTable.SOURCE_FILE.col())
        .agg(
            sum(when(OrderLinesTable.IS_DERIVED.col(), lit(0L)).otherwise(col(SIGN))),
            Money.ofMinorUnits(
                sum(
                    Money.minorUnits(OrderLinesTable.AMOUNT)
                        .minus(Money.minorUnits(OrderLinesTable.DISCOUNT))
                        .multiply(col(SIGN))),
                minorDigits));
  }
}
