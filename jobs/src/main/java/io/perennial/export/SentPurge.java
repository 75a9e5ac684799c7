package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.CachedDatasets;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Erased people's hashes leave the private state once an export has removed them from every list:
 * until then a removal needs them.
 */
final class SentPurge {

  private static final String[] ROW =
      new String[] {SentIdentitiesTable.PLATFORM.name(), SentIdentitiesTable.ROW_KEY.name()};

  private SentPurge() {}

  static void apply(SparkSession spark, TableStore tables, String runId) {
    if (!tables.exists(SentPurgesTable.TABLE)
        || tables.read(SentPurgesTable.TABLE).isEmpty()
        || !tables.exists(SentIdentitiesTable.TABLE)) {
      return;
    }
    try (CachedDatasets kept = new CachedDatasets()) {
      apply(spark, tables, runId, kept);
    }
  }

  private static void apply(
      SparkSession spark, TableStore tables, String runId, CachedDatasets kept) {
    Dataset<Row> identities = tables.read(SentIdentitiesTable.TABLE);
    Dataset<Row> listed =
        tables
            .read(SentMembersTable.TABLE)
            .groupBy(
                SentMembersTable.PLATFORM.col(),
                SentMembersTable.AUDIENCE.col(),
                SentMembersTable.ROW_KEY.col())
            .agg(
                max_by(SentMembersTable.CHANGE.col(), SentMembersTable.NUMBER.col())
                    .as(SentMembersTable.CHANGE.name()))
            .where(SentMembersTable.CHANGE.col().notEqual(ListMerge.Change.REMOVED.name()));
    // A row that another customer makes too stays listed; the erased one's claim to it need not.
    Dataset<Row> forgotten =
        kept.keep(
            identities.join(
                tables.read(SentPurgesTable.TABLE),
                new String[] {SentPurgesTable.CUSTOMER_KEY.name()},
                "left_semi"));
    Dataset<Row> others =
        identities.join(
            forgotten.select(SentPurgesTable.CUSTOMER_KEY.col()),
            new String[] {SentPurgesTable.CUSTOMER_KEY.name()},
            "left_anti");
    Dataset<Row> needed = forgotten.join(listed, ROW, "left_semi").join(others, ROW, "left_anti");
    Dataset<Row> leaving =
        kept.keep(
            forgotten.join(
                needed,
                new String[] {
                  SentIdentitiesTable.PLATFORM.name(),
                  SentIdentitiesTable.ROW_KEY.name(),
                  SentIdentitiesTable.CUSTOMER_KEY.name()
                },
                "left_anti"));
    Dataset<Row> stillNeeded =
        spark.createDataFrame(
            needed.select(SentPurgesTable.CUSTOMER_KEY.col()).distinct().collectAsList(),
            ExportColumns.schema(SentPurgesTable.CUSTOMER_KEY));
    if (leaving.count() > 0) { // Counting fills the cache before the tables below change.
      Dataset<Row> leavingRows = leaving.join(others, ROW, "left_anti");
      tables.overwrite(
          SentMembersTable.TABLE,
          tables.read(SentMembersTable.TABLE).join(leavingRows, ROW, "left_anti"));
      tables.overwrite(
          SentIdentitiesTable.TABLE,
          identities.join(
              leaving,
              new String[] {
                SentIdentitiesTable.PLATFORM.name(),
                SentIdentitiesTable.ROW_KEY.name(),
                SentIdentitiesTable.CUSTOMER_KEY.name()
              },
              "left_anti"));
    }
    // Earlier versions, and the statistics of what left, would still tell of them. Who is still to
    // be forgotten leaves the list last: a run that dies before has it done again.
    forgetHistory(tables, SentMembersTable.TABLE, runId);
    forgetHistory(tables, SentIdentitiesTable.TABLE, runId);
    tables.overwrite(SentPurgesTable.TABLE, stillNeeded);
    forgetHistory(tables, SentPurgesTable.TABLE, runId);
  }

  private static void forgetHistory(TableStore tables, Table table, String runId) {
    tables.settle(table, runId);
    tables.forgetHistory(table);
  }
}
