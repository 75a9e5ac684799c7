package io.perennial.products;

import static org.apache.spark.sql.functions.*;

import io.perennial.ingest.OrderLinesTable;
import io.perennial.spark.Money;
import java.time.LocalDate;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Computes the {@link PurchaseHistory} of each customer, with one shuffle of the lines. The time of
 * an order is that of its earliest sale line; it counts if it is valid and that line's day is
 * before as_of.
 */
final class PurchaseHistories {

  private static final String HISTORY = "history";

  /** Positions of the columns. */
  static final int CUSTOMER = 0;

  static final int PACKED = 1;
  static final int CATEGORY = 2;
  static final int PRODUCT = 3;

  private static final StructType SCHEMA =
      new StructType()
          .add(CustomerAffinitiesTable.CUSTOMER_ID.name(), DataTypes.StringType)
          .add(HISTORY, DataTypes.BinaryType, false)
          .add(CustomerAffinitiesTable.FAVORITE_CATEGORY.name(), DataTypes.StringType)
          .add(CustomerAffinitiesTable.FAVORITE_PRODUCT_ID.name(), DataTypes.StringType);

  private PurchaseHistories() {}

  /**
   * One row per customer with a valid order before as_of, and one per valid anonymous order, with a
   * null customer_id.
   *
   * @param lines rows of order_lines
   */
  static Dataset<Row> of(
      Dataset<Row> lines, LocalDate asOf, HoldoutMonth month, ItemDictionary items) {
    int before = (int) asOf.toEpochDay();
    MapPartitionsFunction<Row, Row> group =
        rows -> {
          Map<String, Integer> codes = items.codes();
          return new CustomerGroups(rows, () -> new PurchaseHistoryBuilder(codes, before, month));
        };
    return lines
        .where(OrderLinesTable.KIND.col().equalTo(OrderLinesTable.SALE))
        .select(
            OrderLinesTable.CUSTOMER_ID.col(),
            OrderLinesTable.ORDER_ID.col(),
            unix_micros(OrderLinesTable.ORDERED_AT.col()).as("micros"),
            unix_date(to_date(OrderLinesTable.ORDERED_AT.col())).as("day"),
            OrderLinesTable.PRODUCT_ID.col(),
            OrderLinesTable.CATEGORY.col(),
            Money.minorUnits(OrderLinesTable.AMOUNT).as("amount_minor"),
            Money.minorUnits(OrderLinesTable.DISCOUNT).as("discount_minor"),
            OrderLinesTable.IS_COUNTED.col())
        .repartition(coalesce(OrderLinesTable.CUSTOMER_ID.col(), OrderLinesTable.ORDER_ID.col()))
        .sortWithinPartitions(OrderLinesTable.CUSTOMER_ID.col(), OrderLinesTable.ORDER_ID.col())
        .mapPartitions(group, Encoders.row(SCHEMA));
  }

  /** The histories of customers, without anonymous orders. */
  static Dataset<Row> ofCustomers(Dataset<Row> histories) {
    return histories.where(CustomerAffinitiesTable.CUSTOMER_ID.col().isNotNull());
  }

  static PurchaseHistory history(Row row) {
    return PurchaseHistory.of(row.getAs(PACKED));
  }
}
