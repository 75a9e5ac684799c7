package io.perennial.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The oracle's tables on small examples worked by hand. */
class OracleTablesTest {

  private static final OracleSettings SETTINGS = OracleSettings.in("UTC").dimensions("all");

  private static int number;

  private static RawRecord order(String customer, String day, String price) {
    return RawRecord.sale("o" + number++, customer, Instant.parse(day + "T12:00:00Z"), "1", price);
  }

  private static RawRecord refund(String customer, String day, String price) {
    return order(customer, day, price).with(Column.KIND, "refund");
  }

  private static Oracle oracle(OracleSettings settings, RawRecord... records) {
    return Oracle.of(Arrays.asList(records), settings);
  }

  @Test
  void anOrderBooksItsSaleLinesOnTheDayOfTheFirstAndItsRefundsOnTheirOwn() {
    RawRecord first = order("c1", "2024-01-31", "10").with(Column.CATEGORY, "home");
    Oracle oracle =
        oracle(
            SETTINGS,
            first,
            first
                .with(Column.ORDERED_AT, "2024-02-01T12:00:00Z")
                .with(Column.UNIT_PRICE, "5")
                .with(Column.CATEGORY, "card"),
            first
                .with(Column.REFUND_AMOUNT, "3")
                .with(Column.REFUNDED_AT, "2024-02-02T12:00:00Z")
                .with(Column.UNIT_PRICE, "4"));
    assertThat(oracle.customerDays()).hasSize(2);
    CustomerDay sale = oracle.customerDays().get(0);
    assertThat(sale.day()).isEqualTo("2024-01-31");
    assertThat(sale.orders()).isEqualTo(1);
    assertThat(sale.categories()).isEqualTo(2);
    assertThat(sale.net()).isEqualByComparingTo("19");
    CustomerDay back = oracle.customerDays().get(1);
    assertThat(back.day()).isEqualTo("2024-02-02");
    assertThat(back.orders()).isZero();
    assertThat(back.refund()).isEqualByComparingTo("3");
    assertThat(oracle.orders().get(0).firstCategory()).isEqualTo("home");
    assertThat(oracle.orders().get(0).net()).isEqualByComparingTo("16");
  }

  @Test
  void daysAreThoseOfTheShop() {
    RawRecord atMidnight =
        order("c1", "2024-06-30", "1").with(Column.ORDERED_AT, "2024-06-30T23:00:00Z");
    assertThat(oracle(OracleSettings.in("Europe/London"), atMidnight).customerDays().get(0).day())
        .isEqualTo("2024-07-01");
    assertThat(oracle(OracleSettings.in("UTC"), atMidnight).customerDays().get(0).day())
        .isEqualTo("2024-06-30");
  }

  @Test
  void anOrderOfNothingMakesNobodyActive() {
    Oracle oracle =
        oracle(SETTINGS, order("c1", "2024-01-05", "0"), order("c1", "2024-02-05", "1"));
    assertThat(oracle.customers().get("c1").cohortMonth()).isEqualTo("2024-02-01");
    assertThat(oracle.customerMonths())
        .extracting(CustomerMonth::monthIndex)
        .containsExactly(-1, 0);
  }

  @Test
  void aCohortHasACellForEveryMonthThatHasBegunAndNoneAfter() {
    Oracle oracle =
        oracle(
            SETTINGS.asOf("2024-04-10"),
            order("a", "2024-01-05", "10"),
            order("b", "2024-01-20", "30"),
            order("b", "2024-03-20", "20"),
            refund("b", "2024-02-20", "5"),
            order("b", "2024-04-10", "99"),
            order("late", "2024-04-10", "99"));
    List<CohortMatrix.Cell> cells = oracle.cohortMatrix();
    assertThat(cells).extracting(CohortMatrix.Cell::monthIndex).containsExactly(0, 1, 2, 3);
    assertThat(cells)
        .extracting(CohortMatrix.Cell::state)
        .containsExactly("complete", "complete", "complete", "partial");
    assertThat(cells)
        .extracting(CohortMatrix.Cell::activeCustomers)
        .containsExactly(2L, 0L, 1L, 0L);
    assertThat(cells)
        .extracting(CohortMatrix.Cell::rollingActiveCustomers)
        .containsExactly(2L, 1L, 1L, 0L);
    assertThat(cells)
        .extracting(cell -> cell.cumulativeNet().intValueExact())
        .containsExactly(40, 35, 55, 55);
    assertThat(cells)
        .extracting(CohortMatrix.Cell::revenueRetentionRate)
        .containsExactly(1.0, -0.125, 0.5, 0.0);
    assertThat(cells.get(1).aov()).isNull();
    assertThat(cells.get(1).ordersPerCustomer()).isNull();
    assertThat(cells.get(2).ltv()).isEqualByComparingTo("27.5");
    // Wilson for 1 of 2: (0.5 + 0.96036) / 2.92073 = 0.5 in the middle, 0.40546 to both sides.
    assertThat(cells.get(2).retentionLow()).isCloseTo(0.09453, within(1e-5));
    assertThat(cells.get(2).retentionHigh()).isCloseTo(0.90547, within(1e-5));
    // Customer days before as_of: 10 + 30 + 20 - 5; the order of as_of itself is not known yet.
    assertThat(oracle.reconciliation().customerDaysNetBeforeAsOf()).isEqualByComparingTo("55");
    assertThat(oracle.reconciliation().holds()).isTrue();
  }

  @Test
  void asOfTheFirstOfAMonthThatMonthHasNotBegun() {
    Oracle oracle = oracle(SETTINGS.asOf("2024-02-01"), order("a", "2024-01-05", "10"));
    assertThat(oracle.cohortMatrix())
        .extracting(CohortMatrix.Cell::state)
        .containsExactly("complete");
    assertThat(oracle(SETTINGS, order("a", "2024-01-05", "10")).asOf()).isEqualTo("2024-01-06");
  }

  @Test
  void averagesDivideSumsOverCohortsThatAreCompleteAndAcquired() {
    OracleSettings settings = SETTINGS.asOf("2024-04-01").historyStart(YearMonth.of(2024, 1));
    List<CohortAverages.Average> averages =
        oracle(
                settings,
                order("old", "2023-12-05", "70"),
                order("a", "2024-01-05", "10"),
                order("a", "2024-02-05", "10"),
                order("b", "2024-01-05", "10"),
                order("c", "2024-02-05", "20"),
                order("d", "2024-03-05", "50"))
            .cohortAverages();
    assertThat(averages).extracting(CohortAverages.Average::monthIndex).containsExactly(0, 1, 2);
    CohortAverages.Average second = averages.get(1);
    assertThat(second.cohorts()).isEqualTo(2);
    assertThat(second.cohortSize()).isEqualTo(3);
    assertThat(second.retentionRate()).isEqualTo(1 / 3.0);
    assertThat(second.revenueRetentionRate()).isEqualTo(0.25);
    assertThat(second.ltv())
        .isEqualTo(new BigDecimal("50").divide(BigDecimal.valueOf(3), MathContext.DECIMAL128));
  }

  @Test
  void dimensionsAreAttributesOfTheFirstValidOrder() {
    RawRecord one =
        order("a", "2024-01-05", "10").with(Column.COUNTRY, "DE").with(Column.DISCOUNT, "1");
    RawRecord sameTime =
        order("a", "2024-01-05", "10").with(Column.ORDER_ID, "zz").with(Column.COUNTRY, "GB");
    RawRecord free = order("a", "2024-01-01", "0").with(Column.COUNTRY, "FR");
    Oracle oracle =
        oracle(
            OracleSettings.in("UTC").dimensions("country", "channel", "discounted"),
            sameTime,
            one,
            free);
    assertThat(oracle.cohortMatrix())
        .extracting(CohortMatrix.Cell::dimensionValue)
        .containsExactly("(none)", "DE", "true");
  }

  @Test
  void theTextbookRetentionRateComesOut() {
    List<RawRecord> orders = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      orders.add(order("s" + i, "2024-01-10", "1"));
      if (i >= 2_500) {
        orders.add(order("s" + i, "2024-07-10", "1"));
      }
    }
    for (int i = 0; i < 5_500; i++) {
      orders.add(order("n" + i, "2024-07-10", "1"));
    }
    RetentionSummary.Row july =
        Oracle.of(orders, SETTINGS.asOf("2024-08-01")).retentionSummary().get(6);
    assertThat(july.month()).isEqualTo("2024-07-01");
    assertThat(july.customersStart()).isEqualTo(10_000);
    assertThat(july.customersEnd()).isEqualTo(13_000);
    assertThat(july.newCustomers()).isEqualTo(5_500);
    assertThat(july.lost()).isEqualTo(2_500);
    assertThat(july.reactivated()).isZero();
    assertThat(july.retentionRate()).isEqualTo(0.75);
    assertThat(july.churnRate()).isEqualTo(0.25);
  }

  @Test
  void whoComesBackAfterTheWindowIsReactivatedAndShortHistoryHasNoRate() {
    List<RetentionSummary.Row> rows =
        oracle(
                SETTINGS.activeWindow(2).asOf("2024-05-15"),
                order("a", "2024-01-10", "8"),
                order("b", "2024-01-10", "8"),
                order("a", "2024-04-10", "6"),
                order("b", "2024-02-10", "5"),
                order("c", "2024-05-01", "4"))
            .retentionSummary();
    assertThat(rows)
        .extracting(RetentionSummary.Row::customersStart)
        .containsExactly(0L, 2L, 2L, 1L, 1L);
    assertThat(rows).extracting(RetentionSummary.Row::lost).containsExactly(0L, 0L, 1L, 1L, null);
    assertThat(rows)
        .extracting(RetentionSummary.Row::reactivated)
        .containsExactly(0L, 0L, 0L, 1L, 0L);
    assertThat(rows)
        .extracting(RetentionSummary.Row::retentionRate)
        .containsExactly(null, null, 0.5, 0.0, null);
    assertThat(rows.get(4).netNew()).isEqualByComparingTo("4");
    assertThat(rows.get(3).netReturning()).isEqualByComparingTo("6");
    // a came back after 91 days, b after 31: one of two within 90. May's customer can't be watched
    // that long.
    assertThat(rows.get(0).repeatPurchaseRate()).isEqualTo(0.5);
    assertThat(rows.get(4).repeatPurchaseRate()).isNull();
  }

  @Test
  void theRepurchaseCurveIsKaplanMeier() {
    // Days to the second order: 0 (same day), 2, and two who did not: seen 4 and 2 days, to the day
    // before as_of.
    List<RepurchaseCurve.Point> second =
        oracle(
                SETTINGS.asOf("2024-01-10"),
                order("a", "2024-01-01", "1"),
                order("a", "2024-01-01", "1"),
                order("b", "2024-01-01", "1"),
                order("b", "2024-01-03", "1"),
                order("c", "2024-01-05", "1"),
                order("d", "2024-01-07", "1"))
            .repurchaseCurve()
            .stream()
            .filter(point -> point.orderNumber() == 2)
            .toList();
    assertThat(second).extracting(RepurchaseCurve.Point::day).containsExactly(0L, 2L, 4L);
    assertThat(second).extracting(RepurchaseCurve.Point::atRisk).containsExactly(4L, 3L, 1L);
    assertThat(second).extracting(RepurchaseCurve.Point::ordered).containsExactly(1L, 1L, 0L);
    assertThat(second).extracting(RepurchaseCurve.Point::censored).containsExactly(0L, 1L, 1L);
    // 3/4 stay after day 0, 3/4 x 2/3 after day 2.
    assertThat(second)
        .extracting(RepurchaseCurve.Point::probability)
        .containsExactly(0.25, 0.5, 0.5);
  }

  @Test
  void rfmTiesShareTheScoreOfTheirMiddleRank() {
    // Scores of ranks 1 to 4 of four are 1 + 5 div 8, 15 div 8, 25 div 8, 35 div 8: 1, 2, 4, 5.
    // Frequency 1, 1, 1, 2: the ties get 1 + 5 * 3 div 8 = 2. Monetary 1, 2, 3, 1: the two of 1 get
    // 1 + 5 * 2 div 8 = 2.
    // for the other.
    Oracle oracle =
        oracle(
            SETTINGS.asOf("2024-03-01").rfmWindowDays(60),
            order("a", "2024-02-01", "1"),
            order("b", "2024-02-10", "2"),
            order("c", "2024-02-20", "3"),
            order("d", "2024-02-20", "3"),
            order("d", "2024-02-29", "1"),
            refund("d", "2024-02-29", "3"),
            order("gone", "2023-12-31", "9"));
    List<Rfm.Row> rows = oracle.rfm(5, (r, f, m) -> r > 3 ? "recent" : "rest");
    assertThat(rows).extracting(Rfm.Row::customerId).containsExactly("a", "b", "c", "d");
    assertThat(rows).extracting(Rfm.Row::recencyDays).containsExactly(29L, 20L, 10L, 1L);
    assertThat(rows).extracting(Rfm.Row::rfmCell).containsExactly("122", "224", "425", "552");
  }

  @Test
  void transitionsCountEverybodyWhoIsInEitherSnapshot() {
    Oracle oracle =
        oracle(
            SETTINGS.asOf("2024-03-01"),
            order("a", "2024-01-01", "1"),
            order("b", "2024-02-10", "2"));
    assertThat(oracle.rfmTransitions(LocalDate.of(2024, 2, 1), 5, (r, f, m) -> "r" + r))
        .extracting(t -> t.fromSegment() + ">" + t.toSegment() + ":" + t.customers())
        .containsExactly("(none)>r4:1", "r3>r2:1");
  }

  @Test
  void columnsAreNamedAsInTheTables() {
    assertThat(RecordRows.columnName("cohortMonth")).isEqualTo("cohort_month");
    assertThat(RecordRows.columnName("newCustomers")).isEqualTo("new");
  }
}
