package io.perennial.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

public final class RunsTable {

  private static final Table.Builder BUILDER =
      Table.named("runs")
          .oneRowPer("run")
          .doc(
              "The current run is the published one with the greatest (as_of, started). Its map"
                  + " `tables` is one consistent set.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field RUN_ID =
      BUILDER.text("run_id", "The run: its start in UTC and a random part.");
  public static final Field COMMAND = BUILDER.text("command", "The command that was given.");
  public static final Field AS_OF = NULLABLE.add(Table.AS_OF);
  public static final Field STARTED = BUILDER.timestamp("started", "When the run started.");
  public static final Field SECONDS = NULLABLE.rate("seconds", "How long it took, in seconds.");
  public static final Field STATE =
      BUILDER.text(
          "state",
          "running, published, refused (a quality gate), failed, or abandoned (found dead by a"
              + " later run).");
  public static final Field CONFIG_HASH =
      BUILDER.text("config_hash", "SHA-256 of the whole configuration.");
  public static final Field TABLES =
      BUILDER.of(
          "tables",
          DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType, true),
          "Delta version of every table: read these versions together.");
  public static final Field RECONCILIATION =
      BUILDER.of(
          "reconciliation",
          DataTypes.createArrayType(
              new StructType()
                  .add("identity", DataTypes.StringType)
                  .add("left", DataTypes.StringType)
                  .add("right", DataTypes.StringType)
                  .add("holds", DataTypes.BooleanType),
              true),
          "The identities that were checked, both sides of each, and whether they are equal.");
  public static final Field STEPS =
      BUILDER.of(
          "steps",
          DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType, true),
          "Fingerprint of what each step was made of; an equal one is not made again.");
  public static final Field MESSAGE =
      NULLABLE.text(
          "message", "Why the run was refused or failed; of erase, how many people it erased.");
  public static final Field VERSION = BUILDER.text("version", "Version of Perennial.");

  public static final Table TABLE =
      BUILDER
          .key(RUN_ID)
          .invariant(
              "state_is_known",
              "state IN ('running', 'published', 'refused', 'failed', 'abandoned')")
          .build();

  private RunsTable() {}
}
