package io.perennial.ingest;

import static io.perennial.ingest.CandidateLines.c;
import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.lake.Mapping;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Tells which records of the lake became rows of order_lines, after they were written. */
public final class AcceptedRecords {

  /** Ends the line_id that a line without one was given; see {@link Deduplication}. */
  private static final String OCCURRENCE = "^([0-9a-f]{16})-[0-9]+$";

  /** Hash of what order_lines knows a record by: order, file and line. */
  public static final Column KEY = col("record_key");

  private AcceptedRecords() {}

  /**
   * Adds {@link #KEY}.
   *
   * @param records typed records ({@link Mapping})
   */
  public static Dataset<Row> keyed(Dataset<Row> records, SourceSettings source) {
    return records.withColumn(
        "record_key", key(c(SourceColumn.ORDER_ID), Mapping.FILE, line(source)));
  }

  /**
   * Those of {@code records} that order_lines holds. Records of one file with the same line
   * identity are accepted together.
   *
   * @param records any records with their {@link #KEY} and {@link Mapping#FILE}
   * @param orderLines rows of order_lines
   * @param mixedFiles files some of whose records were not accepted; those of all others are taken
   *     as they are, unseen
   */
  public static Dataset<Row> among(
      Dataset<Row> records, Dataset<Row> orderLines, Set<String> mixedFiles) {
    if (mixedFiles.isEmpty()) {
      return records;
    }
    Object[] mixed = mixedFiles.toArray();
    Dataset<Row> held =
        orderLines
            .where(not(OrderLinesTable.IS_DERIVED.col()))
            .where(OrderLinesTable.SOURCE_FILE.col().isin(mixed))
            .select(
                key(
                        OrderLinesTable.ORDER_ID.col(),
                        OrderLinesTable.SOURCE_FILE.col(),
                        OrderLinesTable.LINE_ID.col())
                    .as("held_key"));
    // The keys alone are compared, and the few that order_lines lacks are sought among the records.
    Dataset<Row> lost =
        records
            .where(Mapping.FILE.isin(mixed))
            .select(KEY.as("lost_key"))
            .join(held, col("lost_key").equalTo(col("held_key")), "left_anti")
            .distinct();
    return records.join(lost, KEY.equalTo(col("lost_key")), "left_anti");
  }

  private static Column line(SourceSettings source) {
    Column generated = lpad(lower(hex(CandidateLines.identity(source))), 16, "0");
    return source.maps(SourceColumn.LINE_ID)
        ? coalesce(c(SourceColumn.LINE_ID), generated)
        : generated;
  }

  private static Column key(Column order, Column file, Column line) {
    return xxhash64(order, file, regexp_replace(line, lit(OCCURRENCE), lit("$1")));
  }
}
