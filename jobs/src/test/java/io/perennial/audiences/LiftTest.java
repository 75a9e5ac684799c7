package io.perennial.audiences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.perennial.months.CustomerDaysTable;
import io.perennial.testing.TableRows;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** The sums of Spark equal those of plain Java and become the rows of campaign_lift. */
class LiftTest {

  private static final LocalDate AS_OF = LocalDate.of(2024, 6, 1);
  private static final List<Integer> WINDOWS = List.of(7, 30);

  private final List<Map<String, Object>> assignments = new ArrayList<>();
  private final List<Map<String, Object>> days = new ArrayList<>();

  private void assign(String experiment, String customer, String arm, LocalDate asOf) {
    assignments.add(
        Map.of(
            "experiment", experiment,
            "audience", experiment,
            "customer_id", customer,
            "arm", arm,
            "assigned_as_of", asOf,
            "run_id", "r"));
  }

  private void day(String customer, LocalDate day, long orders, String net) {
    days.add(
        Map.of(
            "customer_id",
            customer,
            "day",
            day,
            "orders",
            orders,
            "units",
            new BigDecimal("1.000"),
            "gross",
            net,
            "discount",
            "0.00",
            "refund",
            "0.00",
            "net",
            net,
            "discounted_orders",
            0L,
            "categories",
            1L));
  }

  @Test
  void onlyOrdersInCompleteWindowsAfterTheFirstAssignmentCount() {
    Random random = new Random(5);
    Map<String, LocalDate> entered = new HashMap<>();
    for (int i = 0; i < 400; i++) {
      String id = "C" + i;
      LocalDate first = AS_OF.minusDays(random.nextInt(60));
      entered.put(id, first);
      String arm = i % 4 == 0 ? "control" : "target";
      assign("e", id, arm, first);
      if (i % 3 == 0 && first.plusDays(20).isBefore(AS_OF)) {
        assign("e", id, arm, first.plusDays(20));
      }
      for (int d = 0; d < 12; d++) {
        if (random.nextInt(3) == 0) {
          day(
              id,
              first.plusDays(random.nextInt(50) * 2 - 30 + d % 2L),
              random.nextInt(3),
              (random.nextInt(900) - 100) / 10 + ".00");
        }
      }
    }
    days.removeIf(row -> !((LocalDate) row.get("day")).isBefore(AS_OF.plusDays(3)));
    Map<String, Map<String, Object>> oneADay = new HashMap<>();
    days.forEach(row -> oneADay.put(row.get("customer_id") + " " + row.get("day"), row));
    days.clear();
    days.addAll(oneADay.values());
    assign("small", "C1", "target", AS_OF.minusDays(7));
    assign("late", "C1", "target", AS_OF.minusDays(6));

    List<Row> sums =
        Lift.sums(
                AudienceFixtures.rows(AssignmentsTable.TABLE, assignments),
                AudienceFixtures.rows(CustomerDaysTable.TABLE, days),
                AS_OF,
                WINDOWS)
            .collectAsList();
    List<Map<String, Object>> rows =
        TableRows.of(
            AudienceFixtures.session()
                .createDataFrame(
                    Lift.compare(sums, AS_OF, AudienceFixtures.MINOR_DIGITS),
                    CampaignLiftTable.TABLE.schema(AudienceFixtures.MINOR_DIGITS)));

    assertThat(rows.stream().map(row -> row.get("experiment") + " " + row.get("window_days")))
        .containsExactly("e 7", "e 30", "small 7");
    for (int window : WINDOWS) {
      ArmTotals target = expected("target", window, entered);
      ArmTotals control = expected("control", window, entered);
      LiftEstimate estimate = new LiftEstimate(target, control);
      Map<String, Object> row = rows.get(WINDOWS.indexOf(window));
      assertThat(row)
          .containsEntry("n_target", target.customers())
          .containsEntry("n_control", control.customers())
          .containsEntry("p_target", target.rate())
          .containsEntry("p_control", control.rate());
      assertThat((LocalDate) row.get("last_sent_as_of")).isBeforeOrEqualTo(AS_OF.minusDays(window));
      assertThat((double) row.get("lift")).isCloseTo(estimate.rates().value(), within(1e-12));
      assertThat((double) row.get("low")).isCloseTo(estimate.rates().low(), within(1e-12));
      assertThat((double) row.get("incremental_orders_high"))
          .isCloseTo(estimate.incrementalOrders().high(), within(1e-9));
      assertThat(((BigDecimal) row.get("incremental_net_low")).doubleValue())
          .isCloseTo(estimate.incrementalNet().low() / 100, within(0.0051));
      assertThat((String) row.get("verdict")).isNotEmpty();
    }
    assertThat(rows.get(2))
        .containsEntry("n_control", 0L)
        .containsEntry("lift", null)
        .containsEntry("incremental_net", null)
        .containsEntry("verdict", "Nothing can be said: nobody was held out.");
  }

  private ArmTotals expected(String arm, int window, Map<String, LocalDate> entered) {
    long n = 0;
    long buyers = 0;
    long orders = 0;
    BigInteger ordersSquared = BigInteger.ZERO;
    BigInteger net = BigInteger.ZERO;
    BigInteger netSquared = BigInteger.ZERO;
    for (int i = 0; i < 400; i++) {
      String id = "C" + i;
      LocalDate from = entered.get(id);
      if (!(i % 4 == 0 ? "control" : "target").equals(arm)
          || from.plusDays(window).isAfter(AS_OF)) {
        continue;
      }
      long own = 0;
      long spent = 0;
      for (Map<String, Object> row : days) {
        LocalDate day = (LocalDate) row.get("day");
        if (row.get("customer_id").equals(id)
            && !day.isBefore(from)
            && day.isBefore(from.plusDays(window))) {
          own += (long) row.get("orders");
          spent += new BigDecimal((String) row.get("net")).movePointRight(2).longValueExact();
        }
      }
      n++;
      buyers += own > 0 ? 1 : 0;
      orders += own;
      ordersSquared = ordersSquared.add(BigInteger.valueOf(own * own));
      net = net.add(BigInteger.valueOf(spent));
      netSquared = netSquared.add(BigInteger.valueOf(spent).pow(2));
    }
    return new ArmTotals(n, buyers, orders, ordersSquared, net, netSquared);
  }
}
