package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.config.SourceColumn;
import io.perennial.spark.CachedDatasets;
import io.perennial.table.Months;
import io.perennial.table.RowDiff;
import io.perennial.table.TableStore;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes order_lines: plain orders as they come, others as {@link Deduplication} decided. */
final class LineWriter {

  private final Settings settings;
  private final TableStore store;

  LineWriter(Settings settings, TableStore store) {
    this.settings = settings;
    this.store = store;
  }

  /**
   * A month is written whole where a line of it changed or left; where lines only came they are
   * added to it.
   *
   * @param plain new lines of plain orders
   * @param fates what became of all lines of the other orders; null where all orders are plain
   * @param earlier lines accepted earlier that stay; empty in a first run
   * @param left months that held lines of files that left
   */
  void write(
      Dataset<Row> plain,
      Dataset<Row> fates,
      Optional<RetainedLines> earlier,
      Months left,
      CachedDatasets kept) {
    Dataset<Row> added = orderLines(OrderAttributes.ofPlainOrders(plain, settings.source()));
    Optional<Dataset<Row>> resolved = Optional.ofNullable(fates).map(this::resolved);
    if (earlier.isEmpty()) {
      store.overwrite(
          OrderLinesTable.TABLE,
          resolved.map(lines -> added.unionByName(inMonths(lines))).orElse(added));
      return;
    }
    Dataset<Row> rows = added;
    Months rewritten = left;
    if (resolved.isPresent()) {
      Dataset<Row> lines = kept.keep(resolved.get());
      // Lines of orders that are new all came: nothing is there to compare them with.
      Column mayHaveBeen = earlier.get().mayBeAmong(earlier.get().orders());
      Dataset<Row> changes =
          kept.keep(RowDiff.ofRows(earlier.get().ofSameOrders(), lines.where(mayHaveBeen)));
      rewritten = left.and(Months.in(month(changes.where(RowDiff.SURPLUS.col().lt(0)))));
      Dataset<Row> come =
          changes
              .where(RowDiff.SURPLUS.col().gt(0))
              .drop(RowDiff.SURPLUS.name())
              .unionByName(lines.where(not(mayHaveBeen)))
              .where(not(rewritten.holds(OrderLinesTable.ORDER_MONTH)));
      Dataset<Row> again = lines.where(rewritten.among(OrderLinesTable.ORDER_MONTH));
      rows = rows.unionByName(inMonths(again.unionByName(come)));
    }
    if (!rewritten.isEmpty()) {
      rows = earlier.get().others(rewritten).unionByName(rows);
    }
    store.exchangeMonths(OrderLinesTable.TABLE, rewritten, rows);
  }

  private Dataset<Row> resolved(Dataset<Row> fates) {
    return orderLines(
        OrderAttributes.ofIntricateOrders(
            fates.where(Deduplication.FATE.equalTo(Deduplication.ACCEPTED)),
            settings.source().maps(SourceColumn.ORDER_DISCOUNT)));
  }

  private static Dataset<Row> month(Dataset<Row> lines) {
    return lines.select(OrderLinesTable.ORDER_MONTH.col());
  }

  private static Dataset<Row> inMonths(Dataset<Row> resolved) {
    return resolved.repartition(OrderLinesTable.ORDER_MONTH.col());
  }

  /** Removes what files held, of whose orders no other record is left to speak. */
  void remove(Set<String> files) {
    store.delete(OrderLinesTable.TABLE, among(files));
  }

  /** SQL: the row is of one of these files. Tables of lines and rejects call the column alike. */
  static String among(Set<String> files) {
    return files.stream()
        .map(file -> "'" + file.replace("\\", "\\\\").replace("'", "\\'") + "'")
        .collect(Collectors.joining(", ", OrderLinesTable.SOURCE_FILE + " IN (", ")"));
  }

  private Dataset<Row> orderLines(Dataset<Row> lines) {
    return OrderAttributes.asOrderLines(
        lines, settings.shop().currency().getCurrencyCode(), settings.shop().minorDigits());
  }
}
