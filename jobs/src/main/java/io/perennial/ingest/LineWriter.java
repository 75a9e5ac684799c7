package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import io.perennial.spark.CachedDatasets;
import io.perennial.table.Months;
import io.perennial.table.RowDiff;
import io.perennial.table.TableStore;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes order_lines: lines of clean orders, and accepted lines of conflicting orders. */
record LineWriter(Settings settings, TableStore store) {

  /**
   * Writes the whole table.
   *
   * @param clean new lines of clean orders
   * @param outcomes rows of {@link Deduplication#outcomes}; null if there are no conflicting orders
   */
  void overwrite(Dataset<Row> clean, Dataset<Row> outcomes) {
    Dataset<Row> lines = completed(clean);
    store.overwrite(
        OrderLinesTable.TABLE,
        outcomes == null ? lines : lines.unionByName(byMonth(accepted(outcomes))));
  }

  /**
   * Adds new lines to the table. A month is rewritten if one of its lines changed or was removed.
   *
   * @param clean new lines of clean orders
   * @param outcomes rows of {@link Deduplication#outcomes}; null if there are no conflicting orders
   * @param retained rows of order_lines that stay
   * @param removed months with lines of removed files
   */
  void merge(
      Dataset<Row> clean,
      Dataset<Row> outcomes,
      RetainedLines retained,
      Months removed,
      CachedDatasets kept) {
    Dataset<Row> rows = completed(clean);
    Months rewritten = removed;
    if (outcomes != null) {
      Dataset<Row> lines = kept.keep(accepted(outcomes));
      // Lines of new orders need no comparison: all are added.
      Column isKnown = retained.mayBeAmong(retained.orders());
      Dataset<Row> changes =
          kept.keep(RowDiff.ofRows(retained.ofSameOrders(), lines.where(isKnown)));
      rewritten = removed.and(Months.in(month(changes.where(RowDiff.SURPLUS.col().lt(0)))));
      Dataset<Row> added =
          changes
              .where(RowDiff.SURPLUS.col().gt(0))
              .drop(RowDiff.SURPLUS.name())
              .unionByName(lines.where(not(isKnown)))
              .where(not(rewritten.holds(OrderLinesTable.ORDER_MONTH)));
      Dataset<Row> again = lines.where(rewritten.among(OrderLinesTable.ORDER_MONTH));
      rows = rows.unionByName(byMonth(again.unionByName(added)));
    }
    if (!rewritten.isEmpty()) {
      rows = retained.ofOtherOrders(rewritten).unionByName(rows);
    }
    store.exchangeMonths(OrderLinesTable.TABLE, rewritten, rows);
  }

  private Dataset<Row> completed(Dataset<Row> clean) {
    return orderLines(OrderAttributes.ofCleanOrders(clean, settings.source()));
  }

  private Dataset<Row> accepted(Dataset<Row> outcomes) {
    return orderLines(
        OrderAttributes.ofConflictingOrders(
            outcomes.where(Deduplication.OUTCOME.col().equalTo(Deduplication.ACCEPTED)),
            settings.source()));
  }

  private static Dataset<Row> month(Dataset<Row> lines) {
    return lines.select(OrderLinesTable.ORDER_MONTH.col());
  }

  private static Dataset<Row> byMonth(Dataset<Row> lines) {
    return lines.repartition(OrderLinesTable.ORDER_MONTH.col());
  }

  /** Removes the lines of files that share no order with other files. */
  void remove(Set<String> files) {
    store.delete(OrderLinesTable.TABLE, among(files));
  }

  /** SQL condition: the row is of one of these files, in order_lines as in rejects. */
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
