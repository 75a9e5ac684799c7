package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.Money;
import io.perennial.table.Field;
import io.perennial.table.TableStore;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Totals of order_lines by file. Where they were counted before, only rows added and removed since
 * are read; reconciliation counts all rows in every run.
 */
final class LinesByFile {

  private static final Field SIGN = Field.count("sign", "1 of a row added, -1 of one removed.");

  private final Optional<Long> version;
  private final Map<String, Totals> counted;

  /**
   * Totals of the rows of one file.
   *
   * @param accepted rows that are not derived
   * @param net sum over all rows, in the shop's currency
   */
  record Totals(long accepted, BigDecimal net) {

    static final Totals ZERO = new Totals(0, BigDecimal.ZERO);

    Totals plus(Totals more) {
      return new Totals(accepted + more.accepted, net.add(more.net));
    }

    boolean isZero() {
      return accepted == 0 && net.signum() == 0;
    }
  }

  /**
   * Totals of the table's present version.
   *
   * @param ingested rows of ingested_files; empty where the lake was never read, or is read again
   */
  LinesByFile(TableStore store, Collection<FileEntry> ingested) {
    version = ingested.isEmpty() ? Optional.empty() : store.version(OrderLinesTable.TABLE);
    counted =
        ingested.stream()
            .collect(
                Collectors.toMap(FileEntry::path, file -> new Totals(file.accepted(), file.net())));
  }

  /** Whether no file was ingested before. */
  boolean isEmpty() {
    return counted.isEmpty();
  }

  /** Totals of the version that the table has by now; files without rows are absent. */
  Map<String, Totals> current(TableStore store) {
    Map<String, Totals> current = new HashMap<>();
    Optional<Dataset<Row>> changes = changes(store);
    if (changes.isPresent()) {
      current.putAll(counted);
    }
    Dataset<Row> rows = changes.orElseGet(() -> signed(store.read(OrderLinesTable.TABLE), 1));
    for (Row file : sums(rows, store.minorDigits()).collectAsList()) {
      current.merge(
          file.getString(0), new Totals(file.getLong(1), file.getDecimal(2)), Totals::plus);
    }
    current.values().removeIf(Totals::isZero);
    return current;
  }

  private Optional<Dataset<Row>> changes(TableStore store) {
    return version
        .flatMap(
            from ->
                store.changes(
                    OrderLinesTable.TABLE,
                    from,
                    store.version(OrderLinesTable.TABLE).orElseThrow()))
        .map(changes -> signed(changes.come(), 1).union(signed(changes.gone(), -1)));
  }

  private static Dataset<Row> signed(Dataset<Row> lines, long sign) {
    return lines.select(
        OrderLinesTable.SOURCE_FILE.col(),
        OrderLinesTable.IS_DERIVED.col(),
        OrderLinesTable.AMOUNT.col(),
        OrderLinesTable.DISCOUNT.col(),
        lit(sign).as(SIGN.name()));
  }

  private static Dataset<Row> sums(Dataset<Row> signed, int minorDigits) {
    return signed
        .groupBy(OrderLinesTable.SOURCE_FILE.col())
        .agg(
            sum(when(OrderLinesTable.IS_DERIVED.col(), lit(0L)).otherwise(SIGN.col())),
            Money.ofMinorUnits(
                sum(
                    Money.minorUnits(OrderLinesTable.AMOUNT)
                        .minus(Money.minorUnits(OrderLinesTable.DISCOUNT))
                        .multiply(SIGN.col())),
                minorDigits));
  }
}
