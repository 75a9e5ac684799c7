package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Declares {@code audience_exports}. */
public final class AudienceExportsTable {

  public static final Field AS_OF = Field.date("as_of", "as_of of the audience that was exported.");
  public static final Field AUDIENCE =
      Field.text("audience", "The audience: its name in audiences.conf.");
  public static final Field PLATFORM = Field.text("platform", Platform.sentence() + ".");
  public static final Field EXPORT_ID =
      Field.text(
          "export_id",
          "The export: as_of and how many times the list was exported, with this one.");
  public static final Field RUN_ID = Field.text("run_id", "The run that exported.");
  public static final Field RULE_VERSION =
      Field.text("rule_version", "Version of the platform's rules of normalisation.");
  public static final Field TARGETS =
      Field.count("targets", "Members of the arm target before the export's own exclusions.");
  public static final Field HELD_OUT =
      Field.count(
          "held_out",
          "Left out: in the control group of the same experiment through another audience.");
  public static final Field UNUSABLE =
      Field.count("unusable", "Left out: nothing that the platform could match.");
  public static final Field SHARED_WITH_CONTROL =
      Field.count(
          "shared_with_control",
          "Left out: their e-mail address or phone number is also that of somebody held out.");
  public static final Field SAME_ROW =
      Field.count("same_row", "Not written twice: they make the same row as another member.");
  public static final Field ROWS =
      Field.count(
          "rows", "Rows of full: targets - held_out - unusable - shared_with_control - same_row.");
  public static final Field ADDED = Field.count("added", "Rows of add.");
  public static final Field REMOVED = Field.count("removed", "Rows of remove.");
  public static final Field BAD_EMAILS =
      Field.count(
          "bad_emails", "E-mail addresses of targets that are none: their cells are empty.");
  public static final Field BAD_PHONES =
      Field.count(
          "bad_phones",
          "Phone numbers of targets that are none, or lack a country: their cells are empty.");
  public static final Field DIRECTORY =
      Field.text("directory", "Where full, add, remove and manifest.json are.");
  public static final Field FILES =
      Field.of(
          "files",
          DataTypes.createArrayType(
              new StructType()
                  .add("name", DataTypes.StringType, true)
                  .add("kind", DataTypes.StringType, true)
                  .add("rows", DataTypes.LongType, true)
                  .add("bytes", DataTypes.LongType, true)
                  .add("sha256", DataTypes.StringType, true),
              false),
          "Each file: name, kind (full, add, remove), rows, bytes, SHA-256 of its bytes.");
  public static final Field WARNINGS =
      Field.of(
          "warnings",
          DataTypes.createArrayType(DataTypes.StringType, false),
          "What to know before uploading, in words.");

  public static final Table TABLE =
      Table.named("audience_exports")
          .oneRowPer("audience, platform and export")
          .doc(
              "What was exported: counts, files and their checksums. The hashes sent, per member, are"
                  + " kept in the private state (sent_identities, sent_members), since removals need"
                  + " them after a rebuild and erasure has to reach them.")
          .fields(
              AS_OF,
              AUDIENCE,
              PLATFORM,
              EXPORT_ID,
              RUN_ID,
              RULE_VERSION,
              TARGETS,
              HELD_OUT,
              UNUSABLE,
              SHARED_WITH_CONTROL,
              SAME_ROW,
              ROWS,
              ADDED,
              REMOVED,
              BAD_EMAILS,
              BAD_PHONES,
              DIRECTORY,
              FILES,
              WARNINGS)
          .key(AUDIENCE, PLATFORM, EXPORT_ID)
          .invariant(
              "rows_add_up",
              "rows = targets - held_out - unusable - shared_with_control - same_row")
          .build();

  private AudienceExportsTable() {}
}
