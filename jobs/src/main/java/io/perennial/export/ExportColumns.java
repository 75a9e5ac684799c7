package io.perennial.export;

import io.perennial.table.Field;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Columns that rows have between reading members and writing files. */
final class ExportColumns {

  static final Field LIST = Field.integer("list", "Place of the list in the export's plan.");
  static final Field OUTCOME = Field.text("outcome", "What became of a member.");
  static final Field PLATFORM = SentIdentitiesTable.PLATFORM;
  static final Field ROW_KEY = SentIdentitiesTable.ROW_KEY;
  static final Field CONTENT = SentMembersTable.CONTENT;
  static final Field LINE = Field.text("line", "The row of full and add, or of remove.");
  static final Field KEPT = SentIdentitiesTable.KEPT;
  static final Field IDENTIFIERS = SentIdentitiesTable.IDENTIFIERS;
  static final Field CUSTOMER_ID = Field.text("customer_id", "The customer.");
  static final Field BAD_EMAIL = Field.flag("bad_email", "An e-mail address that is none.");
  static final Field BAD_PHONE = Field.flag("bad_phone", "A phone number that is none.");
  static final Field SIDE = Field.integer("side", "0: as it was sent, 1: as it is now.");
  static final Field SENT_AS_OF = SentMembersTable.AS_OF;
  static final Field IS_HIT = Field.flag("is_hit", "A removal names its address too.");
  static final Field CHANGE = SentMembersTable.CHANGE;
  static final Field KIND = Field.text("kind", "full, add or remove.");
  static final Field PART = Field.integer("part", "Part of the file, from 1.");
  static final Field FILE = Field.text("file", "Name of the part, aside.");
  static final Field ROWS = Field.count("rows", "Rows without headings.");
  static final Field BYTES = Field.count("bytes", "Size.");
  static final Field SHA256 = Field.text("sha256", "SHA-256 of the bytes.");

  private ExportColumns() {}

  /** Any of them may be null in between. */
  static StructType schema(Field... fields) {
    StructType schema = new StructType();
    for (Field field : fields) {
      schema = schema.add(DataTypes.createStructField(field.name(), field.type(0), true));
    }
    return schema;
  }
}
