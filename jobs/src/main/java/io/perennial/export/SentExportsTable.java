package io.perennial.export;

import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code sent_exports}, a table of the private state. */
final class SentExportsTable {

  /** Files wait aside until the run is published. */
  static final String PREPARED = "prepared";

  /** Files are where marketers find them. */
  static final String SENT = "sent";

  private static final Table.Builder BUILDER =
      Table.named("sent_exports")
          .oneRowPer("platform, audience and export")
          .doc("Which exports were made, whether or not the warehouse was made anew since.");

  static final Field PLATFORM = BUILDER.add(SentIdentitiesTable.PLATFORM);
  static final Field AUDIENCE = BUILDER.add(SentMembersTable.AUDIENCE);
  static final Field NUMBER = BUILDER.add(SentMembersTable.NUMBER);
  static final Field RUN_ID = BUILDER.add(SentMembersTable.RUN_ID);
  static final Field EXPORT_ID = BUILDER.text("export_id", "Names the directory of the files.");
  static final Field AS_OF = BUILDER.add(SentMembersTable.AS_OF);
  static final Field STATE = BUILDER.text("state", "prepared or sent.");
  static final Field DIRECTORY = BUILDER.text("directory", "Directory of the list's exports.");
  static final Field ROWS = BUILDER.count("rows", "Rows of the list after it.");
  static final Field MANIFEST_SHA256 = BUILDER.text("manifest_sha256", "SHA-256 of manifest.json.");

  static final Table TABLE =
      BUILDER
          .key(PLATFORM, AUDIENCE, NUMBER)
          .invariant("state_is_known", "state IN ('prepared', 'sent')")
          .build();

  private SentExportsTable() {}
}
