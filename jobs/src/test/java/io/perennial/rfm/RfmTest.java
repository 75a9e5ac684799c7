package io.perennial.rfm;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.SegmentScheme;
import io.perennial.config.SegmentScheme.Axis;
import io.perennial.config.Settings;
import io.perennial.config.SettingsLoader;
import io.perennial.months.CustomerDaysTable;
import io.perennial.testing.SharedSpark;
import io.perennial.testing.TableRows;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Scores and segments on small sets of customer days. */
class RfmTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 3, 1);

  private final List<Row> days = new ArrayList<>();

  @Test
  void customersWithEqualValuesShareTheScoreOfTheirMiddleRank() {
    day("a", "2024-02-01", 1, "1.00");
    day("b", "2024-02-10", 1, "2.00");
    day("c", "2024-02-20", 1, "3.00");
    day("d", "2024-02-29", 2, "1.00");
    // Ranks 1 to 4 of four score 1, 2, 4, 5; three with one order share 1 + 5 * 3 div 8 = 2.
    assertThat(cells("r5-fm5", null))
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", "122", "b", "224", "c", "425", "d", "552"));
  }

  @Test
  void ninetySevenPercentOneTimeBuyersHaveOneFrequencyScore() {
    for (int i = 0; i < 100; i++) {
      day("c" + i, "2024-01-" + (10 + i % 20), i < 97 ? 1 : i - 95, i + ".50");
    }
    Map<String, Long> byFrequency =
        cells("r5-fm5", null).values().stream()
            .collect(
                Collectors.groupingBy(
                    cell -> cell.substring(1, 2), TreeMap::new, Collectors.counting()));
    assertThat(byFrequency).isEqualTo(Map.of("3", 97L, "5", 3L));
  }

  @Test
  void aSingleCustomerIsInTheMiddleOfEverything() {
    day("only", "2024-02-01", 3, "12.00");
    assertThat(rows("r5-fm5", null))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.get("rfm_cell")).isEqualTo("333");
              assertThat(row.get("segment")).isEqualTo("Need Attention");
              assertThat(row.get("recency_days")).isEqualTo(29);
            });
    assertThat(cells("r3-f3-m3", null)).isEqualTo(Map.of("only", "222"));
  }

  @Test
  void onlyDaysBeforeAsOfAndInTheWindowCount() {
    day("inactive", "2023-12-31", 1, "99.00");
    day("active", "2023-12-31", 1, "99.00");
    day("active", "2024-01-01", 1, "5.00");
    day("active", "2024-03-01", 1, "7.00");
    day("returner", "2024-01-05", 0, "-3.00");
    assertThat(rows("r5-fm5", 60))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.get("customer_id")).isEqualTo("active");
              assertThat(row.get("recency_days")).isEqualTo(60);
              assertThat(row.get("frequency")).isEqualTo(1L);
              assertThat((BigDecimal) row.get("monetary")).isEqualByComparingTo("5");
            });
  }

  @Test
  void aRefundAfterTheLastOrderLowersValueAndLeavesRecencyAlone() {
    day("a", "2024-02-01", 1, "10.00");
    day("a", "2024-02-20", 0, "-12.50");
    assertThat(rows("r5-fm5", null))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.get("recency_days")).isEqualTo(29);
              assertThat((BigDecimal) row.get("monetary")).isEqualByComparingTo("-2.5");
            });
  }

  @Test
  void everyAxisOfASchemeIsScoredOrAMean() {
    assertThat(RfmAxis.ALL.stream().map(RfmAxis::axis))
        .containsExactlyElementsOf(
            Arrays.stream(Axis.values()).filter(axis -> axis.meanOf().isEmpty()).toList());
  }

  @Test
  void transitionsCountCustomersWhoEnteredMovedAndLeft() {
    Dataset<Row> before = segments("a", "Lost", "b", "Lost", "c", "Promising");
    Dataset<Row> now = segments("b", "Lost", "c", "Champions", "d", "New Customers");
    assertThat(
            TableRows.of(RfmTransitions.of(before, now, AS_OF.minusMonths(1), AS_OF)).stream()
                .map(
                    r ->
                        r.get("from_segment")
                            + ">"
                            + r.get("to_segment")
                            + ":"
                            + r.get("customers")))
        .containsExactlyInAnyOrder(
            "Lost>(none):1", "Lost>Lost:1", "Promising>Champions:1", "(none)>New Customers:1");
  }

  private void day(String customer, String day, long orders, String net) {
    BigDecimal money = new BigDecimal(net);
    BigDecimal sold = orders == 0 ? BigDecimal.ZERO.setScale(2) : money;
    Timestamp time = orders == 0 ? null : Timestamp.valueOf(day + " 12:00:00");
    days.add(
        RowFactory.create(
            customer,
            Date.valueOf(day),
            orders,
            BigDecimal.valueOf(orders).setScale(3),
            sold,
            BigDecimal.ZERO.setScale(2),
            sold.subtract(money),
            money,
            0L,
            0L,
            time,
            time,
            Date.valueOf(LocalDate.parse(day).withDayOfMonth(1))));
  }

  private Map<String, String> cells(String scheme, Integer window) {
    return rows(scheme, window).stream()
        .collect(
            Collectors.toMap(
                row -> (String) row.get("customer_id"), row -> (String) row.get("rfm_cell")));
  }

  private List<Map<String, Object>> rows(String scheme, Integer window) {
    Settings.Rfm settings = new Settings.Rfm(shipped(scheme), Optional.ofNullable(window));
    SparkSession spark = SharedSpark.session();
    Dataset<Row> table = spark.createDataFrame(days, CustomerDaysTable.TABLE.schema(2));
    return TableRows.of(Rfm.of(Rfm.values(table, AS_OF, settings), AS_OF, settings, 2));
  }

  private static SegmentScheme shipped(String name) {
    return SettingsLoader.load(
            List.of("lake.path=nowhere", "warehouse.path=nowhere", "rfm.scheme=" + name))
        .rfm()
        .scheme();
  }

  private static Dataset<Row> segments(String... pairs) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      rows.add(RowFactory.create(pairs[i], pairs[i + 1]));
    }
    return SharedSpark.session()
        .createDataFrame(
            rows, new StructType().add("customer_id", "string").add("segment", "string"));
  }
}
