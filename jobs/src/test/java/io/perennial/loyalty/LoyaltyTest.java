package io.perennial.loyalty;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.LoyaltySettings;
import io.perennial.config.LoyaltySettings.Tier;
import io.perennial.months.CustomerDaysTable;
import io.perennial.table.Table;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** Points and tiers by hand, and against a plain Java oracle on random customers. */
class LoyaltyTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 3, 1);

  private static final LoyaltySettings SHIPPED =
      settings("10", "bronze 0", "silver 300", "gold 1000");

  private record Day(
      String customer, LocalDate day, long orders, String gross, String discount, String refund) {}

  private final List<Day> days = new ArrayList<>();

  @Test
  void pointsAndTiersByHand() {
    // 10 points a unit of 19.99 + 280.00 less 5.00 discount: 2949.9, rounded down.
    day("anna", "2023-06-01", 1, "19.99", "5.00", "0.00");
    day("anna", "2024-02-29", 1, "280.00", "0.00", "0.00");
    // Returning everything, in any number of parts, leaves no points.
    day("ben", "2024-01-05", 1, "19.99", "0.00", "0.00");
    day("ben", "2024-01-09", 0, "0.00", "0.00", "9.98");
    day("ben", "2024-01-10", 0, "0.00", "0.00", "10.01");
    // The window begins on 2023-03-01: the day before it counts for points, not for the tier.
    day("cleo", "2023-02-28", 1, "900.00", "0.00", "0.00");
    day("cleo", "2023-03-01", 1, "300.00", "0.00", "0.00");
    day("dora", "2024-02-01", 1, "1000.00", "0.00", "0.00");
    day("dora", "2024-03-01", 1, "500.00", "0.00", "0.00");
    // A refund of an unknown purchase takes no points, but counts in the window.
    day("emil", "2024-01-01", 1, "10.00", "0.00", "0.00");
    day("emil", "2024-01-02", 0, "0.00", "0.00", "40.00");
    day("fay", "2024-01-02", 0, "0.00", "0.00", "40.00");
    day("gus", "2024-03-01", 1, "40.00", "0.00", "0.00");

    assertThat(texts(SHIPPED, 2))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "anna", "2949 - 0 = 2949, bronze with 294.99, silver after 51 points, 5.01",
                "ben", "199 - 199 = 0, bronze with 0.00, silver after 3000 points, 300.00",
                "cleo", "12000 - 0 = 12000, silver with 300.00, gold after 7000 points, 700.00",
                "dora", "10000 - 0 = 10000, gold with 1000.00, null after null points, null",
                "emil", "100 - 100 = 0, bronze with -30.00, silver after 3300 points, 330.00"));
  }

  @Test
  void randomCustomersAgreeWithThePlainJavaOracle() {
    Random random = new Random(7);
    for (int i = 0; i < 3_000; i++) {
      LocalDate day = AS_OF.minusDays(random.nextInt(800) - 20);
      boolean isRefund = random.nextInt(4) == 0;
      BigDecimal gross = isRefund ? BigDecimal.ZERO : amount(random, 60_000);
      BigDecimal discount =
          gross.multiply(BigDecimal.valueOf(random.nextInt(3) * 10L)).movePointLeft(2);
      days.add(
          new Day(
              "c" + random.nextInt(400),
              day,
              isRefund ? 0 : 1,
              gross.setScale(2, RoundingMode.DOWN).toString(),
              discount.setScale(2, RoundingMode.DOWN).toString(),
              (isRefund ? amount(random, 40_000) : BigDecimal.ZERO).setScale(2).toString()));
    }
    LoyaltySettings settings = settings("0.75", "none 0", "some 99.95", "more 400", "most 1200.5");

    assertThat(
            TableRows.differences(
                oracle(settings), rows(settings, 2), List.of(LoyaltyTable.CUSTOMER_ID.name())))
        .isEmpty();
  }

  /** One customer at a time, in decimals. */
  private List<Map<String, Object>> oracle(LoyaltySettings settings) {
    List<Map<String, Object>> rows = new ArrayList<>();
    Map<String, List<Day>> byCustomer =
        days.stream()
            .filter(day -> day.day().isBefore(AS_OF))
            .collect(Collectors.groupingBy(Day::customer));
    byCustomer.forEach(
        (customer, customerDays) -> {
          BigDecimal sold = BigDecimal.ZERO;
          BigDecimal refunded = BigDecimal.ZERO;
          BigDecimal inWindow = BigDecimal.ZERO;
          boolean ordered = false;
          for (Day day : customerDays) {
            BigDecimal sales = new BigDecimal(day.gross()).subtract(new BigDecimal(day.discount()));
            BigDecimal refund = new BigDecimal(day.refund());
            sold = sold.add(sales);
            refunded = refunded.add(refund);
            ordered |= day.orders() > 0;
            if (!day.day().isBefore(AS_OF.minusMonths(settings.tierWindowMonths()))) {
              inWindow = inWindow.add(sales).subtract(refund);
            }
          }
          if (!ordered) {
            return;
          }
          long earned = points(sold, settings, RoundingMode.FLOOR);
          long returned = Math.min(earned, points(refunded, settings, RoundingMode.FLOOR));
          int tier = 0;
          while (tier + 1 < settings.tiers().size()
              && settings.tiers().get(tier + 1).from().compareTo(inWindow) <= 0) {
            tier++;
          }
          boolean isTop = tier + 1 == settings.tiers().size();
          BigDecimal missing =
              isTop ? null : settings.tiers().get(tier + 1).from().subtract(inWindow);
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("as_of", AS_OF);
          row.put("customer_id", customer);
          row.put("points_earned", earned);
          row.put("points_returned", returned);
          row.put("points_balance", earned - returned);
          row.put("tier", settings.tiers().get(tier).name());
          row.put("net_in_tier_window", inWindow);
          row.put(
              "points_to_next_tier",
              isTop ? null : points(missing, settings, RoundingMode.CEILING));
          row.put("next_tier", isTop ? null : settings.tiers().get(tier + 1).name());
          row.put("net_to_next_tier", missing);
          rows.add(row);
        });
    return rows;
  }

  private static long points(BigDecimal money, LoyaltySettings settings, RoundingMode rounding) {
    return money.multiply(settings.pointsPerUnit()).setScale(0, rounding).longValueExact();
  }

  private static BigDecimal amount(Random random, int below) {
    return BigDecimal.valueOf(random.nextInt(below), 2);
  }

  private void day(
      String customer, String day, long orders, String gross, String discount, String refund) {
    days.add(new Day(customer, LocalDate.parse(day), orders, gross, discount, refund));
  }

  private static LoyaltySettings settings(String pointsPerUnit, String... tiers) {
    List<Tier> list = new ArrayList<>();
    for (String tier : tiers) {
      String[] parts = tier.split(" ");
      list.add(new Tier(parts[0], new BigDecimal(parts[1])));
    }
    return new LoyaltySettings(new BigDecimal(pointsPerUnit), list, 12);
  }

  private Map<String, String> texts(LoyaltySettings settings, int minorDigits) {
    Map<String, String> result = new HashMap<>();
    for (Map<String, Object> row : rows(settings, minorDigits)) {
      assertThat(row.get("as_of")).isEqualTo(AS_OF);
      result.put(
          (String) row.get("customer_id"),
          "%s - %s = %s, %s with %s, %s after %s points, %s"
              .formatted(
                  row.get("points_earned"),
                  row.get("points_returned"),
                  row.get("points_balance"),
                  row.get("tier"),
                  row.get("net_in_tier_window"),
                  row.get("next_tier"),
                  row.get("points_to_next_tier"),
                  row.get("net_to_next_tier")));
    }
    return result;
  }

  private List<Map<String, Object>> rows(LoyaltySettings settings, int minorDigits) {
    Table table = CustomerDaysTable.TABLE;
    List<Row> rows =
        days.stream()
            .<Row>map(
                day -> {
                  BigDecimal gross = new BigDecimal(day.gross());
                  BigDecimal discount = new BigDecimal(day.discount());
                  BigDecimal refund = new BigDecimal(day.refund());
                  return RowFactory.create(
                      day.customer(),
                      Date.valueOf(day.day()),
                      day.orders(),
                      BigDecimal.ONE.setScale(3),
                      gross,
                      discount,
                      refund,
                      gross.subtract(discount).subtract(refund),
                      0L,
                      1L,
                      null,
                      null,
                      Date.valueOf(day.day().withDayOfMonth(1)));
                })
            .toList();
    Dataset<Row> dataset = SharedSpark.session().createDataFrame(rows, table.schema(minorDigits));
    return TableRows.of(
        LoyaltyTable.TABLE.conform(Loyalty.of(dataset, AS_OF, settings, minorDigits), minorDigits));
  }
}
