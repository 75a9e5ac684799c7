package io.perennial.table;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Registers the tables by name for readers of SQL. The schema of {@code warehouse.catalog} has the
 * tables themselves, which a run changes while it works. The schema of that name with the suffix
 * {@code _current} has a view of each table at the version that the current run published.
 */
public final class SessionCatalog {

  private static final String VIEWS = "_current";

  private final SparkSession spark;
  private final TableStore store;
  private final String schema;

  /**
   * @param schema of the session catalog, created if missing; a dot separates it from the catalog
   *     that it is in
   */
  public SessionCatalog(SparkSession spark, TableStore store, String schema) {
    this.spark = spark;
    this.store = store;
    this.schema = schema;
  }

  /**
   * Registers tables, and replaces their views by those of a published run. Views are replaced one
   * after the other, within seconds; each is at a published version throughout.
   *
   * @param tables the tables that runs write; those never written are not registered
   * @param current the run that readers should read
   */
  public void show(Iterable<Table> tables, RunRecord current) {
    spark.sql(
        "CREATE SCHEMA IF NOT EXISTS "
            + quoted(schema)
            + comment("Tables of Perennial as they are being written. Read " + schema + VIEWS));
    spark.sql(
        "CREATE SCHEMA IF NOT EXISTS "
            + quoted(schema + VIEWS)
            + comment("Tables of Perennial as its current run published them"));
    Map<String, Long> versions = current.tables();
    for (Table table : tables) {
      if (store.exists(table)) {
        register(table);
      }
      Long version = versions.get(table.name());
      if (version == null) {
        spark.sql("DROP VIEW IF EXISTS " + quoted(schema + VIEWS, table.name()));
      } else {
        view(table, "SELECT * FROM " + store.sqlName(table) + " VERSION AS OF " + version);
      }
    }
    register(RunsTable.TABLE);
    view(RunsTable.TABLE, "SELECT * FROM " + store.sqlName(RunsTable.TABLE));
  }

  private void register(Table table) {
    spark.sql(
        "CREATE TABLE IF NOT EXISTS "
            + quoted(schema, table.name())
            + " USING delta LOCATION "
            + text(store.path(table)));
  }

  private void view(Table table, String query) {
    spark.sql(
        "CREATE OR REPLACE VIEW "
            + quoted(schema + VIEWS, table.name())
            + table.fields().stream()
                .map(field -> quoted(field.name()) + comment(field.doc()))
                .collect(Collectors.joining(", ", " (", ")"))
            + comment("One row per " + table.grain() + ". " + table.doc())
            + " AS "
            + query);
  }

  private static String comment(String words) {
    return " COMMENT " + text(words);
  }

  private static String text(String words) {
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** A name whose parts dots separate. */
  private static String quoted(String... names) {
    return Arrays.stream(String.join(".", names).split("\\."))
        .map(SessionCatalog::identifier)
        .collect(Collectors.joining("."));
  }

  private static String identifier(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
