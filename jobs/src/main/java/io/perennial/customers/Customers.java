package io.perennial.customers;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trunc;

import io.perennial.orders.OrdersTable;
import io.perennial.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes {@code customers} from {@code orders}. */
public final class Customers {

  private Customers() {}

  /**
   * One row per customer with a valid order: what is known of the first one.
   *
   * @param orders rows of orders
   */
  public static Dataset<Row> of(Dataset<Row> orders) {
    Column first =
        min(struct(
                OrdersTable.ORDERED_AT.col(),
                OrdersTable.ORDER_ID.col(),
                OrdersTable.COUNTRY.col(),
                OrdersTable.CHANNEL.col(),
                OrdersTable.FIRST_CATEGORY.col(),
                OrdersTable.DISCOUNT.col().gt(0).as("is_discounted")))
            .as("first");
    return orders
        .where(OrdersTable.IS_VALID.col().and(OrdersTable.CUSTOMER_ID.col().isNotNull()))
        .groupBy(CustomersTable.CUSTOMER_ID.col())
        .agg(first)
        .select(
            CustomersTable.CUSTOMER_ID.col(),
            of(OrdersTable.ORDERED_AT, CustomersTable.FIRST_ORDER_AT),
            trunc(col("first." + OrdersTable.ORDERED_AT), "MM")
                .as(CustomersTable.COHORT_MONTH.name()),
            of(OrdersTable.COUNTRY, CustomersTable.FIRST_COUNTRY),
            of(OrdersTable.CHANNEL, CustomersTable.FIRST_CHANNEL),
            of(OrdersTable.FIRST_CATEGORY, CustomersTable.FIRST_CATEGORY),
            col("first.is_discounted").as(CustomersTable.FIRST_ORDER_DISCOUNTED.name()));
  }

  private static Column of(Field from, Field to) {
    return col("first." + from.name()).as(to.name());
  }
}
