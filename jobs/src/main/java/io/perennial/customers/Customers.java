package io.perennial.customers;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trunc;

import io.perennial.orders.OrdersTable;
import io.perennial.table.Field;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Makes {@code customers} from {@code orders}. */
public final class Customers {

  private Customers() {}

  /**
   * One row per customer with a valid order: what is known of the first one.
   *
   * @param orders rows of orders
   * @param contacts rows of contacts; empty where no consent is mapped, so that nobody's is known
   */
  public static Dataset<Row> of(Dataset<Row> orders, Optional<Dataset<Row>> contacts) {
    Dataset<Row> customers = of(orders);
    Field[] consents = {
      CustomersTable.EMAIL_CONSENT, CustomersTable.SMS_CONSENT, CustomersTable.ADS_CONSENT
    };
    if (contacts.isEmpty()) {
      for (Field consent : consents) {
        customers = customers.withColumn(consent.name(), lit(null).cast(DataTypes.BooleanType));
      }
      return customers;
    }
    Column isKnown = lit(false);
    for (Field consent : consents) {
      isKnown = isKnown.or(consent.col().isNotNull());
    }
    Dataset<Row> known =
        contacts
            .get()
            .where(isKnown)
            .select(
                ContactsTable.CUSTOMER_ID.col().as("known_id"),
                consents[0].col(),
                consents[1].col(),
                consents[2].col());
    return customers
        .join(known, CustomersTable.CUSTOMER_ID.col().equalTo(col("known_id")), "left")
        .drop("known_id");
  }

  private static Dataset<Row> of(Dataset<Row> orders) {
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
