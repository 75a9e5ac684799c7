package io.perennial.customers;

import static org.apache.spark.sql.functions.*;

import io.perennial.orders.OrdersTable;
import io.perennial.table.Field;
import io.perennial.table.Months;
import io.perennial.table.RowDiff;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Finds the rows of {@code customers} that a change of orders or consents affects. An added order
 * can only replace a later first order; where the first order itself was removed or changed, all
 * orders of the customer are searched.
 */
public final class ChangedCustomers {

  private static final Field IS_FIRST_REMOVED =
      Field.flag("is_first_removed", "Whether the first order may have been removed or changed.");
  private static final Field REMOVED_AT =
      OrdersTable.ORDERED_AT.as("removed_at", "Time of the earliest order removed.");
  private static final Field KNOWN_AT =
      CustomersTable.FIRST_ORDER_AT.as("known_at", "Time of the first order so far.");

  private ChangedCustomers() {}

  /**
   * One row per customer with a changed valid order: the earliest added order, and the time of the
   * earliest removed order. A changed order is removed and added.
   *
   * @param before earlier rows of orders, of the months that changed
   * @param removedMonths months of these rows
   * @param now present rows of orders, of the months that changed
   */
  public static Dataset<Row> withChangedOrders(
      Dataset<Row> before, Months removedMonths, Dataset<Row> now) {
    Column mayBeKnown = removedMonths.holds(OrdersTable.ORDER_MONTH);
    Dataset<Row> added = Customers.validOrders(now.where(not(mayBeKnown)));
    return RowDiff.ofRows(
            Customers.validOrders(before), Customers.validOrders(now.where(mayBeKnown)))
        .unionByName(added.withColumn(RowDiff.SURPLUS.name(), lit(1L)))
        .groupBy(CustomersTable.CUSTOMER_ID.col())
        .agg(
            min(when(RowDiff.SURPLUS.col().lt(0), OrdersTable.ORDERED_AT.col()))
                .as(REMOVED_AT.name()),
            min(when(RowDiff.SURPLUS.col().gt(0), struct(Customers.ATTRIBUTES)))
                .as(Customers.FIRST));
  }

  /**
   * Customers whose first order may have changed: the earliest added order, and whether the first
   * order may have been removed.
   *
   * @param changed rows of {@link #withChangedOrders}
   * @param customers earlier rows of customers, at least of these
   */
  public static Dataset<Row> of(Dataset<Row> changed, Dataset<Row> customers) {
    Dataset<Row> known =
        customers.select(
            CustomersTable.CUSTOMER_ID.col(),
            CustomersTable.FIRST_ORDER_AT.col().as(KNOWN_AT.name()));
    Column addedAt = OrdersTable.ORDERED_AT.of(Customers.FIRST);
    Column knownAt = KNOWN_AT.col();
    return changed
        .join(known, CustomersTable.CUSTOMER_ID.name(), "left")
        .withColumn(
            IS_FIRST_REMOVED.name(),
            isTrue(REMOVED_AT.col().leq(knownAt)).or(isTrue(addedAt.equalTo(knownAt))))
        .where(
            IS_FIRST_REMOVED
                .col()
                .or(isTrue(addedAt.lt(knownAt)))
                .or(knownAt.isNull().and(addedAt.isNotNull())))
        .select(
            CustomersTable.CUSTOMER_ID.col(),
            col(Customers.FIRST),
            knownAt,
            IS_FIRST_REMOVED.col());
  }

  /** Customers of {@link #of} whose first order must be searched among all their orders. */
  public static Dataset<Row> withFirstRemoved(Dataset<Row> changed) {
    return changed.where(IS_FIRST_REMOVED.col()).select(CustomersTable.CUSTOMER_ID.col());
  }

  /**
   * New rows of the customers of {@link #ids} who have a valid order.
   *
   * @param changed rows of {@link #of}
   * @param orders rows of orders; may be empty if {@link #withFirstRemoved} is
   * @param reconsented rows of {@link #reconsented}
   * @param customers earlier rows of customers
   * @param contacts rows of contacts; empty if the source maps no consent
   */
  public static Dataset<Row> rows(
      Dataset<Row> changed,
      Dataset<Row> orders,
      Dataset<Row> reconsented,
      Dataset<Row> customers,
      Dataset<Row> contacts) {
    Dataset<Row> withNewFirst = Customers.ofFirstOrders(changed.where(not(IS_FIRST_REMOVED.col())));
    Dataset<Row> searched = Customers.withoutConsents(only(orders, withFirstRemoved(changed)));
    Dataset<Row> unchanged = except(only(customers, reconsented), changed).drop(Customers.CONSENTS);
    return Customers.withConsents(
        withNewFirst.unionByName(searched).unionByName(unchanged),
        only(contacts, ids(changed, reconsented)));
  }

  /** The ids of all customers whose rows may change. */
  public static Dataset<Row> ids(Dataset<Row> changed, Dataset<Row> reconsented) {
    return changed.select(CustomersTable.CUSTOMER_ID.col()).union(except(reconsented, changed));
  }

  /** Cohort months of the earlier rows of these customers. */
  public static Dataset<Row> earlierCohorts(
      Dataset<Row> changed, Dataset<Row> reconsented, Dataset<Row> customers) {
    return changed
        .where(KNOWN_AT.col().isNotNull())
        .select(trunc(KNOWN_AT.col(), "MM").as(CustomersTable.COHORT_MONTH.name()))
        .union(only(customers, reconsented).select(CustomersTable.COHORT_MONTH.col()));
  }

  /** The ids of customers whose consents changed. */
  public static Dataset<Row> reconsented(Dataset<Row> contactsBefore, Dataset<Row> contactsNow) {
    return RowDiff.ofRows(Customers.consents(contactsBefore), Customers.consents(contactsNow))
        .select(CustomersTable.CUSTOMER_ID.col())
        .distinct();
  }

  /** The rows of these customers. */
  public static Dataset<Row> only(Dataset<Row> rows, Dataset<Row> customerIds) {
    return rows.join(customerIds, CustomersTable.CUSTOMER_ID.name(), "left_semi");
  }

  /** The rows of all other customers. */
  public static Dataset<Row> except(Dataset<Row> rows, Dataset<Row> customerIds) {
    return rows.join(customerIds, CustomersTable.CUSTOMER_ID.name(), "left_anti");
  }

  private static Column isTrue(Column condition) {
    return coalesce(condition, lit(false));
  }
}
