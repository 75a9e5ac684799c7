package io.perennial.ingest;

import static io.perennial.lake.Mapping.column;
import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.config.SourceSettings.Updates;
import io.perennial.lake.Mapping;
import io.perennial.spark.BloomKeyFilter;
import io.perennial.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * One narrow row per order that shows whether its records can conflict. Most orders are clean: no
 * line occurs twice, and all records agree in the order's attributes. Only 64-bit values are
 * aggregated, in one narrow shuffle. A clean order may pass for conflicting, never the reverse.
 */
final class OrderDigest {

  /** Orders that share a hash count as one order, which conflicts. */
  static final Field ORDER_HASH = Field.count("order_hash", "Hash of the order_id.");

  static final Field IS_CONFLICTING =
      Field.flag("is_conflicting", "Whether the order's records must be compared.");

  /** {@link #withRepeats} verifies it. */
  static final Field MAY_REPEAT =
      Field.flag("may_repeat", "Whether a line key may occur twice in the order.");

  static final Field RECORDS = Field.count("records", "Usable records of the order.");
  static final Field FAULTY = Field.count("faulty", "Unusable records of the order.");

  private static final Field SUSPECT_HASH =
      ORDER_HASH.as("suspect_hash", "Hash of an order in which a key may occur twice.");
  private static final Field IS_USABLE = Field.flag("is_usable", "Whether the record is usable.");
  private static final Field FILE = Field.count("file", "Hash of the record's file.");
  private static final Field ATTRIBUTES = Field.count("attributes", "Hash of order attributes.");
  private static final Field LOW_SLOT = Field.count("low_slot", "Bit by the key's lowest 6 bits.");
  private static final Field HIGH_SLOT = Field.count("high_slot", "Bit by the key's next 6 bits.");
  private static final Field IS_INCOMPLETE =
      Field.flag("is_incomplete", "Whether the record needs others of its order to become a line.");
  private static final Field KEY = Field.count("key", "Key of the line within its order.");
  private static final Field REPEATS = Field.count("repeats", "Records with the key.");

  private OrderDigest() {}

  /**
   * A Bloom filter on the order_id: false positives occur.
   *
   * @param hashes rows with {@link #ORDER_HASH} alone; may repeat
   * @param most upper bound of the number of distinct hashes
   */
  static Column isAmong(Dataset<Row> hashes, long most) {
    return BloomKeyFilter.isAmong(hashes, most, OrderLinesTable.ORDER_ID.col());
  }

  static Dataset<Row> hashes(Dataset<Row> rows) {
    return rows.select(hashOf(OrderLinesTable.ORDER_ID.col()).as(ORDER_HASH.name()));
  }

  static Column hashOf(Column orderId) {
    return BloomKeyFilter.hashOf(orderId);
  }

  /**
   * One row per order hash.
   *
   * @param checked rows of {@link RecordRules#check}
   */
  static Dataset<Row> of(Dataset<Row> checked, SourceSettings source) {
    Column key = key(source);
    Column usable = IS_USABLE.col();
    Column records = count(when(usable, lit(1)));
    Column faulty = count(when(not(usable), lit(1)));
    return checked
        .select(
            hashOf(column(SourceColumn.ORDER_ID)).as(ORDER_HASH.name()),
            not(Mapping.IS_FAULTY.col()).as(IS_USABLE.name()),
            xxhash64(Mapping.FILE.col()).as(FILE.name()),
            attributes(source).as(ATTRIBUTES.name()),
            slot(key, 0).as(LOW_SLOT.name()),
            slot(key, 6).as(HIGH_SLOT.name()),
            coalesce(column(SourceColumn.ORDER_DISCOUNT), lit(0))
                .gt(0)
                .or(column(SourceColumn.ORDERED_AT).isNull())
                .or(lacksLineId(source))
                .as(IS_INCOMPLETE.name()))
        .groupBy(ORDER_HASH.col())
        .agg(
            records.as(RECORDS.name()),
            faulty.as(FAULTY.name()),
            faulty
                .gt(0)
                // Each file is a version of a whole order; versions of single lines repeat their
                // key.
                .or(source.updates() == Updates.ORDER ? differ(FILE) : lit(false))
                .or(differ(ATTRIBUTES))
                .or(max(when(usable.and(IS_INCOMPLETE.col()), lit(1))).isNotNull())
                .as(IS_CONFLICTING.name()),
            records.gt(slots(LOW_SLOT)).and(records.gt(slots(HIGH_SLOT))).as(MAY_REPEAT.name()));
  }

  /** Whether the usable records of an order have different values. */
  private static Column differ(Field field) {
    Column usable = when(IS_USABLE.col(), field.col());
    return min(usable).notEqual(max(usable));
  }

  /** Number of different slots of the usable records of an order. */
  private static Column slots(Field slot) {
    return bit_count(call_function("bit_or", when(IS_USABLE.col(), slot.col())));
  }

  /** Records of a clean order agree in these, and in the version where whole orders have one. */
  private static Column attributes(SourceSettings source) {
    return source.updates() == Updates.ORDER
        ? xxhash64(CandidateLines.orderAttributes(), column(SourceColumn.UPDATED_AT))
        : CandidateLines.orderAttributes();
  }

  /** Hashes of the suspected orders in which a key does occur twice. */
  static Dataset<Row> withRepeats(
      Dataset<Row> checked, SourceSettings source, Dataset<Row> suspects) {
    Dataset<Row> keys =
        checked
            .where(not(Mapping.IS_FAULTY.col()))
            .select(
                hashOf(column(SourceColumn.ORDER_ID)).as(ORDER_HASH.name()),
                key(source).as(KEY.name()));
    return keys.join(
            suspects.select(ORDER_HASH.col().as(SUSPECT_HASH.name())),
            ORDER_HASH.col().equalTo(SUSPECT_HASH.col()),
            "left_semi")
        .groupBy(ORDER_HASH.col(), KEY.col())
        .agg(count(lit(1)).as(REPEATS.name()))
        .where(REPEATS.col().gt(1))
        .select(ORDER_HASH.col())
        .distinct();
  }

  /** An order in which a mapped line_id is missing counts as conflicting anyway. */
  private static Column key(SourceSettings source) {
    Column lineId = column(SourceColumn.LINE_ID);
    return source.maps(SourceColumn.LINE_ID)
        ? coalesce(lineId.try_cast(DataTypes.LongType), xxhash64(lineId))
        : CandidateLines.identity(source);
  }

  private static Column lacksLineId(SourceSettings source) {
    return source.maps(SourceColumn.LINE_ID) ? column(SourceColumn.LINE_ID).isNull() : lit(false);
  }

  /**
   * Sets one of 64 bits by six bits of the key. If an order has as many bits as records, no key
   * occurs twice; sequential line numbers up to 64 never share their lowest six bits.
   */
  private static Column slot(Column key, int shift) {
    Column six = pmod(shiftrightunsigned(key, shift), lit(64L)).cast(DataTypes.IntegerType);
    return call_function("shiftleft", lit(1L), six);
  }
}
