package io.perennial.audiences;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.audiences.SecondOrderTiming.CurvePoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecondOrderTimingTest {

  private static CurvePoint by(int day, double probability) {
    return new CurvePoint(day, probability);
  }

  @Test
  void theShortestRunOfDaysHoldsHalfOfTheSecondOrders() {
    // 0.10 by day 10, then 0.05 a day on days 29 to 32, then 0.10 on day 200: 0.40 in all.
    List<CurvePoint> curve =
        List.of(
            by(200, 0.40),
            by(10, 0.10),
            by(29, 0.15),
            by(30, 0.20),
            by(31, 0.25),
            by(32, 0.30),
            by(50, 0.30));

    assertThat(SecondOrderTiming.of(curve)).contains(new SecondOrderTiming(29, 32, 30));
  }

  @Test
  void ordersOfTheFirstDayAndAfterAYearDoNotCount() {
    List<CurvePoint> curve = List.of(by(0, 0.5), by(7, 0.6), by(20, 0.6), by(400, 0.99));

    assertThat(SecondOrderTiming.of(curve)).contains(new SecondOrderTiming(7, 7, 7));
  }

  @Test
  void theEarliestOfEquallyShortRunsIsTaken() {
    List<CurvePoint> curve = List.of(by(3, 0.1), by(9, 0.2));

    assertThat(SecondOrderTiming.of(curve)).contains(new SecondOrderTiming(3, 3, 3));
  }

  @Test
  void aShopWithoutSecondOrdersHasNoTiming() {
    assertThat(SecondOrderTiming.of(List.of())).isEmpty();
    assertThat(SecondOrderTiming.of(List.of(by(12, 0.0)))).isEmpty();
    assertThat(SecondOrderTiming.of(List.of(by(0, 0.3), by(12, 0.3)))).isEmpty();
  }
}
