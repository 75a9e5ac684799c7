package io.perennial.export;

import io.perennial.table.Field;
import io.perennial.table.Table;

/**
 * Declares {@code sent_members}, a table of the private state. The columns that name a person come
 * last, where the table's log keeps no smallest and largest values of them.
 */
final class SentMembersTable {

  private static final Table.Builder BUILDER =
      Table.named("sent_members")
          .oneRowPer("platform, audience, export and row that it changed")
          .doc(
              "What each export added to and removed from a list. The newest row of each key, where"
                  + " it is not REMOVED, is what the platform holds.");

  static final Field PLATFORM = BUILDER.add(SentIdentitiesTable.PLATFORM);
  static final Field AUDIENCE = BUILDER.text("audience", "The audience whose list it is.");
  static final Field NUMBER =
      BUILDER.integer("number", "Which export of the list it was, counted from 1.");
  static final Field AS_OF = BUILDER.date("sent_as_of", "as_of of the export.");
  static final Field RUN_ID = BUILDER.text("run_id", "The run that exported.");
  static final Field CHANGE =
      BUILDER.text("change", "ADDED, CHANGED (other properties), RESENT or REMOVED.");
  static final Field CONTENT =
      BUILDER.text("content", "Hash of the row where its key leaves something out, else empty.");
  static final Field ROW_KEY = BUILDER.add(SentIdentitiesTable.ROW_KEY);

  static final Table TABLE =
      BUILDER.key(PLATFORM, AUDIENCE, NUMBER, ROW_KEY).partitionedBy(PLATFORM).build();

  private SentMembersTable() {}
}
