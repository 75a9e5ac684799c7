package io.perennial.state;

import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataTypes;

/** Declares {@code erasures}, the ledger of erased people in the private state. */
public final class ErasuresTable {

  private static final Table.Builder BUILDER =
      Table.named("erasures")
          .oneRowPer("erased person")
          .doc("Who is kept out at every ingest, and cannot be told from it.");

  public static final Field CUSTOMER_HASH =
      BUILDER.text(
          "customer_hash", "The person: HMAC-SHA-256 of customer_id under a private salt.");
  public static final Field BUCKET =
      BUILDER.integer(
          "bucket", "Sixteen bits of a cheap salted hash, 0 to 65535, that spare records an HMAC.");
  public static final Field ERASED_AT =
      BUILDER.timestamp("erased_at", "When the erasure was asked for.");
  public static final Field DONE_AT =
      BUILDER
          .orNull()
          .timestamp(
              "done_at",
              "When the last data file and log entry that held the person was gone; null before.");
  public static final Field ORDER_HASHES =
      BUILDER.of(
          "order_hashes",
          DataTypes.createArrayType(DataTypes.StringType, true),
          "HMAC-SHA-256 of each order of the person: its records without a customer are theirs.");
  public static final Field ADDRESS_HASHES =
      BUILDER.of(
          "address_hashes",
          DataTypes.createArrayType(DataTypes.StringType, true),
          "HMAC-SHA-256 of each address the person had in the lake: contacts takes none of them.");

  public static final Table TABLE = BUILDER.key(CUSTOMER_HASH).build();

  private ErasuresTable() {}
}
