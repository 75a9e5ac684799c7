package io.perennial.customers;

import static org.apache.spark.sql.functions.*;

import io.perennial.orders.OrdersTable;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Computes {@code customers} from {@code orders} and the consents in {@code contacts}. */
public final class Customers {

  private static final Field IS_DISCOUNTED =
      Field.flag("is_discounted", "Whether the order has a discount.");

  /** Attributes of a valid order; the smallest struct is the first order. */
  static final Column[] ATTRIBUTES =
      Table.columns(
          OrdersTable.ORDERED_AT,
          OrdersTable.ORDER_ID,
          OrdersTable.COUNTRY,
          OrdersTable.CHANNEL,
          OrdersTable.FIRST_CATEGORY,
          IS_DISCOUNTED);

  /** Name of the struct of the first order's {@link #ATTRIBUTES}. */
  static final String FIRST = "first";

  static final String[] CONSENTS =
      ContactsTable.CONSENTS.stream().map(part -> part.value().name()).toArray(String[]::new);

  private Customers() {}

  /**
   * One row per customer with a valid order.
   *
   * @param orders rows of orders
   * @param contacts rows of contacts; empty if the source maps no consent
   */
  public static Dataset<Row> of(Dataset<Row> orders, Dataset<Row> contacts) {
    return withConsents(withoutConsents(orders), contacts);
  }

  /** Adds the consents; null where none is known. */
  static Dataset<Row> withConsents(Dataset<Row> customers, Dataset<Row> contacts) {
    return customers.join(consents(contacts), CustomersTable.CUSTOMER_ID.name(), "left");
  }

  /** Customers with a known consent, and their consents. */
  static Dataset<Row> consents(Dataset<Row> contacts) {
    return contacts.na().drop("all", CONSENTS).select(ContactsTable.CUSTOMER_ID.name(), CONSENTS);
  }

  /** One row per customer with a valid order, without consents. */
  static Dataset<Row> withoutConsents(Dataset<Row> orders) {
    return ofFirstOrders(
        validOrders(orders)
            .groupBy(CustomersTable.CUSTOMER_ID.col())
            .agg(min(struct(ATTRIBUTES)).as(FIRST)));
  }

  /** Customer and {@link #ATTRIBUTES} of the valid orders of known customers. */
  static Dataset<Row> validOrders(Dataset<Row> orders) {
    return orders
        .where(OrdersTable.IS_VALID.col().and(OrdersTable.CUSTOMER_ID.col().isNotNull()))
        .withColumn(IS_DISCOUNTED.name(), OrdersTable.DISCOUNT.col().gt(0))
        .select(
            Stream.concat(Stream.of(CustomersTable.CUSTOMER_ID.col()), Stream.of(ATTRIBUTES))
                .toArray(Column[]::new));
  }

  /** Rows of customers without consents, from customer_id and {@link #FIRST}. */
  static Dataset<Row> ofFirstOrders(Dataset<Row> firsts) {
    return firsts.select(
        CustomersTable.CUSTOMER_ID.col(),
        first(OrdersTable.ORDERED_AT, CustomersTable.FIRST_ORDER_AT),
        trunc(OrdersTable.ORDERED_AT.of(FIRST), "MM").as(CustomersTable.COHORT_MONTH.name()),
        first(OrdersTable.COUNTRY, CustomersTable.FIRST_COUNTRY),
        first(OrdersTable.CHANNEL, CustomersTable.FIRST_CHANNEL),
        first(OrdersTable.FIRST_CATEGORY, CustomersTable.FIRST_CATEGORY),
        first(IS_DISCOUNTED, CustomersTable.FIRST_ORDER_DISCOUNTED));
  }

  private static Column first(Field from, Field to) {
    return from.of(FIRST).as(to.name());
  }
}
