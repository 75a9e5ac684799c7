package io.perennial.audiences;

import static org.apache.spark.sql.functions.add_months;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.bit_count;
import static org.apache.spark.sql.functions.bit_or;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_add;
import static org.apache.spark.sql.functions.date_sub;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.month;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.year;

import io.perennial.churn.ChurnScoresTable;
import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.orders.OrdersTable;
import io.perennial.rfm.RfmTable;
import io.perennial.table.Field;
import io.perennial.table.Money;
import io.perennial.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

  private static final String ADDRESS = "[^@\\s]+@[^@\\s]+\\.[^@\\s]+";
  private static final int FEWEST_PHONE_DIGITS = 7;
  private static final int DAYS_OF_A_YEAR = 365;
  private static final int MONTHS_OF_A_YEAR = 12;
  private static final int MOST_YEARS = 30;

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
      Optional<SecondOrder> secondOrder) {}

  /**
   * @param seasonDays days from as_of on that count as the coming season
   */
  public static Dataset<Row> of(Sources sources, LocalDate asOf, int seasonDays, int minorDigits) {
    Dataset<Row> rows = history(sources.days(), asOf, seasonDays, minorDigits);
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
      rows = with(rows, contacts(sources.contacts().get(), asOf));
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

  /** What customer_days says before as_of of those who have placed a valid order. */
  private static Dataset<Row> history(
      Dataset<Row> days, LocalDate asOf, int seasonDays, int minorDigits) {
    Column day = CustomerDaysTable.DAY.col();
    Column ordered = CustomerDaysTable.ORDERS.col().gt(0);
    Column refunded = CustomerDaysTable.REFUND.col().gt(0);
    Column lastYear = day.geq(date_sub(lit(asOf), DAYS_OF_A_YEAR));
    Column net = Money.minorUnits(CustomerDaysTable.NET);
    Column sales =
        Money.minorUnits(CustomerDaysTable.GROSS)
            .minus(Money.minorUnits(CustomerDaysTable.DISCOUNT));
    return days.where(day.lt(lit(asOf)))
        .groupBy(CustomerDaysTable.CUSTOMER_ID.col())
        .agg(
            min(when(ordered, day)).as(CustomerProfileTable.FIRST_ORDER_DAY.name()),
            max(when(ordered, day)).as(CustomerProfileTable.LAST_ORDER_DAY.name()),
            sum(CustomerDaysTable.ORDERS.col()).as(CustomerProfileTable.ORDERS.name()),
            sum(net).as("net_minor"),
            sum(sales).as("sales_minor"),
            sum(when(lastYear, CustomerDaysTable.ORDERS.col()).otherwise(0L))
                .as(CustomerProfileTable.ORDERS_LAST_YEAR.name()),
            sum(when(lastYear, net).otherwise(0L)).as("net_last_year_minor"),
            sum(CustomerDaysTable.DISCOUNTED_ORDERS.col())
                .as(CustomerProfileTable.DISCOUNTED_ORDERS.name()),
            count(when(refunded, lit(1))).as(CustomerProfileTable.REFUND_DAYS.name()),
            sum(Money.minorUnits(CustomerDaysTable.REFUND)).as("refund_minor"),
            max(when(refunded, day)).as("last_refund_day"),
            bit_or(when(ordered, shiftLeft(month(day))).otherwise(0)).as("months"),
            bit_or(when(ordered, season(day, asOf, seasonDays)).otherwise(0)).as("seasons"))
        .where(CustomerProfileTable.ORDERS.col().gt(0))
        .select(
            CustomerProfileTable.CUSTOMER_ID.col(),
            CustomerProfileTable.FIRST_ORDER_DAY.col(),
            CustomerProfileTable.LAST_ORDER_DAY.col(),
            since(CustomerProfileTable.FIRST_ORDER_DAY.col(), asOf)
                .as(CustomerProfileTable.DAYS_SINCE_FIRST_ORDER.name()),
            since(CustomerProfileTable.LAST_ORDER_DAY.col(), asOf)
                .as(CustomerProfileTable.DAYS_SINCE_LAST_ORDER.name()),
            CustomerProfileTable.ORDERS.col(),
            Money.ofMinorUnits(col("net_minor"), minorDigits).as(CustomerProfileTable.NET.name()),
            col("sales_minor")
                .cast(DataTypes.DoubleType)
                .divide(Math.pow(10, minorDigits))
                .divide(CustomerProfileTable.ORDERS.col())
                .as(CustomerProfileTable.AOV.name()),
            CustomerProfileTable.ORDERS_LAST_YEAR.col(),
            Money.ofMinorUnits(col("net_last_year_minor"), minorDigits)
                .as(CustomerProfileTable.NET_LAST_YEAR.name()),
            CustomerProfileTable.DISCOUNTED_ORDERS.col(),
            CustomerProfileTable.DISCOUNTED_ORDERS
                .col()
                .cast(DataTypes.DoubleType)
                .divide(CustomerProfileTable.ORDERS.col())
                .as(CustomerProfileTable.DISCOUNTED_SHARE.name()),
            CustomerProfileTable.REFUND_DAYS.col(),
            Money.ofMinorUnits(col("refund_minor"), minorDigits)
                .as(CustomerProfileTable.REFUND.name()),
            since(col("last_refund_day"), asOf)
                .as(CustomerProfileTable.DAYS_SINCE_LAST_REFUND.name()),
            months(col("months")).as(CustomerProfileTable.BOUGHT_MONTHS.name()),
            bit_count(col("seasons")).as(CustomerProfileTable.COMING_SEASON_YEARS.name()));
  }

  private static Column since(Column day, LocalDate asOf) {
    return datediff(lit(asOf), day);
  }

  /** The months whose bits are set. */
  private static Column months(Column bits) {
    Column all =
        array(
            IntStream.rangeClosed(1, MONTHS_OF_A_YEAR)
                .mapToObj(org.apache.spark.sql.functions::lit)
                .toArray(Column[]::new));
    return filter(all, month -> bits.bitwiseAND(shiftLeft(month)).notEqual(0));
  }

  private static Column shiftLeft(Column bit) {
    return org.apache.spark.sql.functions.call_function("shiftleft", lit(1), bit);
  }

  /**
   * The bit of the year whose season the day is in, counted back from as_of's; 0 where it is in
   * none. The season of k years ago begins on as_of's day of the year; it may have begun in the
   * calendar year before the day's.
   */
  private static Column season(Column day, LocalDate asOf, int seasonDays) {
    Column yearsBack = lit(asOf.getYear()).minus(year(day));
    Column result = lit(0);
    for (int more = 1; more >= 0; more--) {
      Column k = yearsBack.plus(more);
      Column begin = add_months(lit(asOf), k.multiply(-MONTHS_OF_A_YEAR));
      result =
          when(
                  k.between(1, MOST_YEARS)
                      .and(day.geq(begin))
                      .and(day.lt(date_add(begin, seasonDays))),
                  shiftLeft(k))
              .otherwise(result);
    }
    return result;
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

  /** What identifiers there are, and when the birthday is: never an address itself. */
  private static Dataset<Row> contacts(Dataset<Row> contacts, LocalDate asOf) {
    Column digits = length(regexp_replace(col("phone"), "[^0-9]", ""));
    Column hasAll =
        Stream.of("first_name", "last_name", "country", "zip")
            .map(name -> coalesce(length(trim(col(name))).gt(0), lit(false)))
            .reduce(Column::and)
            .orElseThrow();
    return contacts.select(
        CustomerProfileTable.CUSTOMER_ID.col(),
        coalesce(trim(col("email")).rlike("^" + ADDRESS + "$"), lit(false))
            .as(CustomerProfileTable.HAS_EMAIL.name()),
        coalesce(digits.geq(FEWEST_PHONE_DIGITS), lit(false))
            .as(CustomerProfileTable.HAS_PHONE.name()),
        hasAll.as(CustomerProfileTable.HAS_POSTAL_ADDRESS.name()),
        col("country").as(CustomerProfileTable.COUNTRY.name()),
        daysToBirthday(col("birth_date"), asOf).as(CustomerProfileTable.DAYS_TO_BIRTHDAY.name()));
  }

  private static Column daysToBirthday(Column birth, LocalDate asOf) {
    Column thisYear =
        add_months(birth, lit(asOf.getYear()).minus(year(birth)).multiply(MONTHS_OF_A_YEAR));
    Column nextYear =
        add_months(birth, lit(asOf.getYear() + 1).minus(year(birth)).multiply(MONTHS_OF_A_YEAR));
    return datediff(when(thisYear.geq(lit(asOf)), thisYear).otherwise(nextYear), lit(asOf));
  }

  private static Dataset<Row> shopWide(Dataset<Row> rows, Optional<SecondOrder> secondOrder) {
    return rows.withColumn(
            CustomerProfileTable.SECOND_ORDER_FROM_DAY.name(),
            whole(secondOrder.map(SecondOrder::fromDay)))
        .withColumn(
            CustomerProfileTable.SECOND_ORDER_TO_DAY.name(),
            whole(secondOrder.map(SecondOrder::toDay)))
        .withColumn(
            CustomerProfileTable.SECOND_ORDER_MEDIAN_DAY.name(),
            whole(secondOrder.map(SecondOrder::medianDay)));
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
