package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.CachedDatasets;
import io.perennial.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Unites the current rows of lists with the rows sent before, as input of {@link ListWriter}. */
final class SentDiff {

  static final String[] KEY = {ExportColumns.LIST.name(), ExportColumns.ROW_KEY.name()};

  private static final Field IS_CURRENT = ExportColumns.IS_CURRENT;
  private static final Field IS_ALSO_REMOVED = ExportColumns.IS_ALSO_REMOVED;

  private SentDiff() {}

  static Dataset<Row> of(
      ExportRun run,
      Dataset<Row> rows,
      SentLog sentLog,
      String defaultRegion,
      CachedDatasets cached) {
    if (!run.plan().haveRows(run.lists())) {
      return current(rows.withColumn(IS_ALSO_REMOVED.name(), lit(false)));
    }
    Dataset<Row> sent =
        cached.keepOnDisk(
            sentLog
                .current(run.lists())
                .join(
                    rows.select(ExportColumns.LIST.col(), ExportColumns.ROW_KEY.col())
                        .withColumn(IS_CURRENT.name(), lit(true)),
                    KEY,
                    "left_outer"));
    Dataset<Row> removed =
        cached.keepOnDisk(
            sentLog.withRemovalCells(
                sent.where(IS_CURRENT.col().isNull()).drop(IS_CURRENT.name())));
    Dataset<Row> alsoRemoved =
        ListEntries.sharing(rows, removed).withColumn(IS_ALSO_REMOVED.name(), lit(true));
    Dataset<Row> remaining =
        sent.where(IS_CURRENT.col())
            .withColumn(ExportColumns.LINE.name(), lit(null).cast("string"));
    Dataset<Row> removals =
        new RemovalLines(run.lists(), defaultRegion)
            .of(removed, run.inputs().knownContactCells(), sentLog);
    return current(rows.join(alsoRemoved, KEY, "left_outer"))
        .union(sent(remaining))
        .union(sent(removals));
  }

  private static Dataset<Row> current(Dataset<Row> rows) {
    return side(
        rows.withColumn(ExportColumns.SENT_AS_OF.name(), lit(null).cast("date")),
        ListWriter.CURRENT,
        coalesce(IS_ALSO_REMOVED.col(), lit(false)));
  }

  private static Dataset<Row> sent(Dataset<Row> rows) {
    return side(rows, ListWriter.SENT, lit(false));
  }

  private static Dataset<Row> side(Dataset<Row> rows, int side, Column isAlsoRemoved) {
    return rows.select(
        ExportColumns.LIST.col(),
        ExportColumns.ROW_KEY.col(),
        lit(side).as(ExportColumns.SIDE.name()),
        ExportColumns.CONTENT.col(),
        ExportColumns.LINE.col(),
        ExportColumns.SENT_AS_OF.col(),
        isAlsoRemoved.as(IS_ALSO_REMOVED.name()));
  }
}
