package io.perennial.customers;

import static org.apache.spark.sql.functions.*;

import io.perennial.orders.OrdersTable;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Makes {@code customers} from {@code orders}. */
public final class Customers {

  static final String FIRST = "first";
  private static final String IS_DISCOUNTED = "is_discounted";

  /** Of a valid order; the smallest struct of them is the first order. */
  static final Column[] ATTRIBUTES = {
    OrdersTable.ORDERED_AT.col(),
    OrdersTable.ORDER_ID.col(),
    OrdersTable.COUNTRY.col(),
    OrdersTable.CHANNEL.col(),
    OrdersTable.FIRST_CATEGORY.col(),
    col(IS_DISCOUNTED)
  };

  private Customers() {}

  /**
   * One row per customer with a valid order: what is known of the first one.
   *
   * @param orders rows of orders
   * @param contacts rows of contacts; empty where no consent is mapped, so that nobody's is known
   */
  public static Dataset<Row> of(Dataset<Row> orders, Optional<Dataset<Row>> contacts) {
    return withConsents(beginnings(orders), contacts);
  }

  /** What is known of consents, beside the columns of {@link #beginnings}. */
  static Dataset<Row> withConsents(Dataset<Row> beginnings, Optional<Dataset<Row>> contacts) {
    Dataset<Row> customers = beginnings;
    Field[] consents = {
      CustomersTable.EMAIL_CONSENT, CustomersTable.SMS_CONSENT, CustomersTable.ADS_CONSENT
    };
    if (contacts.isEmpty()) {
      for (Field consent : consents) {
        customers = customers.withColumn(consent.name(), lit(null).cast(DataTypes.BooleanType));
      }
      return customers;
    }
    Dataset<Row> known =
        consents(contacts.get()).withColumnRenamed(ContactsTable.CUSTOMER_ID.name(), "known_id");
    return customers
        .join(known, CustomersTable.CUSTOMER_ID.col().equalTo(col("known_id")), "left")
        .drop("known_id");
  }

  /** The customers of whom a consent is known, with the consents. */
  static Dataset<Row> consents(Dataset<Row> contacts) {
    Column[] columns =
        Table.columns(
            ContactsTable.CUSTOMER_ID,
            CustomersTable.EMAIL_CONSENT,
            CustomersTable.SMS_CONSENT,
            CustomersTable.ADS_CONSENT);
    return contacts
        .where(
            CustomersTable.EMAIL_CONSENT
                .col()
                .isNotNull()
                .or(CustomersTable.SMS_CONSENT.col().isNotNull())
                .or(CustomersTable.ADS_CONSENT.col().isNotNull()))
        .select(columns);
  }

  /** One row per customer with a valid order, without consents. */
  static Dataset<Row> beginnings(Dataset<Row> orders) {
    return beginningsOf(
        valid(orders)
            .groupBy(CustomersTable.CUSTOMER_ID.col())
            .agg(min(struct(ATTRIBUTES)).as(FIRST)));
  }

  /** The valid orders of known customers, as far as they tell how a customer began. */
  static Dataset<Row> valid(Dataset<Row> orders) {
    List<Column> columns = new ArrayList<>(List.of(ATTRIBUTES));
    columns.add(0, CustomersTable.CUSTOMER_ID.col());
    return orders
        .where(OrdersTable.IS_VALID.col().and(OrdersTable.CUSTOMER_ID.col().isNotNull()))
        .withColumn(IS_DISCOUNTED, OrdersTable.DISCOUNT.col().gt(0))
        .select(columns.toArray(Column[]::new));
  }

  /** Rows of customers out of customer_id and the struct of the first order's attributes. */
  static Dataset<Row> beginningsOf(Dataset<Row> firsts) {
    return firsts.select(
        CustomersTable.CUSTOMER_ID.col(),
        of(OrdersTable.ORDERED_AT, CustomersTable.FIRST_ORDER_AT),
        trunc(col("first." + OrdersTable.ORDERED_AT), "MM").as(CustomersTable.COHORT_MONTH.name()),
        of(OrdersTable.COUNTRY, CustomersTable.FIRST_COUNTRY),
        of(OrdersTable.CHANNEL, CustomersTable.FIRST_CHANNEL),
        of(OrdersTable.FIRST_CATEGORY, CustomersTable.FIRST_CATEGORY),
        col(FIRST + "." + IS_DISCOUNTED).as(CustomersTable.FIRST_ORDER_DISCOUNTED.name()));
  }

  private static Column of(Field from, Field to) {
    return col("first." + from.name()).as(to.name());
  }
}
