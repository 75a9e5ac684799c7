package io.perennial.audiences;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.churn.ChurnScoresTable;
import io.perennial.customers.CustomersTable;
import io.perennial.loyalty.LoyaltyTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.orders.OrdersTable;
import io.perennial.products.CustomerAffinitiesTable;
import io.perennial.rfm.RfmTable;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** The profile of a few customers, column by column. */
class CustomerProfileTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 12, 20);

  private final List<Map<String, Object>> days = new ArrayList<>();
  private final List<Map<String, Object>> orders = new ArrayList<>();

  private void day(
      String customer, String day, int orders, int discounted, String gross, String refund) {
    BigDecimal net =
        new BigDecimal(gross).subtract(new BigDecimal(discounted)).subtract(new BigDecimal(refund));
    days.add(
        Map.of(
            "customer_id",
            customer,
            "day",
            LocalDate.parse(day),
            "orders",
            (long) orders,
            "units",
            new BigDecimal("1.000"),
            "gross",
            gross,
            "discount",
            discounted + ".00",
            "refund",
            refund,
            "net",
            net.toPlainString(),
            "discounted_orders",
            (long) discounted,
            "categories",
            1L));
  }

  private void order(String id, String customer, String at, boolean isGuest) {
    Map<String, Object> row = new HashMap<>();
    row.put("order_id", id);
    row.put("customer_id", customer);
    row.put("ordered_at", Timestamp.valueOf(at));
    row.put("is_valid", true);
    row.put("is_guest", isGuest);
    orders.add(row);
  }

  private static Dataset<Row> contacts() {
    StructType schema = new StructType();
    for (String name :
        List.of("customer_id", "email", "phone", "first_name", "last_name", "zip", "country")) {
      schema = schema.add(name, DataTypes.StringType);
    }
    schema = schema.add("birth_date", DataTypes.DateType);
    return SharedSpark.session()
        .createDataFrame(
            List.of(
                RowFactory.create(
                    "anna",
                    "anna@example.com",
                    "+44 20 7946 0000",
                    "Anna",
                    "A",
                    "N1",
                    "GB",
                    java.sql.Date.valueOf("1980-12-20")),
                RowFactory.create(
                    "ben",
                    "nonsense",
                    "123",
                    "Ben",
                    "B",
                    " ",
                    "FR",
                    java.sql.Date.valueOf("1996-02-29"))),
            schema);
  }

  @Test
  void profileColumnsOfAFewCustomers() {
    AudienceFixtures.session();
    // The coming season: 20 December to 2 February; anna bought in it in two earlier years.
    day("anna", "2021-12-31", 1, 0, "30.00", "0.00");
    day("anna", "2023-01-15", 2, 1, "20.00", "0.00");
    day("anna", "2023-02-03", 1, 0, "10.00", "0.00");
    day("anna", "2024-06-01", 1, 1, "41.00", "0.00");
    day("anna", "2024-06-05", 0, 0, "0.00", "8.50");
    day("anna", "2024-12-20", 1, 0, "99.00", "0.00");
    day("ben", "2024-12-01", 1, 0, "5.00", "0.00");
    day("carl", "2024-11-01", 0, 0, "0.00", "3.00");
    order("1", "anna", "2024-06-01 10:00:00", false);
    order("2", "anna", "2024-12-20 00:00:00", true);
    order("3", "ben", "2024-12-01 10:00:00", false);
    order("4", "ben", "2024-12-01 10:00:01", true);
    List<Map<String, Object>> customers =
        List.of(
            Map.of(
                "customer_id",
                "anna",
                "first_order_at",
                Timestamp.valueOf("2021-12-31 10:00:00"),
                "cohort_month",
                LocalDate.of(2021, 12, 1),
                "first_country",
                "IE",
                "first_order_discounted",
                false),
            Map.of(
                "customer_id",
                "ben",
                "first_order_at",
                Timestamp.valueOf("2024-12-01 10:00:00"),
                "cohort_month",
                LocalDate.of(2024, 12, 1),
                "first_country",
                "BE",
                "first_order_discounted",
                false));
    CustomerProfile.Sources sources =
        new CustomerProfile.Sources(
            AudienceFixtures.rows(CustomerDaysTable.TABLE, days),
            AudienceFixtures.rows(CustomersTable.TABLE, customers)
                .withColumn("email_consent", org.apache.spark.sql.functions.lit(true)),
            AudienceFixtures.rows(OrdersTable.TABLE, orders),
            AudienceFixtures.rows(RfmTable.TABLE, List.of()),
            AudienceFixtures.rows(ChurnScoresTable.TABLE, List.of()),
            AudienceFixtures.rows(LoyaltyTable.TABLE, List.of()),
            AudienceFixtures.rows(CustomerAffinitiesTable.TABLE, List.of()),
            contacts(),
            new SecondOrderTiming(20, 40, 31));

    Map<String, Map<String, Object>> profile = new HashMap<>();
    TableRows.of(
            CustomerProfileTable.TABLE.conform(
                CustomerProfile.of(sources, AS_OF, 45, AudienceFixtures.MINOR_DIGITS),
                AudienceFixtures.MINOR_DIGITS))
        .forEach(row -> profile.put((String) row.get("customer_id"), row));

    assertThat(profile).as("carl never ordered").containsOnlyKeys("anna", "ben");
    Map<String, Object> anna = profile.get("anna");
    assertThat(anna)
        .containsEntry("first_order_day", LocalDate.of(2021, 12, 31))
        .containsEntry("last_order_day", LocalDate.of(2024, 6, 1))
        .containsEntry("days_since_first_order", 1085)
        .containsEntry("days_since_last_order", 202)
        .containsEntry("orders", 5L)
        .containsEntry("orders_last_year", 1L)
        .containsEntry("discounted_orders", 2L)
        .containsEntry("discounted_share", 0.4)
        .containsEntry("aov", 99.0 / 5)
        .containsEntry("refund_days", 1L)
        .containsEntry("days_since_last_refund", 198)
        .containsEntry("bought_months", List.of(1, 2, 6, 12))
        .containsEntry("coming_season_years", 2)
        .containsEntry("is_guest", false)
        .containsEntry("has_email", true)
        .containsEntry("has_phone", true)
        .containsEntry("has_postal_address", true)
        .containsEntry("country", "GB")
        .containsEntry("days_to_birthday", 0)
        .containsEntry("email_consent", true)
        .containsEntry("sms_consent", null)
        .containsEntry("second_order_from_day", 20)
        .containsEntry("second_order_median_day", 31)
        .containsEntry("segment", null)
        .containsEntry("points_balance", null);
    assertThat(String.valueOf(anna.get("net"))).isEqualTo("90.50");
    assertThat(String.valueOf(anna.get("net_last_year"))).isEqualTo("31.50");
    assertThat(profile.get("ben"))
        .containsEntry("has_email", false)
        .containsEntry("has_phone", false)
        .containsEntry("has_postal_address", false)
        .containsEntry("is_guest", true)
        .as("a birthday of 29 February is on the 28th in other years")
        .containsEntry("days_to_birthday", 70)
        .containsEntry("days_since_last_refund", null)
        .containsEntry("coming_season_years", 0);
    assertThat(profile.toString()).doesNotContain("example.com").doesNotContain("7946");
  }
}
