package io.perennial.export;

import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code sent_exports}, a table of the private state. */
final class SentExportsTable {

  /** Files wait aside until the run is published. */
  static final String PREPARED = "prepared";

  /** Files are where marketers find them. */
  static final String SENT = "sent";

  static final Field PLATFORM = SentIdentitiesTable.PLATFORM;
  static final Field AUDIENCE = SentMembersTable.AUDIENCE;
  static final Field NUMBER = SentMembersTable.NUMBER;
  static final Field RUN_ID = SentMembersTable.RUN_ID;
  static final Field EXPORT_ID = Field.text("export_id", "Names the directory of the files.");
  static final Field AS_OF = SentMembersTable.AS_OF;
  static final Field STATE = Field.text("state", "prepared or sent.");
  static final Field DIRECTORY = Field.text("directory", "Directory of the list's exports.");
  static final Field ROWS = Field.count("rows", "Rows of the list after it.");
  static final Field MANIFEST_SHA256 = Field.text("manifest_sha256", "SHA-256 of manifest.json.");

  static final Table TABLE =
      Table.named("sent_exports")
          .oneRowPer("platform, audience and export")
          .doc("Which exports were made, whether or not the warehouse was made anew since.")
          .fields(
              PLATFORM,
              AUDIENCE,
              NUMBER,
              RUN_ID,
              EXPORT_ID,
              AS_OF,
              STATE,
              DIRECTORY,
              ROWS,
              MANIFEST_SHA256)
          .key(PLATFORM, AUDIENCE, NUMBER)
          .invariant("state_is_known", "state IN ('prepared', 'sent')")
          .build();

  private SentExportsTable() {}
}
