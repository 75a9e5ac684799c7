package io.perennial.ingest;

import static io.perennial.ingest.CandidateLines.c;
import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.config.SourceSettings.Updates;
import io.perennial.lake.Mapping;
import io.perennial.spark.BloomKeyFilter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * A cheap first look that tells which orders need their records compared with each other. Most do
 * not: no record comes twice and all say the same of the order. Only machine words are aggregated,
 * so that the look costs one narrow shuffle; an order may be called intricate for nothing, never
 * plain for nothing.
 */
final class OrderDigest {

  /** Hash of the order; different orders may share one, which only makes both intricate. */
  static final Column ORDER_HASH = col("order_hash");

  static final Column IS_INTRICATE = col("is_intricate");

  /** Whether a key may occur twice in the order; {@link #withRepeats} tells for certain. */
  static final Column MAY_REPEAT = col("may_repeat");

  static final Column RECORDS = col("records");
  static final Column FAULTY = col("faulty");

  private OrderDigest() {}

  /**
   * A condition on rows with an order_id: whether they are of these orders, or of a few others.
   *
   * @param hashes rows with {@link #ORDER_HASH} alone, repeated or not
   * @param most at least the number of different ones
   */
  static Column isAmong(Dataset<Row> hashes, long most) {
    return BloomKeyFilter.isAmong(hashes, most, OrderLinesTable.ORDER_ID.col());
  }

  /** The hash of each row's order, as {@link #ORDER_HASH}. */
  static Dataset<Row> hashes(Dataset<Row> rows) {
    return rows.select(hashOf(OrderLinesTable.ORDER_ID.col()).as("order_hash"));
  }

  static Column hashOf(Column orderId) {
    return BloomKeyFilter.hashOf(orderId);
  }

  /**
   * One row per order hash.
   *
   * @param checked records as {@link RecordRules#check} gives them
   */
  static Dataset<Row> of(Dataset<Row> checked, SourceSettings source) {
    Column good = not(Mapping.IS_FAULTY);
    Column file = xxhash64(Mapping.FILE);
    Column key = key(source);
    Dataset<Row> narrow =
        checked.select(
            hashOf(c(SourceColumn.ORDER_ID)).as("order_hash"),
            good.as("good"),
            file.as("file"),
            cells(source).as("cells"),
            slot(key, 0).as("slot_a"),
            slot(key, 6).as("slot_b"),
            coalesce(c(SourceColumn.ORDER_DISCOUNT), lit(0)).gt(0).as("has_order_discount"),
            c(SourceColumn.ORDERED_AT).isNull().or(lacksLineId(source)).as("lacks_cell"));
    return narrow
        .groupBy(ORDER_HASH)
        .agg(
            count(when(col("good"), lit(1))).as("records"),
            sum(when(col("good"), lit(0L)).otherwise(lit(1L))).as("faulty"),
            min(when(col("good"), col("file"))).as("file_min"),
            max(when(col("good"), col("file"))).as("file_max"),
            min(when(col("good"), col("cells"))).as("cells_min"),
            max(when(col("good"), col("cells"))).as("cells_max"),
            call_function("bit_or", when(col("good"), col("slot_a"))).as("slots_a"),
            call_function("bit_or", when(col("good"), col("slot_b"))).as("slots_b"),
            max(when(col("good").and(col("has_order_discount").or(col("lacks_cell"))), lit(1)))
                .as("needs_order"))
        .select(
            ORDER_HASH,
            RECORDS,
            FAULTY,
            FAULTY
                .gt(0)
                .or(versionsMayDiffer(source))
                .or(col("cells_min").notEqual(col("cells_max")))
                .or(col("needs_order").isNotNull())
                .as("is_intricate"),
            RECORDS
                .gt(bit_count(col("slots_a")))
                .and(RECORDS.gt(bit_count(col("slots_b"))))
                .as("may_repeat"));
  }

  /** What all records of an order must agree in to be plain; the version where orders have one. */
  private static Column cells(SourceSettings source) {
    return source.updates() == Updates.ORDER
        ? xxhash64(CandidateLines.orderCells(), c(SourceColumn.UPDATED_AT))
        : CandidateLines.orderCells();
  }

  /** Whole orders are versions by file; single lines meet only where their key occurs twice. */
  private static Column versionsMayDiffer(SourceSettings source) {
    return source.updates() == Updates.ORDER
        ? col("file_min").notEqual(col("file_max"))
        : lit(false);
  }

  /** Hashes of those of the given orders in which a key does occur twice. */
  static Dataset<Row> withRepeats(
      Dataset<Row> checked, SourceSettings source, Dataset<Row> suspects) {
    Dataset<Row> keys =
        checked
            .where(not(Mapping.IS_FAULTY))
            .select(hashOf(c(SourceColumn.ORDER_ID)).as("of_order"), key(source).as("key"));
    return keys.join(suspects.select(ORDER_HASH), col("of_order").equalTo(ORDER_HASH), "left_semi")
        .groupBy(col("of_order"), col("key"))
        .count()
        .where(col("count").gt(1))
        .select(col("of_order").as("order_hash"))
        .distinct();
  }

  /** An order in which a mapped line_id is missing is intricate anyway. */
  private static Column key(SourceSettings source) {
    Column lineId = c(SourceColumn.LINE_ID);
    return source.maps(SourceColumn.LINE_ID)
        ? coalesce(lineId.try_cast(DataTypes.LongType), xxhash64(lineId))
        : CandidateLines.identity(source);
  }

  private static Column lacksLineId(SourceSettings source) {
    return source.maps(SourceColumn.LINE_ID) ? c(SourceColumn.LINE_ID).isNull() : lit(false);
  }

  /**
   * One of 64 bits by six bits of the key. If the records of an order set as many bits as there are
   * records, no key occurs twice; sequential line numbers up to 64 never meet in the lowest six.
   */
  private static Column slot(Column key, int shift) {
    Column six = pmod(shiftrightunsigned(key, shift), lit(64L)).cast(DataTypes.IntegerType);
    return call_function("shiftleft", lit(1L), six);
  }
}
