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
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Brings the lines of each customer together, in one shuffle. An order's time is its earliest sale
 * line, and it counts if it is valid and that line's day is before as_of.
 */
final class PurchaseHistories {

  /** The packed {@link PurchaseHistory}. */
  static final String HISTORY = "history";

  static final int CUSTOMER = 0;
  static final int PACKED = 1;
  static final int CATEGORY = 2;
  static final int PRODUCT = 3;

  private static final StructType SCHEMA =
      new StructType(
          new StructField[] {
            DataTypes.createStructField(
                CustomerAffinitiesTable.CUSTOMER_ID.name(), DataTypes.StringType, true),
            DataTypes.createStructField(HISTORY, DataTypes.BinaryType, false),
            DataTypes.createStructField(
                CustomerAffinitiesTable.FAVORITE_CATEGORY.name(), DataTypes.StringType, true),
            DataTypes.createStructField(
                CustomerAffinitiesTable.FAVORITE_PRODUCT_ID.name(), DataTypes.StringType, true)
          });

  private PurchaseHistories() {}

  /**
   * One row per customer with a valid order before as_of, and one per anonymous order, whose
   * customer_id is null.
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

  /** Only those of customers. */
  static Dataset<Row> ofCustomers(Dataset<Row> histories) {
    return histories.where(col(CustomerAffinitiesTable.CUSTOMER_ID.name()).isNotNull());
  }

  static PurchaseHistory history(Row row) {
    return PurchaseHistory.of(row.getAs(PACKED));
  }
}
