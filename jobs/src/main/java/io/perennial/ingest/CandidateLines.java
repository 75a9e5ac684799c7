package io.perennial.ingest;

import static io.perennial.lake.Mapping.column;
import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.lake.Mapping;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Turns single records into lines, before records are compared with each other. A record with a
 * {@code refund_amount} gives a sale line and a derived refund line.
 *
 * <p>Candidates have the columns of {@link OrderLinesTable}, order-level attributes as read (null
 * where blank), and the columns declared here.
 */
final class CandidateLines {

  static final Field IDENTITY =
      Field.count(
          "identity", "Hash of the mapped order fields; identifies a line without line_id.");

  static final Field IS_NEW =
      Field.flag("is_new", "Whether the line is of a record of this run, not a retained line.");

  static final Field ORDER_DISCOUNT_TOTAL =
      Field.count("order_discount_total", "The order's discount on this record, in minor units.")
          .orNull();

  static final Field LINE_DISCOUNT =
      Field.count("line_discount", "Discount of the line alone, in minor units.");

  static final Field RETAINED_SHARE =
      Field.count(
              "retained_share", "Share of the order's discount on a retained line, in minor units.")
          .orNull();

  private CandidateLines() {}

  /**
   * @param usable rows of {@link RecordRules#check} that have no faults
   */
  static Dataset<Row> of(Dataset<Row> usable, SourceSettings source, int minorDigits) {
    boolean mayDerive = source.maps(SourceColumn.REFUND_AMOUNT);
    Column hasRefund =
        not(RecordRules.IS_REFUND.col())
            .and(coalesce(column(SourceColumn.REFUND_AMOUNT), lit(0)).gt(0));
    Dataset<Row> parts =
        usable.withColumn(
            OrderLinesTable.IS_DERIVED.name(),
            mayDerive
                ? explode(
                    when(hasRefund, array(lit(false), lit(true))).otherwise(array(lit(false))))
                : lit(false));
    Column derived = OrderLinesTable.IS_DERIVED.col();
    Column refund = RecordRules.IS_REFUND.col().or(derived);
    Column refundMinor = Money.minorUnits(column(SourceColumn.REFUND_AMOUNT));
    Column amountMinor =
        when(derived, refundMinor.unary_$minus())
            .when(RecordRules.IS_REFUND.col(), RecordRules.AMOUNT_MINOR.col().unary_$minus())
            .otherwise(RecordRules.AMOUNT_MINOR.col());
    Column money = lit(0).cast(DataTypes.createDecimalType(18, minorDigits));
    return parts.select(
        column(SourceColumn.ORDER_ID),
        column(SourceColumn.LINE_ID),
        column(SourceColumn.CUSTOMER_ID),
        when(refund, coalesce(column(SourceColumn.REFUNDED_AT), column(SourceColumn.ORDERED_AT)))
            .otherwise(column(SourceColumn.ORDERED_AT))
            .as(OrderLinesTable.ORDERED_AT.name()),
        when(refund, OrderLinesTable.REFUND)
            .otherwise(OrderLinesTable.SALE)
            .as(OrderLinesTable.KIND.name()),
        column(SourceColumn.PRODUCT_ID),
        column(SourceColumn.PRODUCT_NAME),
        column(SourceColumn.CATEGORY),
        when(not(refund), column(SourceColumn.QUANTITY))
            .when(not(derived), abs(column(SourceColumn.QUANTITY)).unary_$minus())
            .as(OrderLinesTable.QUANTITY.name()),
        when(not(derived), abs(column(SourceColumn.UNIT_PRICE)))
            .as(OrderLinesTable.UNIT_PRICE.name()),
        Money.ofMinorUnits(amountMinor, minorDigits).as(OrderLinesTable.AMOUNT.name()),
        when(refund, lit(0L))
            .otherwise(coalesce(Money.minorUnits(column(SourceColumn.DISCOUNT)), lit(0L)))
            .as(LINE_DISCOUNT.name()),
        Money.minorUnits(column(SourceColumn.ORDER_DISCOUNT)).as(ORDER_DISCOUNT_TOTAL.name()),
        when(derived, money)
            .otherwise(coalesce(column(SourceColumn.SHIPPING), money))
            .as(OrderLinesTable.SHIPPING.name()),
        when(derived, money)
            .otherwise(coalesce(column(SourceColumn.TAX), money))
            .as(OrderLinesTable.TAX.name()),
        column(SourceColumn.STATUS),
        column(SourceColumn.IS_TEST),
        column(SourceColumn.IS_GUEST),
        column(SourceColumn.CHANNEL),
        column(SourceColumn.DISCOUNT_CODE),
        column(SourceColumn.COUNTRY),
        column(SourceColumn.UPDATED_AT),
        derived.as(OrderLinesTable.IS_DERIVED.name()),
        identity(source).as(IDENTITY.name()),
        Mapping.FILE.col());
  }

  /** Marks candidates as lines of records of this run. */
  static Dataset<Row> asNew(Dataset<Row> candidates) {
    return candidates
        .withColumn(IS_NEW.name(), lit(true))
        .withColumn(RETAINED_SHARE.name(), lit(null).cast(DataTypes.LongType));
  }

  /** Gives rows of order_lines the columns of candidates. */
  static Dataset<Row> ofRetained(Dataset<Row> lines) {
    return lines
        .withColumn(IDENTITY.name(), lit(0L))
        .withColumn(ORDER_DISCOUNT_TOTAL.name(), lit(null).cast(DataTypes.LongType))
        .withColumn(RETAINED_SHARE.name(), Money.minorUnits(OrderLinesTable.ORDER_DISCOUNT))
        .withColumn(
            LINE_DISCOUNT.name(),
            Money.minorUnits(OrderLinesTable.DISCOUNT)
                .minus(Money.minorUnits(OrderLinesTable.ORDER_DISCOUNT)))
        .withColumn(IS_NEW.name(), lit(false))
        .drop(
            OrderLinesTable.ORDER_MONTH.name(),
            OrderLinesTable.IS_COUNTED.name(),
            OrderLinesTable.DISCOUNT.name(),
            OrderLinesTable.ORDER_DISCOUNT.name(),
            OrderLinesTable.CURRENCY.name());
  }

  /** Hash that identifies a record without line_id within its order. */
  static Column identity(SourceSettings source) {
    return hash(
        Arrays.stream(SourceColumn.values())
            .filter(column -> column.isIdentity() && source.maps(column))
            .toList());
  }

  /** Hash of the order-level attributes; records of a clean order agree in it. */
  static Column orderAttributes() {
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
   * Spark's hash skips nulls, so a bit mask of the null values is hashed too: a tax of 5 without
   * shipping must differ from a shipping of 5 without tax.
   */
  private static Column hash(List<SourceColumn> columns) {
    List<Column> values = new ArrayList<>();
    Column nulls = lit(0L);
    for (SourceColumn column : columns) {
      nulls =
          nulls.plus(when(column(column).isNull(), lit(1L << values.size())).otherwise(lit(0L)));
      values.add(column(column));
    }
    values.add(nulls);
    return xxhash64(values.toArray(Column[]::new));
  }
}
