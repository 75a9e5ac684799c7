package io.perennial.customers;

import static org.apache.spark.sql.functions.*;

import io.perennial.orders.OrdersTable;
import io.perennial.table.Field;
import io.perennial.table.Months;
import io.perennial.table.RowDiff;
import io.perennial.table.Table;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Which customers began otherwise than {@code customers} says, after some orders changed. A first
 * order can only be replaced by an earlier one that came; where it went itself, all orders of the
 * customer must be looked at again.
 */
public final class ChangedCustomers {

  private static final String IS_LOST = "is_lost";
  private static final String REMOVED_AT = "removed_at";
  private static final String KNOWN_ID = "known_id";
  private static final String KNOWN_AT = "known_at";

  private ChangedCustomers() {}

  /**
   * One row per customer whose valid orders changed: the earliest that came, and when the earliest
   * was that went.
   *
   * @param before rows of orders as they were, of the months that changed
   * @param had the months of those
   * @param now rows of orders as they are, of the months that changed
   */
  public static Dataset<Row> withChangedOrders(Dataset<Row> before, Months had, Dataset<Row> now) {
    Column mayHaveBeen = had.holds(OrdersTable.ORDER_MONTH);
    Dataset<Row> come = Customers.valid(now.where(not(mayHaveBeen)));
    return RowDiff.ofRows(Customers.valid(before), Customers.valid(now.where(mayHaveBeen)))
        .unionByName(come.withColumn(RowDiff.SURPLUS.name(), lit(1L)))
        .groupBy(CustomersTable.CUSTOMER_ID.col())
        .agg(
            min(when(RowDiff.SURPLUS.col().lt(0), OrdersTable.ORDERED_AT.col())).as(REMOVED_AT),
            min(when(RowDiff.SURPLUS.col().gt(0), struct(Customers.ATTRIBUTES)))
                .as(Customers.FIRST));
  }

  /**
   * Those whose orders changed in a way that may matter to the first one: the earliest order that
   * came, and whether the first may have gone.
   *
   * @param changed rows of {@link #withChangedOrders}
   * @param customers rows of customers as they were, at least of these
   */
  public static Dataset<Row> of(Dataset<Row> changed, Dataset<Row> customers) {
    Dataset<Row> known =
        customers.select(Table.columns(CustomersTable.CUSTOMER_ID, CustomersTable.FIRST_ORDER_AT));
    Column addedAt = col(Customers.FIRST + "." + OrdersTable.ORDERED_AT);
    return changed
        .join(
            known.toDF(KNOWN_ID, KNOWN_AT),
            CustomersTable.CUSTOMER_ID.col().equalTo(col(KNOWN_ID)),
            "left")
        .withColumn(
            IS_LOST,
            isTrue(col(REMOVED_AT).leq(col(KNOWN_AT))).or(isTrue(addedAt.equalTo(col(KNOWN_AT)))))
        .where(
            col(IS_LOST)
                .or(isTrue(addedAt.lt(col(KNOWN_AT))))
                .or(col(KNOWN_AT).isNull().and(addedAt.isNotNull())))
        .select(
            CustomersTable.CUSTOMER_ID.col(), col(Customers.FIRST), col(KNOWN_AT), col(IS_LOST));
  }

  /** The customers of {@link #of} all of whose orders must be looked at. */
  public static Dataset<Row> lost(Dataset<Row> changed) {
    return changed.where(col(IS_LOST)).select(CustomersTable.CUSTOMER_ID.col());
  }

  /**
   * Rows of customers, of all these customers who still have a valid order.
   *
   * @param changed rows of {@link #of}
   * @param lost those among them to look for
   * @param orders rows of orders, empty where nobody is lost
   * @param reconsented customer_id of those whose consents changed
   * @param customers rows of customers as they were
   * @param contacts rows of contacts; empty where no consent is mapped
   */
  public static Dataset<Row> rows(
      Dataset<Row> changed,
      Optional<Dataset<Row>> orders,
      Optional<Dataset<Row>> reconsented,
      Dataset<Row> customers,
      Optional<Dataset<Row>> contacts) {
    Dataset<Row> rows = Customers.beginningsOf(changed.where(col(IS_LOST).equalTo(false)));
    if (orders.isPresent()) {
      rows = rows.unionByName(Customers.beginnings(only(orders.get(), lost(changed))));
    }
    if (reconsented.isPresent()) {
      Dataset<Row> same = except(only(customers, reconsented.get()), changed);
      rows = rows.unionByName(same.drop(consents()));
    }
    return Customers.withConsents(rows, contacts.map(all -> only(all, ids(changed, reconsented))));
  }

  /** The ids of all customers whose rows may change. */
  public static Dataset<Row> ids(Dataset<Row> changed, Optional<Dataset<Row>> reconsented) {
    Dataset<Row> ids = changed.select(CustomersTable.CUSTOMER_ID.col());
    return reconsented.map(more -> ids.union(more).distinct()).orElse(ids);
  }

  /** The cohort months of the rows that these customers had, alone. */
  public static Dataset<Row> cohortsHad(
      Dataset<Row> changed, Optional<Dataset<Row>> reconsented, Dataset<Row> customers) {
    Dataset<Row> cohorts =
        changed
            .where(col(KNOWN_AT).isNotNull())
            .select(trunc(col(KNOWN_AT), "MM").as(CustomersTable.COHORT_MONTH.name()));
    return reconsented
        .map(ids -> cohorts.union(only(customers, ids).select(CustomersTable.COHORT_MONTH.col())))
        .orElse(cohorts);
  }

  /** The ids of customers whose consents are not what they were. */
  public static Dataset<Row> reconsented(Dataset<Row> contactsBefore, Dataset<Row> contactsNow) {
    return RowDiff.ofRows(Customers.consents(contactsBefore), Customers.consents(contactsNow))
        .select(CustomersTable.CUSTOMER_ID.col())
        .distinct();
  }

  /** The rows of these customers. */
  public static Dataset<Row> only(Dataset<Row> rows, Dataset<Row> customerIds) {
    return join(rows, customerIds, "left_semi");
  }

  /** The rows of all other customers. */
  public static Dataset<Row> except(Dataset<Row> rows, Dataset<Row> customerIds) {
    return join(rows, customerIds, "left_anti");
  }

  private static Dataset<Row> join(Dataset<Row> rows, Dataset<Row> customerIds, String kind) {
    Dataset<Row> ids = customerIds.select(CustomersTable.CUSTOMER_ID.col().as("wanted_id"));
    return rows.join(ids, CustomersTable.CUSTOMER_ID.col().equalTo(col("wanted_id")), kind);
  }

  private static String[] consents() {
    return ContactsTable.CONSENTS.stream()
        .map(ContactsTable.Part::value)
        .map(Field::name)
        .toArray(String[]::new);
  }

  private static Column isTrue(Column condition) {
    return coalesce(condition, lit(false));
  }
}
