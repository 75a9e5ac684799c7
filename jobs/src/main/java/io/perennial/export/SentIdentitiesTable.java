package io.perennial.export;

import io.perennial.config.AudienceSettings.Platform;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataTypes;

/**
 * Declares {@code sent_identities}, a table of the private state. The columns that name a person
 * come last, where the table's log keeps no smallest and largest values of them.
 */
final class SentIdentitiesTable {

  static final Field PLATFORM =
      Field.text("platform", Platform.sentence() + ": where it was sent.");
  static final Field ROW_KEY =
      Field.text("row_key", "Tells rows of the platform apart: a hash of the row as sent.");
  static final Field CUSTOMER_KEY =
      Field.text(
          "customer_key",
          "SHA-256 of the private salt `exports` and the customer_id it belongs to.");
  static final Field IDENTIFIERS =
      Field.of(
          "identifiers",
          DataTypes.createArrayType(DataTypes.StringType, false),
          "SHA-256 of the e-mail address and of the phone number as sent, those that there are.");
  static final Field KEPT =
      Field.of(
          "kept",
          DataTypes.createArrayType(DataTypes.StringType, false),
          "What a removal row is made of: the row as sent; for klaviyo its Perennial ID and the"
              + " hashes, never the plain address.");
  static final Field FIRST_SENT_AS_OF =
      Field.date("first_sent_as_of", "as_of of the export that sent it first.");
  static final Field RUN_ID = Field.text("run_id", "The run that sent it first.");

  static final Table TABLE =
      Table.named("sent_identities")
          .oneRowPer("platform, row as sent and customer")
          .doc("What was ever sent of whom, so that a removal matches what was uploaded.")
          .fields(PLATFORM, FIRST_SENT_AS_OF, RUN_ID, KEPT, IDENTIFIERS, ROW_KEY, CUSTOMER_KEY)
          .key(PLATFORM, ROW_KEY, CUSTOMER_KEY)
          .partitionedBy(PLATFORM)
          .build();

  private SentIdentitiesTable() {}
}
