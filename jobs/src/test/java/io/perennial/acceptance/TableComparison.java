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
 * Compares the published tables of two runs row by row, except for columns that name the source of
 * a record and for history tables, which a rebuild does not recreate.
 */
final class TableComparison {

  private static final Set<Table> HISTORY =
      Set.of(IngestedFilesTable.TABLE, RfmTransitionsTable.TABLE, RestatementsTable.TABLE);

  private static final String[] SOURCE_COLUMNS = {"source_file", "ingest_id"};

  private TableComparison() {}

  /** Describes the differences; each description begins with the table. */
  static List<String> differences(Shop shop, RunRecord expected, RunRecord actual) {
    return differences(shop, expected, actual, HISTORY);
  }

  /**
   * @param ignored tables that are not compared
   */
  static List<String> differences(
      Shop shop, RunRecord expected, RunRecord actual, Set<Table> ignored) {
    List<String> differences = new ArrayList<>();
    for (Table table : compared(expected, ignored)) {
      TableRows.differences(
              comparable(shop, table, expected), comparable(shop, table, actual), List.of())
          .forEach(difference -> differences.add(table + ": " + difference));
    }
    return differences;
  }

  /** As {@link #differences}, for tables that do not fit in memory: row counts and examples. */
  static List<String> differencesOfLarge(Shop shop, RunRecord expected, RunRecord actual) {
    List<String> differences = new ArrayList<>();
    for (Table table : compared(expected, HISTORY)) {
      Dataset<Row> expectedRows = stored(shop, table, expected);
      Dataset<Row> actualRows = stored(shop, table, actual);
      example(table + " lacks ", expectedRows.exceptAll(actualRows)).ifPresent(differences::add);
      example(table + " has besides ", actualRows.exceptAll(expectedRows))
          .ifPresent(differences::add);
    }
    return differences;
  }

  private static List<Table> compared(RunRecord expected, Set<Table> ignored) {
    return Steps.tables().stream()
        .filter(table -> expected.tables().containsKey(table.name()) && !ignored.contains(table))
        .toList();
  }

  private static Dataset<Row> stored(Shop shop, Table table, RunRecord run) {
    return shop.store().read(table, run.tables().get(table.name())).drop(SOURCE_COLUMNS);
  }

  private static Optional<String> example(String what, Dataset<Row> rows) {
    List<String> examples = rows.limit(5).toJSON().collectAsList();
    return examples.isEmpty()
        ? Optional.empty()
        : Optional.of(what + rows.count() + ": " + examples);
  }

  private static List<Map<String, Object>> comparable(Shop shop, Table table, RunRecord run) {
    return TableRows.without(shop.rows(table, run), SOURCE_COLUMNS);
  }
}
