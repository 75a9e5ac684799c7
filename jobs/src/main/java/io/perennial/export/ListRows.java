package io.perennial.export;

import static org.apache.spark.sql.functions.*;

import io.perennial.spark.CachedDatasets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Brings what lists are now together with what they were, for {@link ListWriter}. */
final class ListRows {

  private static final String[] KEY =
      new String[] {ExportColumns.LIST.name(), ExportColumns.ROW_KEY.name()};

  private static final String IS_THERE = "is_there";

  private final SentLog memory;
  private final ExportInputs inputs;
  private final Dataset<Row> entries;
  private final List<ExportList> lists;
  private final String defaultRegion;
  private final CachedDatasets kept;
  private final Map<Integer, Long> sharedCustomers = new HashMap<>();

  ListRows(
      SentLog memory,
      ExportInputs inputs,
      Dataset<Row> entries,
      List<ExportList> lists,
      String defaultRegion,
      CachedDatasets kept) {
    this.memory = memory;
    this.inputs = inputs;
    this.entries = entries;
    this.lists = lists;
    this.defaultRegion = defaultRegion;
    this.kept = kept;
  }

  /** Customers of each list whose address or number is also that of somebody held out. */
  Map<Integer, Long> sharedCustomers() {
    return Map.copyOf(sharedCustomers);
  }

  /**
   * @param hasControls whether anybody is held out of any list
   * @param wereSent whether any list has rows on its platform
   */
  Dataset<Row> input(boolean hasControls, boolean wereSent) {
    Dataset<Row> rows = Entries.rows(entries);
    if (hasControls) {
      rows = withoutShared(rows);
    }
    if (!wereSent) {
      return now(rows.withColumn(IS_THERE, lit(false)));
    }
    Dataset<Row> before =
        kept.keepOnDisk(
            memory
                .current(lists)
                .join(
                    rows.select(ExportColumns.LIST.col(), ExportColumns.ROW_KEY.col())
                        .withColumn(IS_THERE, lit(true)),
                    KEY,
                    "left_outer"));
    Dataset<Row> removed =
        kept.keepOnDisk(memory.withKept(before.where(col(IS_THERE).isNull()).drop(IS_THERE)));
    Dataset<Row> hit = Entries.hitBy(rows, removed).withColumn(IS_THERE, lit(true));
    Dataset<Row> there =
        before.where(col(IS_THERE)).withColumn(ExportColumns.LINE.name(), lit(null).cast("string"));
    return now(rows.join(hit, KEY, "left_outer"))
        .union(before(there))
        .union(before(new RemovalLines(lists, defaultRegion).of(removed, inputs, memory)));
  }

  private static Dataset<Row> now(Dataset<Row> rows) {
    return rows.select(
        ExportColumns.LIST.col(),
        ExportColumns.ROW_KEY.col(),
        lit(ListWriter.NOW).as(ExportColumns.SIDE.name()),
        ExportColumns.CONTENT.col(),
        ExportColumns.LINE.col(),
        lit(null).cast("date").as(ExportColumns.SENT_AS_OF.name()),
        coalesce(col(IS_THERE), lit(false)).as(ExportColumns.IS_HIT.name()));
  }

  private static Dataset<Row> before(Dataset<Row> rows) {
    return rows.select(
        ExportColumns.LIST.col(),
        ExportColumns.ROW_KEY.col(),
        lit(ListWriter.BEFORE).as(ExportColumns.SIDE.name()),
        ExportColumns.CONTENT.col(),
        ExportColumns.LINE.col(),
        ExportColumns.SENT_AS_OF.col(),
        lit(false).as(ExportColumns.IS_HIT.name()));
  }

  private Dataset<Row> withoutShared(Dataset<Row> rows) {
    Dataset<Row> shared = kept.keep(Entries.sharedWithControl(entries));
    if (shared.count() == 0) {
      return rows;
    }
    // Of a large shop they may be millions: kept rows have a size, by which Spark chooses the join.
    rows.join(shared, KEY, "left_semi")
        .groupBy(ExportColumns.LIST.col())
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(row -> sharedCustomers.put(row.getInt(0), row.getLong(1)));
    return rows.join(shared, KEY, "left_anti");
  }
}
