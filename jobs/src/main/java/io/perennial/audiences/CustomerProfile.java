package io.perennial.audiences;

import static org.apache.spark.sql.functions.*;

import io.perennial.churn.ChurnScoresTable;
import io.perennial.customers.CustomersTable;
import io.perennial.orders.OrdersTable;
import io.perennial.rfm.RfmTable;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Makes {@code customer_profile}. Everything is brought to one row per customer before it is
 * joined, so that each input moves once, by customer_id, and all joins find it where it is.
 */
public final class CustomerProfile {

  private CustomerProfile() {}

  /**
   * What the profile is made of.
   *
   * @param days rows of customer_days
   * @param customers rows of customers; its consents are taken where it has them
   * @param orders rows of orders
   * @param rfm rows of rfm of this as_of
   * @param churn rows of churn_scores of this as_of; may be none
   * @param loyalty rows of loyalty of this as_of, where that is made
   * @param affinities rows of affinities of this as_of, where that is made
   * @param contacts rows of contacts, where they are kept
   * @param secondOrder when the shop's customers order again, where any has
   */
  public record Sources(
      Dataset<Row> days,
      Dataset<Row> customers,
      Dataset<Row> orders,
      Dataset<Row> rfm,
      Dataset<Row> churn,
      Optional<Dataset<Row>> loyalty,
      Optional<Dataset<Row>> affinities,
      Optional<Dataset<Row>> contacts,
      Optional<SecondOrderTiming> secondOrder) {}

  /**
   * @param seasonDays days from as_of on that count as the coming season
   */
  public static Dataset<Row> of(Sources sources, LocalDate asOf, int seasonDays, int minorDigits) {
    Dataset<Row> rows = PurchaseHistory.of(sources.days(), asOf, seasonDays, minorDigits);
    rows = with(rows, firsts(sources.customers()));
    rows = with(rows, lastOrders(sources.orders(), asOf));
    rows =
        with(
            rows,
            columns(
                sources.rfm(),
                RfmTable.RECENCY_DAYS,
                RfmTable.FREQUENCY,
                RfmTable.MONETARY,
                RfmTable.R_SCORE,
                RfmTable.F_SCORE,
                RfmTable.M_SCORE,
                RfmTable.RFM_CELL,
                RfmTable.SEGMENT));
    rows =
        with(
            rows,
            columns(
                sources.churn(),
                ChurnScoresTable.CHURN_PROBABILITY,
                ChurnScoresTable.RISK_BAND,
                ChurnScoresTable.EXPECTED_ORDERS,
                ChurnScoresTable.EXPECTED_NET,
                ChurnScoresTable.VALUE_AT_RISK));
    rows = withSome(rows, sources.loyalty(), CustomerProfileTable.LOYALTY, minorDigits);
    rows = withSome(rows, sources.affinities(), CustomerProfileTable.AFFINITIES, minorDigits);
    if (sources.contacts().isPresent()) {
      rows = with(rows, ContactFlags.of(sources.contacts().get(), asOf));
    } else {
      rows =
          nulls(
              rows,
              List.of(
                  CustomerProfileTable.HAS_EMAIL,
                  CustomerProfileTable.HAS_PHONE,
                  CustomerProfileTable.HAS_POSTAL_ADDRESS,
                  CustomerProfileTable.COUNTRY,
                  CustomerProfileTable.DAYS_TO_BIRTHDAY),
              minorDigits);
    }
    return shopWide(rows, sources.secondOrder())
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .select(
            CustomerProfileTable.TABLE.fields().stream()
                .map(CustomerProfile::filled)
                .toArray(Column[]::new));
  }

  /** A customer without contacts has none of the identifiers; the country is the first order's. */
  private static Column filled(Field field) {
    if (field.equals(CustomerProfileTable.COUNTRY)) {
      return coalesce(field.col(), CustomerProfileTable.FIRST_COUNTRY.col()).as(field.name());
    }
    boolean isFlag =
        field.equals(CustomerProfileTable.HAS_EMAIL)
            || field.equals(CustomerProfileTable.HAS_PHONE)
            || field.equals(CustomerProfileTable.HAS_POSTAL_ADDRESS)
            || field.equals(CustomerProfileTable.IS_GUEST);
    return isFlag ? coalesce(field.col(), lit(false)).as(field.name()) : field.col();
  }

  /** How they began, and consents where customers has them. */
  private static Dataset<Row> firsts(Dataset<Row> customers) {
    List<String> present = Arrays.asList(customers.columns());
    Stream<Column> consents =
        Stream.of(
                CustomerProfileTable.EMAIL_CONSENT,
                CustomerProfileTable.SMS_CONSENT,
                CustomerProfileTable.ADS_CONSENT)
            .map(
                consent ->
                    present.contains(consent.name())
                        ? consent.col()
                        : lit(null).cast(DataTypes.BooleanType).as(consent.name()));
    return customers.select(
        Stream.concat(
                Stream.of(
                    CustomersTable.CUSTOMER_ID.col(),
                    CustomersTable.COHORT_MONTH.col(),
                    CustomersTable.FIRST_CATEGORY.col(),
                    CustomersTable.FIRST_CHANNEL.col(),
                    CustomersTable.FIRST_COUNTRY.col()),
                consents)
            .toArray(Column[]::new));
  }

  /**
   * Whether the last order was a guest's. Time and answer share one whole number, whose maximum
   * takes no sort; of several orders at one instant, one with an account decides.
   */
  private static Dataset<Row> lastOrders(Dataset<Row> orders, LocalDate asOf) {
    Column time = OrdersTable.ORDERED_AT.col();
    return orders
        .where(OrdersTable.IS_VALID.col())
        .where(OrdersTable.CUSTOMER_ID.col().isNotNull())
        .where(time.lt(lit(asOf).cast(DataTypes.TimestampType)))
        .groupBy(OrdersTable.CUSTOMER_ID.col())
        .agg(
            max(unix_micros(time)
                    .multiply(2)
                    .plus(when(OrdersTable.IS_GUEST.col(), 0).otherwise(1)))
                .as("last"))
        .select(
            OrdersTable.CUSTOMER_ID.col(),
            pmod(col("last"), lit(2L)).equalTo(0L).as(CustomerProfileTable.IS_GUEST.name()));
  }

  private static Dataset<Row> shopWide(Dataset<Row> rows, Optional<SecondOrderTiming> secondOrder) {
    return rows.withColumn(
            CustomerProfileTable.SECOND_ORDER_FROM_DAY.name(),
            whole(secondOrder.map(SecondOrderTiming::fromDay)))
        .withColumn(
            CustomerProfileTable.SECOND_ORDER_TO_DAY.name(),
            whole(secondOrder.map(SecondOrderTiming::toDay)))
        .withColumn(
            CustomerProfileTable.SECOND_ORDER_MEDIAN_DAY.name(),
            whole(secondOrder.map(SecondOrderTiming::medianDay)));
  }

  private static Column whole(Optional<Integer> value) {
    return lit(value.orElse(null)).cast(DataTypes.IntegerType);
  }

  private static Dataset<Row> columns(Dataset<Row> rows, Field... fields) {
    return rows.select(
        Stream.concat(Stream.of(CustomerProfileTable.CUSTOMER_ID), Arrays.stream(fields))
            .map(Field::col)
            .toArray(Column[]::new));
  }

  /** Both sides lie by customer_id already; hashing one of them saves sorting both. */
  private static Dataset<Row> with(Dataset<Row> rows, Dataset<Row> more) {
    return rows.join(
        more.hint("shuffle_hash"),
        CollectionConverters.asScala(List.of(CustomerProfileTable.CUSTOMER_ID.name())).toSeq(),
        "left");
  }

  private static Dataset<Row> withSome(
      Dataset<Row> rows, Optional<Dataset<Row>> more, List<Field> fields, int minorDigits) {
    return more.isEmpty()
        ? nulls(rows, fields, minorDigits)
        : with(rows, columns(more.get(), fields.toArray(Field[]::new)));
  }

  private static Dataset<Row> nulls(Dataset<Row> rows, List<Field> fields, int minorDigits) {
    List<Column> all = new ArrayList<>(List.of(col("*")));
    fields.forEach(field -> all.add(lit(null).cast(field.type(minorDigits)).as(field.name())));
    return rows.select(all.toArray(Column[]::new));
  }
}
