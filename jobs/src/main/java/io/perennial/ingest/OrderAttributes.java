package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/**
 * Copies the attributes of an order to each of its lines: fills blank values, spreads the order's
 * discount over its sale lines, and decides whether the order counts.
 */
final class OrderAttributes {

  private static final String CANCELLED = "cancelled";

  /**
   * All lines get the smallest value of the order, which does not depend on the order of reading.
   * The status alone may differ between lines; only blank ones get the smallest.
   */
  static final List<Field> FILLED =
      List.of(
          OrderLinesTable.CUSTOMER_ID,
          OrderLinesTable.STATUS,
          OrderLinesTable.CHANNEL,
          OrderLinesTable.DISCOUNT_CODE,
          OrderLinesTable.COUNTRY);

  private static final DecimalType WIDE = DataTypes.createDecimalType(19, 0);

  private static final Field SHARE =
      Field.count("share", "The line's share of the order's discount, in minor units.");
  private static final Field DISCOUNT_TOTAL =
      Field.count("discount_total", "The order's discount, in minor units.");
  private static final Field SALE_TOTAL =
      Field.count("sale_total", "Amount of the order's sale lines, in minor units.");
  private static final Field WHOLE_SHARE =
      Field.count("whole_share", "The share rounded down, in minor units.");
  private static final Field REMAINDER =
      Field.of("remainder", DataTypes.createDecimalType(38, 0), "Remainder of the division.");
  private static final Field LEFT_OVER =
      Field.count("left_over", "Minor units that the shares rounded down leave over.");
  private static final Field TURN = Field.count("turn", "Position of the line by remainder.");

  private OrderAttributes() {}

  /**
   * Completes lines of clean orders: all records are usable and agree, have a line_id where it is
   * mapped, and no order discount.
   */
  static Dataset<Row> ofCleanOrders(Dataset<Row> lines, SourceSettings source) {
    Column lineId =
        source.maps(SourceColumn.LINE_ID)
            ? OrderLinesTable.LINE_ID.col()
            : Deduplication.generatedLineId(lit(1));
    Column test = coalesce(OrderLinesTable.IS_TEST.col(), lit(false));
    return lines
        .withColumn(OrderLinesTable.LINE_ID.name(), Deduplication.withPart(lineId))
        .withColumn(SHARE.name(), lit(0L))
        .withColumn(OrderLinesTable.IS_TEST.name(), test)
        .withColumn(
            OrderLinesTable.IS_GUEST.name(), coalesce(OrderLinesTable.IS_GUEST.col(), lit(false)))
        .withColumn(OrderLinesTable.IS_COUNTED.name(), not(test).and(not(isCancelled())));
  }

  /** Completes accepted lines of conflicting orders; all lines of an order are needed. */
  static Dataset<Row> ofConflictingOrders(Dataset<Row> lines, SourceSettings source) {
    WindowSpec order = Window.partitionBy(OrderLinesTable.ORDER_ID.col());
    Dataset<Row> filled = lines;
    for (Field attribute : FILLED) {
      Column known = min(attribute.col()).over(order);
      filled =
          filled.withColumn(
              attribute.name(),
              attribute.equals(OrderLinesTable.STATUS) ? coalesce(attribute.col(), known) : known);
    }
    Column sale = OrderLinesTable.KIND.col().equalTo(OrderLinesTable.SALE);
    Column anySale = max(when(sale, lit(1))).over(order);
    Column decides = sale.or(anySale.isNull());
    Column open = count(when(decides.and(not(isCancelled())), lit(1))).over(order).gt(0);
    Dataset<Row> completed =
        filled
            .withColumn(
                OrderLinesTable.ORDERED_AT.name(),
                coalesce(
                    OrderLinesTable.ORDERED_AT.col(),
                    min(OrderLinesTable.ORDERED_AT.col()).over(order)))
            .withColumn(
                OrderLinesTable.IS_TEST.name(),
                coalesce(max(OrderLinesTable.IS_TEST.col()).over(order), lit(false)))
            .withColumn(
                OrderLinesTable.IS_GUEST.name(),
                coalesce(max(OrderLinesTable.IS_GUEST.col()).over(order), lit(false)))
            .withColumn(
                OrderLinesTable.IS_COUNTED.name(), not(OrderLinesTable.IS_TEST.col()).and(open));
    return source.maps(SourceColumn.ORDER_DISCOUNT)
        ? withShares(completed, order, sale)
        : completed.withColumn(SHARE.name(), lit(0L));
  }

  /**
   * Spreads the order's discount over its sale lines in proportion to their amounts, by the largest
   * remainder method; ties go to the smaller line_id. If all amounts are zero, the first line takes
   * the discount.
   */
  private static Dataset<Row> withShares(Dataset<Row> lines, WindowSpec order, Column sale) {
    Column amount = Money.minorUnits(OrderLinesTable.AMOUNT);
    Column hasAmount = sale.and(SALE_TOTAL.col().gt(0));
    Column total =
        greatest(
            coalesce(max(CandidateLines.ORDER_DISCOUNT_TOTAL.col()).over(order), lit(0L)),
            coalesce(sum(CandidateLines.RETAINED_SHARE.col()).over(order), lit(0L)));
    Column product = DISCOUNT_TOTAL.col().cast(WIDE).multiply(amount.cast(WIDE));
    WindowSpec byRemainder =
        Window.partitionBy(OrderLinesTable.ORDER_ID.col(), OrderLinesTable.KIND.col())
            .orderBy(REMAINDER.col().desc(), OrderLinesTable.LINE_ID.col().asc());
    return lines
        .withColumn(DISCOUNT_TOTAL.name(), total)
        .withColumn(SALE_TOTAL.name(), coalesce(sum(when(sale, amount)).over(order), lit(0L)))
        .withColumn(
            WHOLE_SHARE.name(),
            when(
                    hasAmount,
                    call_function("div", product, SALE_TOTAL.col().cast(WIDE))
                        .cast(DataTypes.LongType))
                .otherwise(lit(0L)))
        .withColumn(
            REMAINDER.name(),
            when(
                    hasAmount,
                    product.minus(
                        WHOLE_SHARE.col().cast(WIDE).multiply(SALE_TOTAL.col().cast(WIDE))))
                .otherwise(lit(0).cast(REMAINDER.fixedType())))
        .withColumn(
            LEFT_OVER.name(),
            DISCOUNT_TOTAL
                .col()
                .minus(sum(when(sale, WHOLE_SHARE.col()).otherwise(lit(0L))).over(order)))
        .withColumn(TURN.name(), row_number().over(byRemainder).cast(DataTypes.LongType))
        .withColumn(
            SHARE.name(),
            when(not(sale), lit(0L))
                .when(
                    SALE_TOTAL.col().gt(0),
                    WHOLE_SHARE
                        .col()
                        .plus(when(TURN.col().leq(LEFT_OVER.col()), lit(1L)).otherwise(lit(0L))))
                .otherwise(when(TURN.col().equalTo(1), LEFT_OVER.col()).otherwise(lit(0L))))
        .drop(
            Stream.of(DISCOUNT_TOTAL, SALE_TOTAL, WHOLE_SHARE, REMAINDER, LEFT_OVER, TURN)
                .map(Field::name)
                .toArray(String[]::new));
  }

  private static Column isCancelled() {
    return coalesce(lower(OrderLinesTable.STATUS.col()).equalTo(CANCELLED), lit(false));
  }

  /** Rows of order_lines. */
  static Dataset<Row> asOrderLines(Dataset<Row> lines, String currency, int minorDigits) {
    return lines
        .withColumn(
            OrderLinesTable.DISCOUNT.name(),
            Money.ofMinorUnits(CandidateLines.LINE_DISCOUNT.col().plus(SHARE.col()), minorDigits))
        .withColumn(
            OrderLinesTable.ORDER_DISCOUNT.name(), Money.ofMinorUnits(SHARE.col(), minorDigits))
        .withColumn(OrderLinesTable.CURRENCY.name(), lit(currency))
        .withColumn(
            OrderLinesTable.ORDER_MONTH.name(), trunc(OrderLinesTable.ORDERED_AT.col(), "MM"))
        .select(OrderLinesTable.TABLE.columns());
  }
}
