package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.churn.ChurnScoresTable;
import io.perennial.customers.CustomersTable;
import io.perennial.loyalty.LoyaltyTable;
import io.perennial.orders.OrdersTable;
import io.perennial.products.CustomerAffinitiesTable;
import io.perennial.rfm.RfmTable;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Computes {@code customer_profile}. Each input is reduced to one row per customer before the join,
 * so that it is shuffled once, by customer_id, and every join finds it partitioned already. Columns
 * of the profile that another table declares under the same name are taken from it.
 */
public final class CustomerProfile {

  private CustomerProfile() {}

  /**
   * Rows of the tables that the profile is made of, of snapshots those of this as_of. Churn,
   * loyalty, affinities and contacts may have no rows.
   */
  public record Sources(
      Dataset<Row> days,
      Dataset<Row> customers,
      Dataset<Row> orders,
      Dataset<Row> rfm,
      Dataset<Row> churn,
      Dataset<Row> loyalty,
      Dataset<Row> affinities,
      Dataset<Row> contacts,
      SecondOrderTiming secondOrder) {}

  /**
   * @param seasonDays days from as_of on that count as the coming season
   */
  public static Dataset<Row> of(Sources sources, LocalDate asOf, int seasonDays, int minorDigits) {
    Dataset<Row> rows = PurchaseHistory.of(sources.days(), asOf, seasonDays, minorDigits);
    rows = join(rows, columnsOf(CustomersTable.TABLE, sources.customers()));
    rows = join(rows, lastOrders(sources.orders(), asOf));
    rows = join(rows, columnsOf(RfmTable.TABLE, sources.rfm()));
    rows = join(rows, columnsOf(ChurnScoresTable.TABLE, sources.churn()));
    rows = join(rows, columnsOf(LoyaltyTable.TABLE, sources.loyalty()));
    rows = join(rows, columnsOf(CustomerAffinitiesTable.TABLE, sources.affinities()));
    rows = join(rows, ContactFlags.of(sources.contacts(), asOf));
    return withSecondOrder(rows, sources.secondOrder())
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .select(
            CustomerProfileTable.TABLE.fields().stream()
                .map(CustomerProfile::filled)
                .toArray(Column[]::new));
  }

  /** The country is the first order's where contacts has none; an unknown flag is false. */
  private static Column filled(Field field) {
    if (field.equals(CustomerProfileTable.COUNTRY)) {
      return coalesce(field.col(), CustomerProfileTable.FIRST_COUNTRY.col()).as(field.name());
    }
    boolean isFlag = !field.nullable() && DataTypes.BooleanType.equals(field.fixedType());
    return isFlag ? coalesce(field.col(), lit(false)).as(field.name()) : field.col();
  }

  /**
   * Whether the last order was a guest's. Time and flag are encoded in one whole number, whose
   * maximum needs no sort; among orders at the same instant, one with an account decides.
   */
  private static Dataset<Row> lastOrders(Dataset<Row> orders, LocalDate asOf) {
    String isGuest = CustomerProfileTable.IS_GUEST.name();
    Column time = OrdersTable.ORDERED_AT.col();
    Column encoded =
        max(unix_micros(time).multiply(2).plus(when(OrdersTable.IS_GUEST.col(), 0).otherwise(1)));
    return orders
        .where(OrdersTable.IS_VALID.col())
        .where(OrdersTable.CUSTOMER_ID.col().isNotNull())
        .where(time.lt(lit(asOf).cast(DataTypes.TimestampType)))
        .groupBy(OrdersTable.CUSTOMER_ID.col())
        .agg(pmod(encoded, lit(2L)).equalTo(0L).as(isGuest));
  }

  private static Dataset<Row> withSecondOrder(Dataset<Row> rows, SecondOrderTiming secondOrder) {
    return rows.withColumn(
            CustomerProfileTable.SECOND_ORDER_FROM_DAY.name(), known(secondOrder.fromDay()))
        .withColumn(CustomerProfileTable.SECOND_ORDER_TO_DAY.name(), known(secondOrder.toDay()))
        .withColumn(
            CustomerProfileTable.SECOND_ORDER_MEDIAN_DAY.name(), known(secondOrder.medianDay()));
  }

  /** Days count from 1; {@link SecondOrderTiming#UNKNOWN} has none. */
  private static Column known(int day) {
    return nullif(lit(day), lit(0));
  }

  /** The columns that the profile and the table both declare, customer_id among them. */
  private static Dataset<Row> columnsOf(Table table, Dataset<Row> rows) {
    Set<String> names =
        CustomerProfileTable.TABLE.fields().stream().map(Field::name).collect(Collectors.toSet());
    return rows.select(
        table.fields().stream()
            .filter(field -> names.contains(field.name()) && !field.equals(Table.AS_OF))
            .map(Field::col)
            .toArray(Column[]::new));
  }

  /** Both sides are partitioned by customer_id; hashing one of them avoids sorting both. */
  private static Dataset<Row> join(Dataset<Row> rows, Dataset<Row> other) {
    return rows.join(
        other.hint("shuffle_hash"), new String[] {CustomerProfileTable.CUSTOMER_ID.name()}, "left");
  }
}
