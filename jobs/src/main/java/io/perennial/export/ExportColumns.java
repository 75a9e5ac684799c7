package io.perennial.export;

import io.perennial.audiences.CustomerProfileTable;
import io.perennial.table.Field;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Columns of the intermediate rows between reading members and writing files. */
final class ExportColumns {

  private static final ArrayType TEXTS = DataTypes.createArrayType(DataTypes.StringType);

  static final Field IS_CONTROL = Field.flag("is_control", "Whether the customer is held out.");
  static final Field TARGET_OF = Field.of("target_of", TEXTS, "Audiences with it as a target.");
  static final Field CONTROL_OF = Field.of("control_of", TEXTS, "Audiences it is held out of.");
  static final Field PROFILE = Field.of("profile", TEXTS, "Cells of customer_profile.");
  static final Field LIST = Field.integer("list", "Index of the list in the export.");
  static final Field OUTCOME = Field.text("outcome", "Outcome of a member on a list.");
  static final Field PLATFORM = SentIdentitiesTable.PLATFORM;
  static final Field ROW_KEY = SentIdentitiesTable.ROW_KEY;
  static final Field CONTENT = SentMembersTable.CONTENT;
  static final Field LINE = Field.text("line", "The row of full and add, or of remove.");
  static final Field KEPT = SentIdentitiesTable.KEPT;
  static final Field IDENTIFIERS = SentIdentitiesTable.IDENTIFIERS;
  static final Field IDENTIFIER = Field.text("identifier", "One of the identifiers.");
  static final Field CUSTOMER_ID = CustomerProfileTable.CUSTOMER_ID;
  static final Field BAD_EMAIL = Field.flag("bad_email", "Whether the e-mail address is invalid.");
  static final Field BAD_PHONE = Field.flag("bad_phone", "Whether the phone number is invalid.");
  static final Field IS_CURRENT = Field.flag("is_current", "Whether a sent row is still listed.");
  static final Field SIDE = Field.integer("side", "0: as it was sent, 1: as it is now.");
  static final Field SENT_AS_OF = SentMembersTable.AS_OF;
  static final Field IS_ALSO_REMOVED =
      Field.flag("is_also_removed", "Whether a removal names its address or number too.");
  static final Field CHANGE = SentMembersTable.CHANGE;
  static final Field KIND = Field.text("kind", "full, add or remove.");
  static final Field FILE = Field.text("file", "Name of the part in the staging directory.");
  static final Field ROWS = Field.count("rows", "Rows without headings.");
  static final Field BYTES = Field.count("bytes", "Size in bytes.");
  static final Field SHA256 = Field.text("sha256", "SHA-256 of the bytes.");

  private ExportColumns() {}

  /** A schema of nullable columns. */
  static StructType schema(Field... fields) {
    StructType schema = new StructType();
    for (Field field : fields) {
      schema = schema.add(DataTypes.createStructField(field.name(), field.type(0), true));
    }
    return schema;
  }
}
