package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.state.PrivateState;
import io.perennial.table.Table;
import io.perennial.table.TableStore;
import java.time.LocalDate;
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

/** What was sent to platforms, as the private state remembers it. */
final class SentLog {

  /** Exports after which the log of changes is written anew without what is superseded. */
  private static final int COMPACTED_EVERY = 30;

  private static final int SHA_BITS = 256;
  private static final String LAST = "last";
  private static final String SALT = "salt";

  private final SparkSession spark;
  private final TableStore tables;
  private final PrivateState state;
  private List<SentExport> exports; // Read once: nobody else writes while a run lasts.

  SentLog(SparkSession spark, PrivateState state) {
    this.spark = spark;
    this.state = state;
    this.tables = state.tables();
  }

  /**
   * The rows with {@code customer_key}: a customer as the private state knows it, so that nobody
   * else can tell who it is. The salt is a column, since a literal would be printed with every
   * plan.
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

  /** Every export that was made or prepared. */
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

  /**
   * What the platforms hold of the lists of a plan: list, platform, row_key, content, sent_as_of.
   */
  Dataset<Row> current(List<ExportList> lists) {
    Dataset<Row> plan =
        spark.createDataFrame(
            lists.stream()
                .map(
                    list ->
                        RowFactory.create(list.index(), list.platform().label(), list.audience()))
                .toList(),
            ExportColumns.schema(
                ExportColumns.LIST, SentMembersTable.PLATFORM, SentMembersTable.AUDIENCE));
    return newestChanges()
        .where(last(SentMembersTable.CHANGE.name()).notEqual(ListMerge.Change.REMOVED.name()))
        .join(
            broadcast(plan),
            new String[] {SentMembersTable.PLATFORM.name(), SentMembersTable.AUDIENCE.name()})
        .select(
            ExportColumns.LIST.col(),
            SentMembersTable.PLATFORM.col(),
            SentMembersTable.ROW_KEY.col(),
            last(SentMembersTable.CONTENT.name()).as(SentMembersTable.CONTENT.name()),
            last(SentMembersTable.AS_OF.name()).as(SentMembersTable.AS_OF.name()));
  }

  private static Column last(String field) {
    return col(LAST + "." + field);
  }

  /** What removal rows are made of, for rows that name platform and row_key. */
  Dataset<Row> withKept(Dataset<Row> removed) {
    Dataset<Row> kept =
        tables
            .read(SentIdentitiesTable.TABLE)
            .join(
                removed
                    .select(SentIdentitiesTable.PLATFORM.col(), SentIdentitiesTable.ROW_KEY.col())
                    .distinct(),
                new String[] {
                  SentIdentitiesTable.PLATFORM.name(), SentIdentitiesTable.ROW_KEY.name()
                },
                "left_semi")
            .groupBy(SentIdentitiesTable.PLATFORM.col(), SentIdentitiesTable.ROW_KEY.col())
            .agg(
                min(SentIdentitiesTable.KEPT.col()).as(SentIdentitiesTable.KEPT.name()),
                min(SentIdentitiesTable.IDENTIFIERS.col())
                    .as(SentIdentitiesTable.IDENTIFIERS.name()),
                min(SentIdentitiesTable.CUSTOMER_KEY.col())
                    .as(SentIdentitiesTable.CUSTOMER_KEY.name()));
    return removed.join(
        kept,
        new String[] {SentIdentitiesTable.PLATFORM.name(), SentIdentitiesTable.ROW_KEY.name()});
  }

  /**
   * Remembers exports whose files wait aside.
   *
   * @param changes list, row_key, change, content
   * @param identities platform, row_key, customer_id, kept, identifiers
   */
  void prepare(
      List<SentExport> prepared,
      List<ExportList> lists,
      Dataset<Row> changes,
      Dataset<Row> identities,
      LocalDate asOf,
      String runId) {
    tables.append(SentExportsTable.TABLE, rows(prepared));
    exports = Stream.concat(exports().stream(), prepared.stream()).toList();
    Dataset<Row> plan =
        spark.createDataFrame(
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
    tables.append(
        SentMembersTable.TABLE,
        changes
            .join(broadcast(plan), ExportColumns.LIST.name())
            .withColumn(SentMembersTable.AS_OF.name(), lit(asOf))
            .withColumn(SentMembersTable.RUN_ID.name(), lit(runId))
            .coalesce(fewFiles()));
    Dataset<Row> sent =
        withCustomerKey(identities)
            .withColumn(SentIdentitiesTable.FIRST_SENT_AS_OF.name(), lit(asOf))
            .withColumn(SentIdentitiesTable.RUN_ID.name(), lit(runId));
    tables.append(
        SentIdentitiesTable.TABLE,
        tables.exists(SentIdentitiesTable.TABLE)
            ? sent.join(
                    tables
                        .read(SentIdentitiesTable.TABLE)
                        .select(
                            SentIdentitiesTable.PLATFORM.col(),
                            SentIdentitiesTable.ROW_KEY.col(),
                            SentIdentitiesTable.CUSTOMER_KEY.col()),
                    new String[] {
                      SentIdentitiesTable.PLATFORM.name(),
                      SentIdentitiesTable.ROW_KEY.name(),
                      SentIdentitiesTable.CUSTOMER_KEY.name()
                    },
                    "left_anti")
                .coalesce(fewFiles())
            : sent.coalesce(fewFiles()));
  }

  /** Every export adds files to the log of changes: a file per list would soon be too many. */
  private int fewFiles() {
    return Math.max(1, spark.sparkContext().defaultParallelism());
  }

  /** The files of a run's exports are where marketers find them. */
  void markSent(String runId) {
    List<SentExport> sent =
        ofRun(runId).stream().map(export -> export.as(SentExportsTable.SENT)).toList();
    tables.replaceWhere(
        SentExportsTable.TABLE, SentExportsTable.RUN_ID + " = '" + runId + "'", rows(sent));
    exports = Stream.concat(others(runId), sent.stream()).toList();
    if (sent.stream().anyMatch(export -> export.number() % COMPACTED_EVERY == 0)) {
      compact();
    }
    SentPurge.apply(spark, tables, runId);
  }

  /** Forgets exports that were prepared by a run that was never published. */
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

  /** Customers whose hashes leave as soon as no list holds them any more. */
  void forget(Dataset<Row> customerIds) {
    if (!tables.exists(SentIdentitiesTable.TABLE)) {
      return; // Nobody was ever sent anywhere.
    }
    tables.append(
        SentPurgesTable.TABLE,
        withCustomerKey(customerIds.select(ExportColumns.CUSTOMER_ID.col()))
            .select(SentPurgesTable.CUSTOMER_KEY.col())
            .distinct());
  }

  /**
   * Every row that was ever sent of some customers: platform, row_key, kept, customer_key, and the
   * audiences.
   */
  Dataset<Row> everSent(Dataset<Row> customerIds) {
    Dataset<Row> keys =
        withCustomerKey(customerIds.select(ExportColumns.CUSTOMER_ID.col()).distinct());
    Dataset<Row> identities =
        tables
            .read(SentIdentitiesTable.TABLE)
            .join(broadcast(keys), SentIdentitiesTable.CUSTOMER_KEY.name());
    return identities.join(
        tables
            .read(SentMembersTable.TABLE)
            .select(
                SentMembersTable.PLATFORM.col(),
                SentMembersTable.AUDIENCE.col(),
                SentMembersTable.ROW_KEY.col())
            .distinct(),
        new String[] {SentMembersTable.PLATFORM.name(), SentMembersTable.ROW_KEY.name()});
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
    return spark.createDataFrame(
        some.stream().map(SentExport::toRow).toList(),
        SentExportsTable.TABLE.schema(tables.minorDigits()));
  }

  /** Runs that prepared exports and did not live to publish their files. */
  static Set<String> prepared(List<SentExport> all) {
    return all.stream()
        .filter(SentExport::isPrepared)
        .map(SentExport::runId)
        .collect(Collectors.toSet());
  }
}
