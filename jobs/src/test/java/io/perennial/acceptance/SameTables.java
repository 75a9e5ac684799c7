package io.perennial.acceptance;

import io.perennial.ingest.IngestedFilesTable;
import io.perennial.pipeline.Steps;
import io.perennial.restatements.RestatementsTable;
import io.perennial.rfm.RfmTransitionsTable;
import io.perennial.table.RunRecord;
import io.perennial.table.Table;
import io.perennial.testing.TableRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Whether two runs published the same, row for row, but for where and when a record was read, and
 * for history, which is not made anew.
 */
final class SameTables {

  private static final Set<Table> HISTORY =
      Set.of(IngestedFilesTable.TABLE, RfmTransitionsTable.TABLE, RestatementsTable.TABLE);

  private static final String[] WHERE_READ = {"source_file", "ingest_id"};

  private SameTables() {}

  /** What is different, in words; each begins with the table. */
  static List<String> differences(Shop shop, RunRecord expected, RunRecord actual) {
    return differences(shop, expected, actual, HISTORY);
  }

  /**
   * @param left tables that are not looked at
   */
  static List<String> differences(
      Shop shop, RunRecord expected, RunRecord actual, Set<Table> left) {
    List<String> differences = new ArrayList<>();
    for (Table table : compared(expected, left)) {
      TableRows.differences(
              comparable(shop, table, expected), comparable(shop, table, actual), List.of())
          .forEach(difference -> differences.add(table + ": " + difference));
    }
    return differences;
  }

  /** {@link #differences} of tables that are too large to hold: how many rows, and some of them. */
  static List<String> differencesOfLarge(Shop shop, RunRecord expected, RunRecord actual) {
    List<String> differences = new ArrayList<>();
    for (Table table : compared(expected, HISTORY)) {
      Dataset<Row> wanted = stored(shop, table, expected);
      Dataset<Row> found = stored(shop, table, actual);
      describe(table + " lacks ", wanted.exceptAll(found)).ifPresent(differences::add);
      describe(table + " has besides ", found.exceptAll(wanted)).ifPresent(differences::add);
    }
    return differences;
  }

  private static List<Table> compared(RunRecord expected, Set<Table> left) {
    return Steps.tables().stream()
        .filter(table -> expected.tables().containsKey(table.name()) && !left.contains(table))
        .toList();
  }

  private static Dataset<Row> stored(Shop shop, Table table, RunRecord run) {
    return shop.store().read(table, run.tables().get(table.name())).drop(WHERE_READ);
  }

  private static Optional<String> describe(String what, Dataset<Row> rows) {
    List<String> some = rows.limit(5).toJSON().collectAsList();
    return some.isEmpty() ? Optional.empty() : Optional.of(what + rows.count() + ": " + some);
  }

  private static List<Map<String, Object>> comparable(Shop shop, Table table, RunRecord run) {
    return TableRows.without(shop.rows(table, run), WHERE_READ);
  }
}
