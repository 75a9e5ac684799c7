package io.perennial.export;

import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code sent_forgotten}, a table of the private state. */
final class SentPurgesTable {

  private static final Table.Builder BUILDER =
      Table.named("sent_forgotten")
          .oneRowPer("erased customer who was sent to a platform and is still on a list there")
          .doc(
              "Whose hashes leave the private state as soon as an export has removed them from"
                  + " every list.");

  static final Field CUSTOMER_KEY = BUILDER.add(SentIdentitiesTable.CUSTOMER_KEY);

  static final Table TABLE = BUILDER.key(CUSTOMER_KEY).build();

  private SentPurgesTable() {}
}
