package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.state.PrivateState;
import io.perennial.table.Field;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The log of what was sent to platforms, in the private state. */
final class SentLog {

  /** Exports of a list after which sent_members is rewritten without superseded rows. */
  private static final int EXPORTS_PER_COMPACTION = 30;

  private static final String[] LIST_KEY = {
    SentMembersTable.PLATFORM.name(), SentMembersTable.AUDIENCE.name()
  };

  /** Identifies a row on a platform. */
  static final String[] ROW = {
    SentIdentitiesTable.PLATFORM.name(), SentIdentitiesTable.ROW_KEY.name()
  };

  /** Identifies a row of sent_identities: several customers may share a row on a platform. */
  static final String[] IDENTITY = {
    SentIdentitiesTable.PLATFORM.name(),
    SentIdentitiesTable.ROW_KEY.name(),
    SentIdentitiesTable.CUSTOMER_KEY.name()
  };

  private static final int SHA_BITS = 256;
  private static final String LAST = "last";
  private static final String SALT = "salt";

  private final SparkSession spark;
  private final TableStore tables;
  private final PrivateState state;
  private List<SentExport> exports; // Cached: a run is the only writer of the private state.

  SentLog(SparkSession spark, PrivateState state) {
    this.spark = spark;
    this.state = state;
    this.tables = state.tables();
  }

  /** The tables of the private state. */
  TableStore tables() {
    return tables;
  }

  /**
   * Adds {@code customer_key}, the salted hash by which the private state refers to a customer. The
   * salt is a column, since a literal would be printed with every plan.
   *
   * @param rows with {@code customer_id}
   */
  Dataset<Row> withCustomerKey(Dataset<Row> rows) {
    Dataset<Row> secret =
        spark.createDataFrame(
            List.of(RowFactory.create(state.salt("exports"))),
            new StructType().add(SALT, DataTypes.StringType, false));
    return rows.crossJoin(broadcast(secret))
        .withColumn(
            SentIdentitiesTable.CUSTOMER_KEY.name(),
            sha2(
                concat_ws("|", col(SALT), ExportColumns.CUSTOMER_ID.col()).cast("binary"),
                SHA_BITS))
        .drop(SALT);
  }

  /** Every export, prepared or sent. */
  List<SentExport> exports() {
    if (exports == null) {
      exports =
          tables.exists(SentExportsTable.TABLE)
              ? tables.read(SentExportsTable.TABLE).collectAsList().stream()
                  .map(SentExport::of)
                  .toList()
              : List.of();
    }
    return exports;
  }

  /** The exports of one run. */
  List<SentExport> ofRun(String runId) {
    return exports().stream().filter(export -> export.runId().equals(runId)).toList();
  }

  /** The newest change of every row of every list: platform, audience, row_key and {@code last}. */
  private Dataset<Row> newestChanges() {
    return tables
        .read(SentMembersTable.TABLE)
        .groupBy(
            SentMembersTable.PLATFORM.col(),
            SentMembersTable.AUDIENCE.col(),
            SentMembersTable.ROW_KEY.col())
        .agg(
            max_by(
                    struct(
                        SentMembersTable.NUMBER.col(),
                        SentMembersTable.CHANGE.col(),
                        SentMembersTable.CONTENT.col(),
                        SentMembersTable.AS_OF.col(),
                        SentMembersTable.RUN_ID.col()),
                    SentMembersTable.NUMBER.col())
                .as(LAST));
  }

  /** The newest change of every row that is still on a list: as {@link #newestChanges}. */
  Dataset<Row> listedRows() {
    return newestChanges().where(last(SentMembersTable.CHANGE).notEqual(RowChange.REMOVED.name()));
  }

  /** The rows that platforms hold of the lists: list, platform, row_key, content, sent_as_of. */
  Dataset<Row> current(List<ExportList> lists) {
    return listedRows()
        .join(broadcast(plan(lists)), LIST_KEY)
        .select(
            ExportColumns.LIST.col(),
            SentMembersTable.PLATFORM.col(),
            SentMembersTable.ROW_KEY.col(),
            last(SentMembersTable.CONTENT).as(SentMembersTable.CONTENT.name()),
            last(SentMembersTable.AS_OF).as(SentMembersTable.AS_OF.name()));
  }

  private static Column last(Field field) {
    return field.of(LAST);
  }

  /** list, platform, audience, number. */
  private Dataset<Row> plan(List<ExportList> lists) {
    return spark.createDataFrame(
        lists.stream()
            .map(
                list ->
                    RowFactory.create(
                        list.index(), list.platform().label(), list.audience(), list.number()))
            .toList(),
        ExportColumns.schema(
            ExportColumns.LIST,
            SentMembersTable.PLATFORM,
            SentMembersTable.AUDIENCE,
            SentMembersTable.NUMBER));
  }

  /** Adds kept, identifiers and customer_key to rows that name platform and row_key. */
  Dataset<Row> withRemovalCells(Dataset<Row> removed) {
    Dataset<Row> identities =
        tables
            .read(SentIdentitiesTable.TABLE)
            .join(removed, ROW, "left_semi")
            .groupBy(SentIdentitiesTable.PLATFORM.col(), SentIdentitiesTable.ROW_KEY.col())
            .agg(
                min(SentIdentitiesTable.KEPT.col()).as(SentIdentitiesTable.KEPT.name()),
                min(SentIdentitiesTable.IDENTIFIERS.col())
                    .as(SentIdentitiesTable.IDENTIFIERS.name()),
                min(SentIdentitiesTable.CUSTOMER_KEY.col())
                    .as(SentIdentitiesTable.CUSTOMER_KEY.name()));
    return removed.join(identities, ROW);
  }

  /**
   * Records the exports of a run whose files are staged.
   *
   * @param changes list, row_key, change, content
   * @param identities platform, row_key, customer_id, kept, identifiers
   */
  void prepare(
      ExportRun run, List<SentExport> prepared, Dataset<Row> changes, Dataset<Row> identities) {
    tables.append(SentExportsTable.TABLE, rows(prepared));
    exports = Stream.concat(exports().stream(), prepared.stream()).toList();
    tables.append(
        SentMembersTable.TABLE,
        changes
            .join(broadcast(plan(run.lists())), ExportColumns.LIST.name())
            .withColumn(SentMembersTable.AS_OF.name(), lit(run.asOf()))
            .withColumn(SentMembersTable.RUN_ID.name(), lit(run.runId()))
            .coalesce(filesPerExport()));
    tables.append(
        SentIdentitiesTable.TABLE,
        withCustomerKey(identities)
            .withColumn(SentIdentitiesTable.FIRST_SENT_AS_OF.name(), lit(run.asOf()))
            .withColumn(SentIdentitiesTable.RUN_ID.name(), lit(run.runId()))
            .join(tables.read(SentIdentitiesTable.TABLE), IDENTITY, "left_anti")
            .coalesce(filesPerExport()));
  }

  /** Limits the files that each export adds to a table: one per list would soon be too many. */
  private int filesPerExport() {
    return Math.max(1, spark.sparkContext().defaultParallelism());
  }

  /** Records that the files of a run's exports are published. */
  void markSent(String runId) {
    List<SentExport> sent =
        ofRun(runId).stream().map(export -> export.as(SentExportsTable.SENT)).toList();
    tables.replaceWhere(
        SentExportsTable.TABLE, SentExportsTable.RUN_ID + " = '" + runId + "'", rows(sent));
    exports = Stream.concat(others(runId), sent.stream()).toList();
    if (sent.stream().anyMatch(export -> export.number() % EXPORTS_PER_COMPACTION == 0)) {
      compact();
    }
  }

  /** Deletes the exports that a run prepared and never published. */
  void discard(String runId) {
    for (Table table :
        List.of(SentMembersTable.TABLE, SentIdentitiesTable.TABLE, SentExportsTable.TABLE)) {
      if (tables.exists(table)) {
        tables.delete(table, SentExportsTable.RUN_ID + " = '" + runId + "'");
      }
    }
    exports = others(runId).toList();
  }

  private Stream<SentExport> others(String runId) {
    return exports().stream().filter(export -> !export.runId().equals(runId));
  }

  /** Marks customers for {@link SentPurge}, once no list holds them. */
  void schedulePurge(Dataset<Row> customerIds) {
    if (!tables.exists(SentIdentitiesTable.TABLE)) {
      return; // No customer was ever sent.
    }
    tables.append(
        SentPurgesTable.TABLE,
        withCustomerKey(customerIds).select(SentPurgesTable.CUSTOMER_KEY.col()).distinct());
  }

  /** The identities of the customers whose row an export ever sent. */
  Dataset<Row> everSent(Dataset<Row> customerIds) {
    return tables
        .read(SentIdentitiesTable.TABLE)
        .join(broadcast(withCustomerKey(customerIds)), SentPurge.CUSTOMER, "left_semi")
        .join(tables.read(SentMembersTable.TABLE), ROW, "left_semi");
  }

  private void compact() {
    tables.overwrite(
        SentMembersTable.TABLE,
        newestChanges()
            .select(
                SentMembersTable.PLATFORM.col(),
                SentMembersTable.AUDIENCE.col(),
                SentMembersTable.ROW_KEY.col(),
                col(LAST + ".*")));
  }

  private Dataset<Row> rows(List<SentExport> some) {
    return tables.rows(SentExportsTable.TABLE, some.stream().map(SentExport::toRow).toList());
  }

  /** Runs that prepared exports and died before they published the files. */
  Set<String> unpublishedRuns() {
    return exports().stream()
        .filter(SentExport::isPrepared)
        .map(SentExport::runId)
        .collect(Collectors.toSet());
  }
}
