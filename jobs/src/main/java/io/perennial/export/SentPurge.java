package io.perennial.export;

import io.perennial.spark.CachedDatasets;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Deletes erased customers' hashes from the private state once an export has removed them from
 * every list; until then a removal needs them.
 */
final class SentPurge {

  static final String[] CUSTOMER = {SentPurgesTable.CUSTOMER_KEY.name()};

  private SentPurge() {}

  static void apply(SentLog sentLog, String runId) {
    TableStore tables = sentLog.tables();
    if (!tables.exists(SentPurgesTable.TABLE)
        || tables.read(SentPurgesTable.TABLE).isEmpty()
        || !tables.exists(SentIdentitiesTable.TABLE)) {
      return;
    }
    try (CachedDatasets cached = new CachedDatasets()) {
      apply(sentLog, runId, cached);
    }
  }

  private static void apply(SentLog sentLog, String runId, CachedDatasets cached) {
    TableStore tables = sentLog.tables();
    Dataset<Row> identities = tables.read(SentIdentitiesTable.TABLE);
    Dataset<Row> erased =
        cached.keep(identities.join(tables.read(SentPurgesTable.TABLE), CUSTOMER, "left_semi"));
    Dataset<Row> others =
        identities.join(erased.select(SentPurgesTable.CUSTOMER_KEY.col()), CUSTOMER, "left_anti");
    // A listed row that another customer shares stays; the erased customer's identity need not.
    Dataset<Row> needed =
        erased
            .join(sentLog.listedRows(), SentLog.ROW, "left_semi")
            .join(others, SentLog.ROW, "left_anti");
    Dataset<Row> purged = cached.keep(erased.join(needed, SentLog.IDENTITY, "left_anti"));
    Dataset<Row> stillNeeded =
        tables.rows(
            SentPurgesTable.TABLE,
            needed.select(SentPurgesTable.CUSTOMER_KEY.col()).distinct().collectAsList());
    if (purged.count() > 0) { // Counting fills the cache before the tables below change.
      Dataset<Row> purgedRows = purged.join(others, SentLog.ROW, "left_anti");
      tables.overwrite(
          SentMembersTable.TABLE,
          tables.read(SentMembersTable.TABLE).join(purgedRows, SentLog.ROW, "left_anti"));
      tables.overwrite(
          SentIdentitiesTable.TABLE, identities.join(purged, SentLog.IDENTITY, "left_anti"));
    }
    // Earlier versions and the statistics of deleted rows still hold the hashes. sent_forgotten is
    // shortened last, so that the next run repeats a purge that died.
    purgeHistory(tables, SentMembersTable.TABLE, runId);
    purgeHistory(tables, SentIdentitiesTable.TABLE, runId);
    tables.overwrite(SentPurgesTable.TABLE, stillNeeded);
    purgeHistory(tables, SentPurgesTable.TABLE, runId);
  }

  private static void purgeHistory(TableStore tables, Table table, String runId) {
    tables.settle(table, runId);
    tables.forgetHistory(table);
  }
}
