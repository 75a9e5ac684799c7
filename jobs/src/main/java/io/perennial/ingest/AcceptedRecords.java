package io.perennial.ingest;

import static io.perennial.lake.Mapping.column;
import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.lake.Mapping;
import io.perennial.table.Field;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Finds the records of the lake that became rows of order_lines. */
public final class AcceptedRecords {

  /** A generated line_id ends with an occurrence number; see {@link Deduplication}. */
  private static final String OCCURRENCE = "^([0-9a-f]{16})-[0-9]+$";

  public static final Field KEY =
      Field.count("record_key", "Hash of order, file and line, which identify a record.");

  private static final Field ACCEPTED_KEY = KEY.as("accepted_key", "Key of an accepted record.");
  private static final Field LOST_KEY = KEY.as("lost_key", "Key of a record not accepted.");

  private AcceptedRecords() {}

  /**
   * Adds {@link #KEY}.
   *
   * @param records typed records ({@link Mapping})
   */
  public static Dataset<Row> keyed(Dataset<Row> records, SourceSettings source) {
    return records.withColumn(
        KEY.name(), key(column(SourceColumn.ORDER_ID), Mapping.FILE.col(), line(source)));
  }

  /**
   * Keeps the records that order_lines holds. Records of one file with the same line identity are
   * accepted together.
   *
   * @param records rows with {@link #KEY} and {@link Mapping#FILE}
   * @param orderLines rows of order_lines
   * @param mixedFiles files with a record that was not accepted; records of other files are not
   *     checked
   */
  public static Dataset<Row> among(
      Dataset<Row> records, Dataset<Row> orderLines, Set<String> mixedFiles) {
    if (mixedFiles.isEmpty()) {
      return records;
    }
    Object[] mixed = mixedFiles.toArray();
    Dataset<Row> accepted =
        orderLines
            .where(not(OrderLinesTable.IS_DERIVED.col()))
            .where(OrderLinesTable.SOURCE_FILE.col().isin(mixed))
            .select(
                key(
                        OrderLinesTable.ORDER_ID.col(),
                        OrderLinesTable.SOURCE_FILE.col(),
                        OrderLinesTable.LINE_ID.col())
                    .as(ACCEPTED_KEY.name()));
    // Only keys are shuffled; the few lost ones are then joined to the wide records.
    Dataset<Row> lost =
        records
            .where(Mapping.FILE.col().isin(mixed))
            .select(KEY.col().as(LOST_KEY.name()))
            .join(accepted, LOST_KEY.col().equalTo(ACCEPTED_KEY.col()), "left_anti")
            .distinct();
    return records.join(lost, KEY.col().equalTo(LOST_KEY.col()), "left_anti");
  }

  private static Column line(SourceSettings source) {
    Column generated = lpad(lower(hex(CandidateLines.identity(source))), 16, "0");
    return source.maps(SourceColumn.LINE_ID)
        ? coalesce(column(SourceColumn.LINE_ID), generated)
        : generated;
  }

  private static Column key(Column order, Column file, Column line) {
    return xxhash64(order, file, regexp_replace(line, lit(OCCURRENCE), lit("$1")));
  }
}
