package io.perennial.ingest;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;

/**
 * What an order says as a whole, written on each of its lines: blank order-level cells are filled,
 * an order's discount is spread over its sale lines, and it is decided whether the order counts.
 */
final class OrderAttributes {

  private static final String CANCELLED = "cancelled";

  /**
   * Cells that belong to the order: the smallest value counts for all of its lines, which does not
   * depend on when they were read. Only the status may differ between lines; those that have none
   * are given the smallest.
   */
  private static final List<Field> FILLED =
      List.of(
          OrderLinesTable.CUSTOMER_ID,
          OrderLinesTable.STATUS,
          OrderLinesTable.CHANNEL,
          OrderLinesTable.DISCOUNT_CODE,
          OrderLinesTable.COUNTRY);

  private OrderAttributes() {}

  /**
   * For orders whose records are usable, all say the same, have their line_id where it is mapped,
   * and no order discount: nothing to even out.
   */
  static Dataset<Row> ofPlainOrders(Dataset<Row> lines, SourceSettings source) {
    Column lineId =
        source.maps(SourceColumn.LINE_ID)
            ? OrderLinesTable.LINE_ID.col()
            : Deduplication.generatedLineId(lit(1));
    Column test = coalesce(OrderLinesTable.IS_TEST.col(), lit(false));
    return lines
        .withColumn(OrderLinesTable.LINE_ID.name(), Deduplication.withPart(lineId))
        .withColumn("share", lit(0L))
        .withColumn(OrderLinesTable.IS_TEST.name(), test)
        .withColumn(
            OrderLinesTable.IS_GUEST.name(), coalesce(OrderLinesTable.IS_GUEST.col(), lit(false)))
        .withColumn(OrderLinesTable.IS_COUNTED.name(), not(test).and(not(isCancelled())));
  }

  /**
   * For all lines of orders that {@link Deduplication} accepted.
   *
   * @param haveOrderDiscounts whether the source has discounts of whole orders
   */
  static Dataset<Row> ofIntricateOrders(Dataset<Row> lines, boolean haveOrderDiscounts) {
    WindowSpec order = Window.partitionBy(OrderLinesTable.ORDER_ID.col());
    Dataset<Row> filled = lines;
    for (Field cell : FILLED) {
      Column known = min(cell.col()).over(order);
      filled =
          filled.withColumn(
              cell.name(),
              cell.equals(OrderLinesTable.STATUS) ? coalesce(cell.col(), known) : known);
    }
    Column sale = OrderLinesTable.KIND.col().equalTo(OrderLinesTable.SALE);
    Column anySale = max(when(sale, lit(1))).over(order);
    Column decides = sale.or(anySale.isNull());
    Column open = count(when(decides.and(not(isCancelled())), lit(1))).over(order).gt(0);
    Dataset<Row> evened =
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
    return haveOrderDiscounts
        ? withShares(evened, order, sale)
        : evened.withColumn("share", lit(0L));
  }

  /**
   * Spreads the order's discount over its sale lines by amount, largest remainder first (then the
   * smaller line_id). Where all amounts are zero, the first line takes it.
   */
  private static Dataset<Row> withShares(Dataset<Row> lines, WindowSpec order, Column sale) {
    Column wide = Money.minorUnits(OrderLinesTable.AMOUNT).cast(DataTypes.createDecimalType(19, 0));
    Column total =
        greatest(
            coalesce(max(CandidateLines.ORDER_DISCOUNT_TOTAL).over(order), lit(0L)),
            coalesce(sum(col("earlier_share")).over(order), lit(0L)));
    Column product = col("discount_total").cast(DataTypes.createDecimalType(19, 0)).multiply(wide);
    WindowSpec byRemainder =
        Window.partitionBy(OrderLinesTable.ORDER_ID.col(), OrderLinesTable.KIND.col())
            .orderBy(col("remainder").desc(), OrderLinesTable.LINE_ID.col().asc());
    return lines
        .withColumn("discount_total", total)
        .withColumn(
            "sale_total",
            coalesce(
                sum(when(sale, Money.minorUnits(OrderLinesTable.AMOUNT))).over(order), lit(0L)))
        .withColumn(
            "whole_share",
            when(sale.and(col("sale_total").gt(0)), wholeShare(wide)).otherwise(lit(0L)))
        .withColumn(
            "remainder",
            when(
                    sale.and(col("sale_total").gt(0)),
                    product.minus(
                        col("whole_share")
                            .cast(DataTypes.createDecimalType(19, 0))
                            .multiply(col("sale_total").cast(DataTypes.createDecimalType(19, 0)))))
                .otherwise(lit(0).cast(DataTypes.createDecimalType(38, 0))))
        .withColumn(
            "left_over",
            col("discount_total")
                .minus(sum(when(sale, col("whole_share")).otherwise(lit(0L))).over(order)))
        .withColumn("turn", row_number().over(byRemainder).cast(DataTypes.LongType))
        .withColumn(
            "share",
            when(not(sale), lit(0L))
                .when(
                    col("sale_total").gt(0),
                    col("whole_share")
                        .plus(when(col("turn").leq(col("left_over")), lit(1L)).otherwise(lit(0L))))
                .otherwise(when(col("turn").equalTo(1), col("left_over")).otherwise(lit(0L))))
        .drop("discount_total", "sale_total", "whole_share", "remainder", "left_over", "turn");
  }

  /** Integer part of discount x amount / sum of amounts, by exact integer division. */
  private static Column wholeShare(Column wideAmount) {
    return call_function(
            "div",
            col("discount_total").cast(DataTypes.createDecimalType(19, 0)).multiply(wideAmount),
            col("sale_total").cast(DataTypes.createDecimalType(19, 0)))
        .cast(DataTypes.LongType);
  }

  private static Column isCancelled() {
    return coalesce(lower(OrderLinesTable.STATUS.col()).equalTo(CANCELLED), lit(false));
  }

  /** The columns of {@link OrderLinesTable}, from either kind of order. */
  static Dataset<Row> asOrderLines(Dataset<Row> lines, String currency, int minorDigits) {
    return lines
        .withColumn(
            OrderLinesTable.DISCOUNT.name(),
            Money.ofMinorUnits(CandidateLines.OWN_DISCOUNT.plus(col("share")), minorDigits))
        .withColumn(
            OrderLinesTable.ORDER_DISCOUNT.name(), Money.ofMinorUnits(col("share"), minorDigits))
        .withColumn(OrderLinesTable.CURRENCY.name(), lit(currency))
        .withColumn(
            OrderLinesTable.ORDER_MONTH.name(), trunc(OrderLinesTable.ORDERED_AT.col(), "MM"))
        .select(OrderLinesTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }
}
