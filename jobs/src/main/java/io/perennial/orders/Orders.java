package io.perennial.orders;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Computes {@code orders} from {@code order_lines}. */
public final class Orders {

  private static final Field FIRST_SECOND_AND_CODE =
      Field.count("first_second_and_code", "Least second and category code of the sale lines.");

  private Orders() {}

  /**
   * One row per order. All lines of an order have the same order-level attributes, so these are
   * grouping keys, and only 64-bit values are aggregated.
   *
   * @param lines rows of order_lines
   * @param categories the categories of at least these lines
   */
  public static Dataset<Row> of(Dataset<Row> lines, Categories categories, int minorDigits) {
    Column counted = OrderLinesTable.IS_COUNTED.col();
    Column sale = OrderLinesTable.KIND.col().equalTo(OrderLinesTable.SALE);
    Column countedSale = counted.and(sale);
    Column countedRefund = counted.and(OrderLinesTable.KIND.col().equalTo(OrderLinesTable.REFUND));
    Column time = OrderLinesTable.ORDERED_AT.col();
    Column gross = total(countedSale, OrderLinesTable.AMOUNT);
    Column discount = total(counted, OrderLinesTable.DISCOUNT);
    Column refunded = total(countedRefund, OrderLinesTable.AMOUNT).unary_$minus();
    Dataset<Row> grouped =
        categories
            .encode(lines)
            .groupBy(
                OrdersTable.ORDER_ID.col(),
                OrdersTable.CUSTOMER_ID.col(),
                OrdersTable.IS_GUEST.col(),
                OrdersTable.CHANNEL.col(),
                OrdersTable.DISCOUNT_CODE.col(),
                OrdersTable.COUNTRY.col())
            .agg(
                count(lit(1)).as(OrdersTable.LINES.name()),
                coalesce(min(when(sale, time)), min(time)).as(OrdersTable.ORDERED_AT.name()),
                min(OrderLinesTable.ORDER_MONTH.col()).as(OrdersTable.FIRST_LINE_MONTH.name()),
                max(OrderLinesTable.ORDER_MONTH.col()).as(OrdersTable.LAST_LINE_MONTH.name()),
                count(when(countedSale, lit(1))).as(OrdersTable.COUNTED_SALE_LINES.name()),
                gross.gt(0).as(OrdersTable.IS_VALID.name()),
                Money.quantityOfThousandths(total(countedSale, OrderLinesTable.QUANTITY))
                    .as(OrdersTable.UNITS.name()),
                Money.ofMinorUnits(gross, minorDigits).as(OrdersTable.GROSS.name()),
                Money.ofMinorUnits(discount, minorDigits).as(OrdersTable.DISCOUNT.name()),
                Money.ofMinorUnits(refunded, minorDigits).as(OrdersTable.REFUNDED.name()),
                Money.ofMinorUnits(gross.minus(discount).minus(refunded), minorDigits)
                    .as(OrdersTable.NET.name()),
                Money.ofMinorUnits(total(counted, OrderLinesTable.SHIPPING), minorDigits)
                    .as(OrdersTable.SHIPPING.name()),
                Money.ofMinorUnits(total(counted, OrderLinesTable.TAX), minorDigits)
                    .as(OrdersTable.TAX.name()),
                min(when(sale, categories.secondAndCode(time))).as(FIRST_SECOND_AND_CODE.name()),
                categories.distinct(countedSale).as(OrdersTable.CATEGORIES.name()))
            .withColumn(OrdersTable.ORDER_MONTH.name(), trunc(OrdersTable.ORDERED_AT.col(), "MM"));
    return categories
        .decode(grouped, FIRST_SECOND_AND_CODE, OrdersTable.FIRST_CATEGORY)
        .select(OrdersTable.TABLE.columns());
  }

  /** Sum over the lines that meet a condition, in units of the last decimal place. */
  private static Column total(Column condition, Field decimal) {
    return sum(when(condition, Money.minorUnits(decimal)).otherwise(lit(0L)));
  }
}
