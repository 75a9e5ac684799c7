package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/**
 * Draws by a salted hash instead of chance: a customer gets the same draw in every run, and an
 * independent one under another name. Without the private salt a draw can neither be predicted nor
 * chosen.
 */
final class ControlGroup {

  /** Hexadecimal digits of the hash that are used: 60 bits fit a bigint. */
  private static final int DIGITS = 15;

  /** Draws are whole numbers from 0 to this, exclusive. */
  static final long DRAWS = 1L << (4 * DIGITS);

  private ControlGroup() {}

  /**
   * The draw of each row: the first 60 bits of {@code SHA-256(salt | name | customer_id)}.
   *
   * @param salt the secret; a column, since a literal would be printed with every plan
   * @param name purpose of the draw, such as an experiment; without a vertical bar
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
