package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.lake.Mapping;
import io.perennial.spark.Money;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Lines as single records give them, before records are compared with each other: a record with a
 * {@code refund_amount} gives its sale line and a derived refund line.
 *
 * <p>They have the columns of {@link OrderLinesTable}, order-level cells as read (null where
 * blank), and the columns declared here.
 */
final class CandidateLines {

  /** Hash of the mapped order fields: the line's identity where no line_id is mapped. */
  static final Column IDENTITY = col("identity");

  /** Whether the line is of the records read now, not one accepted earlier. */
  static final Column IS_NEW = col("is_new");

  /** Discount of the whole order in minor units, as this record has it. */
  static final Column ORDER_DISCOUNT_TOTAL = col("order_discount_total");

  /** Discount of the line alone, in minor units. */
  static final Column OWN_DISCOUNT = col("own_discount");

  private CandidateLines() {}

  /**
   * @param usable records as {@link RecordRules#check} gives them, without the unusable ones
   */
  static Dataset<Row> of(Dataset<Row> usable, SourceSettings source, int minorDigits) {
    boolean mayDerive = source.maps(SourceColumn.REFUND_AMOUNT);
    Column hasRefund =
        not(RecordRules.IS_REFUND).and(coalesce(c(SourceColumn.REFUND_AMOUNT), lit(0)).gt(0));
    Dataset<Row> parts =
        usable.withColumn(
            "is_derived",
            mayDerive
                ? explode(
                    when(hasRefund, array(lit(false), lit(true))).otherwise(array(lit(false))))
                : lit(false));
    Column derived = OrderLinesTable.IS_DERIVED.col();
    Column refund = RecordRules.IS_REFUND.or(derived);
    Column refundMinor = Money.minorUnits(c(SourceColumn.REFUND_AMOUNT));
    Column amountMinor =
        when(derived, refundMinor.unary_$minus())
            .when(RecordRules.IS_REFUND, RecordRules.AMOUNT_MINOR.unary_$minus())
            .otherwise(RecordRules.AMOUNT_MINOR);
    Column money = lit(0).cast(DataTypes.createDecimalType(18, minorDigits));
    return parts.select(
        c(SourceColumn.ORDER_ID),
        c(SourceColumn.LINE_ID),
        c(SourceColumn.CUSTOMER_ID),
        when(refund, coalesce(c(SourceColumn.REFUNDED_AT), c(SourceColumn.ORDERED_AT)))
            .otherwise(c(SourceColumn.ORDERED_AT))
            .as(OrderLinesTable.ORDERED_AT.name()),
        when(refund, OrderLinesTable.REFUND)
            .otherwise(OrderLinesTable.SALE)
            .as(OrderLinesTable.KIND.name()),
        c(SourceColumn.PRODUCT_ID),
        c(SourceColumn.PRODUCT_NAME),
        c(SourceColumn.CATEGORY),
        when(not(refund), c(SourceColumn.QUANTITY))
            .when(not(derived), abs(c(SourceColumn.QUANTITY)).unary_$minus())
            .as(OrderLinesTable.QUANTITY.name()),
        when(not(derived), abs(c(SourceColumn.UNIT_PRICE))).as(OrderLinesTable.UNIT_PRICE.name()),
        Money.ofMinorUnits(amountMinor, minorDigits).as(OrderLinesTable.AMOUNT.name()),
        when(refund, lit(0L))
            .otherwise(coalesce(Money.minorUnits(c(SourceColumn.DISCOUNT)), lit(0L)))
            .as("own_discount"),
        Money.minorUnits(c(SourceColumn.ORDER_DISCOUNT)).as("order_discount_total"),
        when(derived, money)
            .otherwise(coalesce(c(SourceColumn.SHIPPING), money))
            .as(OrderLinesTable.SHIPPING.name()),
        when(derived, money)
            .otherwise(coalesce(c(SourceColumn.TAX), money))
            .as(OrderLinesTable.TAX.name()),
        c(SourceColumn.STATUS),
        c(SourceColumn.IS_TEST),
        c(SourceColumn.IS_GUEST),
        c(SourceColumn.CHANNEL),
        c(SourceColumn.DISCOUNT_CODE),
        c(SourceColumn.COUNTRY),
        c(SourceColumn.UPDATED_AT),
        derived.as(OrderLinesTable.IS_DERIVED.name()),
        identity(source).as("identity"),
        Mapping.FILE);
  }

  /** Marks candidates that were just read. */
  static Dataset<Row> asNew(Dataset<Row> candidates) {
    return candidates
        .withColumn("is_new", lit(true))
        .withColumn("earlier_share", lit(null).cast(DataTypes.LongType));
  }

  /** Lines accepted earlier, in the shape of candidates. */
  static Dataset<Row> ofAccepted(Dataset<Row> lines) {
    return lines
        .withColumn("identity", lit(0L))
        .withColumn("order_discount_total", lit(null).cast(DataTypes.LongType))
        .withColumn("earlier_share", Money.minorUnits(OrderLinesTable.ORDER_DISCOUNT))
        .withColumn(
            "own_discount",
            Money.minorUnits(OrderLinesTable.DISCOUNT)
                .minus(Money.minorUnits(OrderLinesTable.ORDER_DISCOUNT)))
        .withColumn("is_new", lit(false))
        .drop(
            OrderLinesTable.ORDER_MONTH.name(),
            OrderLinesTable.IS_COUNTED.name(),
            OrderLinesTable.DISCOUNT.name(),
            OrderLinesTable.ORDER_DISCOUNT.name(),
            OrderLinesTable.CURRENCY.name());
  }

  /** Hash of what identifies a record that has no line_id. */
  static Column identity(SourceSettings source) {
    return hash(
        Arrays.stream(SourceColumn.values())
            .filter(column -> column.isIdentity() && source.maps(column))
            .toList());
  }

  /** Hash of the order-level cells: an order whose records differ in it needs them evened out. */
  static Column orderCells() {
    return hash(
        List.of(
            SourceColumn.CUSTOMER_ID,
            SourceColumn.STATUS,
            SourceColumn.IS_TEST,
            SourceColumn.IS_GUEST,
            SourceColumn.CHANNEL,
            SourceColumn.DISCOUNT_CODE,
            SourceColumn.COUNTRY));
  }

  /**
   * Spark's hash passes nulls over: which cells are blank is hashed too, or a tax of 5 without
   * shipping would equal a shipping of 5 without tax.
   */
  private static Column hash(List<SourceColumn> columns) {
    List<Column> cells = new ArrayList<>();
    Column blanks = lit(0L);
    for (SourceColumn column : columns) {
      blanks = blanks.plus(when(c(column).isNull(), lit(1L << cells.size())).otherwise(lit(0L)));
      cells.add(c(column));
    }
    cells.add(blanks);
    return xxhash64(cells.toArray(Column[]::new));
  }

  static Column c(SourceColumn column) {
    return col(column.label());
  }
}
