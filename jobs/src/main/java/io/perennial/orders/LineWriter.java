package io.perennial.orders;

import static org.apache.spark.sql.functions.trunc;

import io.perennial.config.Settings;
import io.perennial.config.SourceColumn;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes order_lines: plain orders as they come, others as {@link Resolution} decided. */
final class LineWriter {

  private final Settings settings;
  private final TableStore store;

  LineWriter(Settings settings, TableStore store) {
    this.settings = settings;
    this.store = store;
  }

  /**
   * @param plain lines of plain orders
   * @param candidates all usable lines that were read
   * @param look orders that are not plain
   * @param fates what became of their lines; null where all orders are plain
   * @param base lines accepted earlier that stay, or null in a first run
   */
  void write(
      Dataset<Row> plain,
      Dataset<Row> candidates,
      CloseLook look,
      Dataset<Row> fates,
      Dataset<Row> base,
      ReadingPlan plan) {
    Dataset<Row> added = orderLines(OrderCells.ofPlainOrders(plain, settings.source()));
    if (fates != null) {
      Dataset<Row> resolved =
          orderLines(
              OrderCells.ofIntricateOrders(
                  fates.where(Resolution.FATE.equalTo(Resolution.ACCEPTED)),
                  settings.source().maps(SourceColumn.ORDER_DISCOUNT)));
      added = added.unionByName(resolved.repartition(OrderLinesTable.ORDER_MONTH.col()));
    }
    if (base == null) {
      store.overwrite(OrderLinesTable.TABLE, added);
      return;
    }
    Dataset<Row> months = months(candidates).union(monthsOfFiles(plan.leaving()));
    List<String> touched =
        (fates == null ? months : months.union(months(fates)))
            .distinct().collectAsList().stream()
                .filter(row -> !row.isNullAt(0))
                .map(row -> "DATE '" + row.getDate(0) + "'")
                .sorted()
                .toList();
    if (touched.isEmpty()) {
      return;
    }
    String isTouched = OrderLinesTable.ORDER_MONTH + " IN (" + String.join(", ", touched) + ")";
    store.replaceWhere(
        OrderLinesTable.TABLE, isTouched, look.except(base.where(isTouched)).unionByName(added));
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
    return OrderCells.asOrderLines(
        lines, settings.shop().currency().getCurrencyCode(), settings.shop().minorDigits());
  }

  private static Dataset<Row> months(Dataset<Row> lines) {
    Column month = trunc(OrderLinesTable.ORDERED_AT.col(), "MM");
    return lines.select(month.as(OrderLinesTable.ORDER_MONTH.name())).distinct();
  }

  private Dataset<Row> monthsOfFiles(Set<String> files) {
    return store
        .read(OrderLinesTable.TABLE)
        .where(OrderLinesTable.SOURCE_FILE.col().isin(files.toArray()))
        .select(Table.columns(OrderLinesTable.ORDER_MONTH));
  }
}
