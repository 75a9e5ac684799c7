package io.perennial.ingest;

import static java.util.stream.Collectors.joining;

import io.perennial.table.Field;
import io.perennial.table.Table;
import java.util.List;

public final class IngestedFilesTable {

  private static final Table.Builder BUILDER =
      Table.named("ingested_files")
          .oneRowPer("file of the lake")
          .doc("What was read from where; a later run reads only new and changed files.");

  public static final Field PATH = BUILDER.text("path", "The file, relative to lake.path.");
  public static final Field SIZE = BUILDER.count("size", "Bytes of the file when it was read.");
  public static final Field MODIFIED =
      BUILDER.timestamp("modified", "Modification time of the file when it was read.");
  public static final Field RECORDS = BUILDER.count("records", "Raw records in the file.");
  public static final Field ACCEPTED =
      BUILDER.count("accepted", "Records that became rows of order_lines.");
  public static final Field DUPLICATES =
      BUILDER.count("duplicates", "Records that another record of the lake repeats.");
  public static final Field SUPERSEDED =
      BUILDER.count("superseded", "Records that a later version of their line or order replaces.");
  public static final Field REJECTED = BUILDER.count("rejected", "Records in rejects.");
  public static final Field ERASED =
      BUILDER.count("erased", "Records of persons who asked to be erased.");
  public static final Field NET =
      BUILDER.money(
          "net",
          "Sum of amount less discount over the file's rows of order_lines, counted or not.");

  /** What a record may have become; together they are {@link #RECORDS}. */
  public static final List<Field> OUTCOMES = BUILDER.added(ACCEPTED, ERASED);

  public static final Field INGEST_ID = BUILDER.text("ingest_id", "Run that read the file last.");

  public static final Table TABLE =
      BUILDER
          .key(PATH)
          .invariant(
              "reconciles",
              OUTCOMES.stream()
                  .map(Field::name)
                  .collect(joining(" + ", RECORDS.name() + " = ", "")))
          .build();

  private IngestedFilesTable() {}
}
