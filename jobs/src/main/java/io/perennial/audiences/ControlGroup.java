package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/**
 * Draws by a salted hash instead of chance: the same customer gets the same draw in every run, and
 * another one, independent of it, under another name. Without the salt, which is private, nobody
 * can tell or choose who is drawn.
 */
final class ControlGroup {

  /** Hexadecimal digits of the hash that are looked at: 60 bits fit a bigint. */
  private static final int DIGITS = 15;

  /** Draws are whole numbers from 0 to this, exclusive. */
  static final long DRAWS = 1L << (4 * DIGITS);

  private ControlGroup() {}

  /**
   * The draw of each row: {@code SHA-256(salt | name | customer_id)}, its first 60 bits.
   *
   * @param salt the secret; a column, since a literal would be printed with every plan
   * @param name what is drawn for, such as an experiment; without a vertical bar
   */
  static Column draw(Column salt, Column name, Column customerId) {
    Column hash = sha2(concat_ws("|", salt, name, customerId).cast("binary"), 256);
    return conv(substring(hash, 1, DIGITS), 16, 10).cast(DataTypes.LongType);
  }

  /** The draws below this are in a group of {@code share}: 0.1 gives a tenth of them. */
  static long threshold(double share) {
    return (long) (share * DRAWS);
  }
}
