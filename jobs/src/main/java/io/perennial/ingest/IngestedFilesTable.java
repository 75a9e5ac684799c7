package io.perennial.ingest;

import static java.util.stream.Collectors.joining;

import io.perennial.table.Field;
import io.perennial.table.Table;
import java.util.List;

/** Declares {@code ingested_files}. */
public final class IngestedFilesTable {

  public static final Field PATH = Field.text("path", "The file, relative to lake.path.");
  public static final Field SIZE = Field.count("size", "Bytes of the file when it was read.");
  public static final Field MODIFIED =
      Field.timestamp("modified", "Modification time of the file when it was read.");
  public static final Field RECORDS = Field.count("records", "Raw records in the file.");
  public static final Field ACCEPTED =
      Field.count("accepted", "Records that became rows of order_lines.");
  public static final Field DUPLICATES =
      Field.count("duplicates", "Records that another record of the lake repeats.");
  public static final Field SUPERSEDED =
      Field.count("superseded", "Records that a later version of their line or order replaces.");
  public static final Field REJECTED = Field.count("rejected", "Records in rejects.");
  public static final Field ERASED =
      Field.count("erased", "Records of persons who asked to be erased.");
  public static final Field NET =
      Field.money(
          "net",
          "Sum of amount less discount over the file's rows of order_lines, counted or not.");

  /** What a record may have become; together they are {@link #RECORDS}. */
  public static final List<Field> OUTCOMES =
      List.of(ACCEPTED, DUPLICATES, SUPERSEDED, REJECTED, ERASED);

  public static final Field INGEST_ID = Field.text("ingest_id", "Run that read the file last.");

  public static final Table TABLE =
      Table.named("ingested_files")
          .oneRowPer("file of the lake")
          .doc("What was read from where; a later run reads only new and changed files.")
          .fields(
              PATH,
              SIZE,
              MODIFIED,
              RECORDS,
              ACCEPTED,
              DUPLICATES,
              SUPERSEDED,
              REJECTED,
              ERASED,
              NET,
              INGEST_ID)
          .key(PATH)
          .invariant(
              "reconciles",
              OUTCOMES.stream()
                  .map(Field::name)
                  .collect(joining(" + ", RECORDS.name() + " = ", "")))
          .build();

  private IngestedFilesTable() {}
}
