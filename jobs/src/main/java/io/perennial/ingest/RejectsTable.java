package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

public final class RejectsTable {

  private static final Table.Builder BUILDER =
      Table.named("rejects")
          .oneRowPer("rejected raw record")
          .doc(
              "What could not be used, and why. Restrict access to it as to contacts; rows leave"
                  + " after lake.rejects-retention days, and of those rejected with their whole"
                  + " order the record.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field SOURCE_FILE =
      BUILDER.text("source_file", "File of the record, relative to lake.path.");
  public static final Field RECORD =
      NULLABLE.text(
          "record",
          "The record as read: JSON of its raw columns, those that contacts are mapped from"
              + " masked; the raw text where it could not be parsed. What looks like an e-mail"
              + " address is masked in either. Null where the file is gone, and the record was"
              + " rejected only afterwards.");
  public static final Field REASONS =
      BUILDER.of(
          "reasons",
          DataTypes.createArrayType(DataTypes.StringType, true),
          "Every reason why the record cannot be used.");
  public static final Field ORDER_ID =
      NULLABLE.text("order_id", "Order of the record, where it could be read.");
  public static final Field IS_ORDER_REJECT =
      BUILDER.flag(
          "is_order_reject",
          "Whether the record was rejected with its whole order, for what other records say.");
  public static final Field INGEST_ID = BUILDER.text("ingest_id", "Run that read the record.");

  public static final Table TABLE = BUILDER.indexed(1).build();

  private RejectsTable() {}

  /** The rule of a reason: the value that a record broke it with is cut off. */
  public static Column ruleOf(Column reason) {
    return regexp_replace(reason, "(?s)(, is[^:]*)?: .*$", "");
  }
}
