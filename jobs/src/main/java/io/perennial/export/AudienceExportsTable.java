package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

public final class AudienceExportsTable {

  private static final Table.Builder BUILDER =
      Table.named("audience_exports")
          .oneRowPer("audience, platform and export")
          .doc(
              "What was exported: counts, files and their checksums. The hashes sent, per member,"
                  + " are kept in the private state (sent_identities, sent_members), since removals"
                  + " need them after a rebuild and erasure has to reach them.");

  public static final Field AS_OF =
      BUILDER.date("as_of", "as_of of the audience that was exported.");
  public static final Field AUDIENCE =
      BUILDER.text("audience", "The audience: its name in audiences.conf.");
  public static final Field PLATFORM = BUILDER.text("platform", Platform.sentence() + ".");
  public static final Field EXPORT_ID =
      BUILDER.text(
          "export_id",
          "The export: as_of and how many times the list was exported, with this one.");
  public static final Field RUN_ID = BUILDER.text("run_id", "The run that exported.");
  public static final Field RULE_VERSION =
      BUILDER.text("rule_version", "Version of the platform's rules of normalisation.");
  public static final Field TARGETS =
      BUILDER.count("targets", "Members of the arm target before the export's own exclusions.");
  public static final Field HELD_OUT =
      BUILDER.count(
          "held_out",
          "Left out: in the control group of the same experiment through another audience.");
  public static final Field UNUSABLE =
      BUILDER.count("unusable", "Left out: nothing that the platform could match.");
  public static final Field SHARED_WITH_CONTROL =
      BUILDER.count(
          "shared_with_control",
          "Left out: their e-mail address or phone number is also that of somebody held out.");
  public static final Field SAME_ROW =
      BUILDER.count("same_row", "Not written twice: they make the same row as another member.");
  public static final Field ROWS =
      BUILDER.count(
          "rows", "Rows of full: targets - held_out - unusable - shared_with_control - same_row.");
  public static final Field ADDED = BUILDER.count("added", "Rows of add.");
  public static final Field REMOVED = BUILDER.count("removed", "Rows of remove.");
  public static final Field BAD_EMAILS =
      BUILDER.count(
          "bad_emails", "E-mail addresses of targets that are none: their cells are empty.");
  public static final Field BAD_PHONES =
      BUILDER.count(
          "bad_phones",
          "Phone numbers of targets that are none, or lack a country: their cells are empty.");
  public static final Field DIRECTORY =
      BUILDER.text("directory", "Where full, add, remove and manifest.json are.");
  public static final Field FILES =
      BUILDER.of(
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
      BUILDER.of(
          "warnings",
          DataTypes.createArrayType(DataTypes.StringType, false),
          "What to know before uploading, in words.");

  public static final Table TABLE =
      BUILDER
          .key(AUDIENCE, PLATFORM, EXPORT_ID)
          .invariant(
              "rows_add_up",
              "rows = targets - held_out - unusable - shared_with_control - same_row")
          .build();

  private AudienceExportsTable() {}
}
