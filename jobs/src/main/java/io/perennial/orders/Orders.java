package io.perennial.orders;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.spark.Money;
import io.perennial.table.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes {@code orders} from {@code order_lines}. */
public final class Orders {

  private Orders() {}

  /** The distinct categories of the lines, numbered; see {@link Categories}. */
  public static Dataset<Row> categoriesOf(Dataset<Row> lines) {
    return Categories.codesOf(lines);
  }

  /**
   * One row per order. Ingest has made order-level cells the same on all lines of an order, hence
   * they can be grouped by, and only machine words are aggregated.
   *
   * @param lines rows of order_lines
   * @param categories the distinct categories of the lines
   */
  public static Dataset<Row> of(Dataset<Row> lines, Categories categories, int minorDigits) {
    Column counted = OrderLinesTable.IS_COUNTED.col();
    Column sale = OrderLinesTable.KIND.col().equalTo(OrderLinesTable.SALE);
    Column countedSale = counted.and(sale);
    Column amount = Money.minorUnits(OrderLinesTable.AMOUNT);

    List<Column> aggregates = new ArrayList<>();
    aggregates.add(min(when(sale, OrderLinesTable.ORDERED_AT.col())).as("sold_at"));
    aggregates.add(min(OrderLinesTable.ORDERED_AT.col()).as("line_at"));
    aggregates.add(min(OrderLinesTable.ORDER_MONTH.col()).as(OrdersTable.FIRST_LINE_MONTH.name()));
    aggregates.add(max(OrderLinesTable.ORDER_MONTH.col()).as(OrdersTable.LAST_LINE_MONTH.name()));
    aggregates.add(count(when(countedSale, lit(1))).as(OrdersTable.COUNTED_SALE_LINES.name()));
    aggregates.add(
        total(countedSale, Money.minorUnits(OrderLinesTable.QUANTITY)).as("thousandths"));
    aggregates.add(total(countedSale, amount).as("gross_minor"));
    aggregates.add(total(counted, Money.minorUnits(OrderLinesTable.DISCOUNT)).as("discount_minor"));
    aggregates.add(
        total(
                counted.and(OrderLinesTable.KIND.col().equalTo(OrderLinesTable.REFUND)),
                amount.unary_$minus())
            .as("refunded_minor"));
    aggregates.add(total(counted, Money.minorUnits(OrderLinesTable.SHIPPING)).as("shipping_minor"));
    aggregates.add(total(counted, Money.minorUnits(OrderLinesTable.TAX)).as("tax_minor"));
    aggregates.add(
        min(when(sale, categories.secondAndCode(OrderLinesTable.ORDERED_AT.col())))
            .as("first_category_word"));
    aggregates.addAll(categories.sets(countedSale));

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
            .agg(count(lit(1)).as(OrdersTable.LINES.name()), aggregates.toArray(Column[]::new))
            .withColumn(OrdersTable.ORDERED_AT.name(), coalesce(col("sold_at"), col("line_at")));
    return categories
        .decode(grouped, "first_category_word", OrdersTable.FIRST_CATEGORY.name())
        .withColumn(OrdersTable.ORDER_MONTH.name(), trunc(OrdersTable.ORDERED_AT.col(), "MM"))
        .withColumn(OrdersTable.IS_VALID.name(), col("gross_minor").gt(0))
        .withColumn(OrdersTable.UNITS.name(), Money.quantityOfThousandths(col("thousandths")))
        .withColumn(OrdersTable.GROSS.name(), money("gross_minor", minorDigits))
        .withColumn(OrdersTable.DISCOUNT.name(), money("discount_minor", minorDigits))
        .withColumn(OrdersTable.REFUNDED.name(), money("refunded_minor", minorDigits))
        .withColumn(
            OrdersTable.NET.name(),
            Money.ofMinorUnits(
                col("gross_minor").minus(col("discount_minor")).minus(col("refunded_minor")),
                minorDigits))
        .withColumn(OrdersTable.SHIPPING.name(), money("shipping_minor", minorDigits))
        .withColumn(OrdersTable.TAX.name(), money("tax_minor", minorDigits))
        .withColumn(OrdersTable.CATEGORIES.name(), categories.distinct())
        .select(OrdersTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }

  private static Column total(Column condition, Column value) {
    return sum(when(condition, value).otherwise(lit(0L)));
  }

  private static Column money(String minor, int minorDigits) {
    return Money.ofMinorUnits(col(minor), minorDigits);
  }
}
