package io.perennial.orders;

import static io.perennial.orders.Candidates.ORDER_DISCOUNT_TOTAL;
import static io.perennial.orders.Candidates.OWN_DISCOUNT;
import static io.perennial.orders.OrderLinesTable.AMOUNT;
import static io.perennial.orders.OrderLinesTable.CUSTOMER_ID;
import static io.perennial.orders.OrderLinesTable.DISCOUNT;
import static io.perennial.orders.OrderLinesTable.IS_COUNTED;
import static io.perennial.orders.OrderLinesTable.IS_GUEST;
import static io.perennial.orders.OrderLinesTable.IS_TEST;
import static io.perennial.orders.OrderLinesTable.KIND;
import static io.perennial.orders.OrderLinesTable.LINE_ID;
import static io.perennial.orders.OrderLinesTable.ORDERED_AT;
import static io.perennial.orders.OrderLinesTable.ORDER_DISCOUNT;
import static io.perennial.orders.OrderLinesTable.ORDER_ID;
import static io.perennial.orders.OrderLinesTable.ORDER_MONTH;
import static io.perennial.orders.OrderLinesTable.SALE;
import static io.perennial.orders.OrderLinesTable.STATUS;
import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trunc;
import static org.apache.spark.sql.functions.when;

import io.perennial.config.SourceColumn;
import io.perennial.config.SourceSettings;
import io.perennial.table.Field;
import io.perennial.table.Money;
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
final class OrderCells {

  private static final String CANCELLED = "cancelled";

  /**
   * Cells that belong to the order: the smallest value counts for all of its lines, which does not
   * depend on when they were read. Only the status may differ between lines; those that have none
   * are given the smallest.
   */
  private static final List<Field> FILLED =
      List.of(
          CUSTOMER_ID,
          STATUS,
          OrderLinesTable.CHANNEL,
          OrderLinesTable.DISCOUNT_CODE,
          OrderLinesTable.COUNTRY);

  private OrderCells() {}

  /**
   * For orders whose records are usable, all say the same, have their line_id where it is mapped,
   * and no order discount: nothing to even out.
   */
  static Dataset<Row> ofPlainOrders(Dataset<Row> lines, SourceSettings source) {
    Column lineId =
        source.maps(SourceColumn.LINE_ID) ? LINE_ID.col() : Resolution.generatedLineId(lit(1));
    Column test = coalesce(IS_TEST.col(), lit(false));
    return lines
        .withColumn(LINE_ID.name(), Resolution.withPart(lineId))
        .withColumn("share", lit(0L))
        .withColumn(IS_TEST.name(), test)
        .withColumn(IS_GUEST.name(), coalesce(IS_GUEST.col(), lit(false)))
        .withColumn(IS_COUNTED.name(), not(test).and(not(isCancelled())));
  }

  /**
   * For all lines of orders that {@link Resolution} accepted.
   *
   * @param haveOrderDiscounts whether the source has discounts of whole orders
   */
  static Dataset<Row> ofIntricateOrders(Dataset<Row> lines, boolean haveOrderDiscounts) {
    WindowSpec order = Window.partitionBy(ORDER_ID.col());
    Dataset<Row> filled = lines;
    for (Field cell : FILLED) {
      Column known = min(cell.col()).over(order);
      filled =
          filled.withColumn(cell.name(), cell.equals(STATUS) ? coalesce(cell.col(), known) : known);
    }
    Column sale = KIND.col().equalTo(SALE);
    Column anySale = max(when(sale, lit(1))).over(order);
    Column decides = sale.or(anySale.isNull());
    Column open = count(when(decides.and(not(isCancelled())), lit(1))).over(order).gt(0);
    Dataset<Row> evened =
        filled
            .withColumn(
                ORDERED_AT.name(), coalesce(ORDERED_AT.col(), min(ORDERED_AT.col()).over(order)))
            .withColumn(IS_TEST.name(), coalesce(max(IS_TEST.col()).over(order), lit(false)))
            .withColumn(IS_GUEST.name(), coalesce(max(IS_GUEST.col()).over(order), lit(false)))
            .withColumn(IS_COUNTED.name(), not(IS_TEST.col()).and(open));
    return haveOrderDiscounts
        ? withShares(evened, order, sale)
        : evened.withColumn("share", lit(0L));
  }

  /**
   * Spreads the order's discount over its sale lines by amount, largest remainder first (then the
   * smaller line_id). Where all amounts are zero, the first line takes it.
   */
  private static Dataset<Row> withShares(Dataset<Row> lines, WindowSpec order, Column sale) {
    Column wide = Money.minorUnits(AMOUNT).cast(DataTypes.createDecimalType(19, 0));
    Column total =
        greatest(
            coalesce(max(ORDER_DISCOUNT_TOTAL).over(order), lit(0L)),
            coalesce(sum(col("earlier_share")).over(order), lit(0L)));
    Column product = col("discount_total").cast(DataTypes.createDecimalType(19, 0)).multiply(wide);
    WindowSpec byRemainder =
        Window.partitionBy(ORDER_ID.col(), KIND.col())
            .orderBy(col("remainder").desc(), LINE_ID.col().asc());
    return lines
        .withColumn("discount_total", total)
        .withColumn(
            "sale_total", coalesce(sum(when(sale, Money.minorUnits(AMOUNT))).over(order), lit(0L)))
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
    return coalesce(lower(STATUS.col()).equalTo(CANCELLED), lit(false));
  }

  /** The columns of {@link OrderLinesTable}, from either kind of order. */
  static Dataset<Row> asOrderLines(Dataset<Row> lines, String currency, int minorDigits) {
    return lines
        .withColumn(
            DISCOUNT.name(), Money.ofMinorUnits(OWN_DISCOUNT.plus(col("share")), minorDigits))
        .withColumn(ORDER_DISCOUNT.name(), Money.ofMinorUnits(col("share"), minorDigits))
        .withColumn(OrderLinesTable.CURRENCY.name(), lit(currency))
        .withColumn(ORDER_MONTH.name(), trunc(ORDERED_AT.col(), "MM"))
        .select(OrderLinesTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }
}
