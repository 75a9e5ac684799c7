package io.perennial.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.perennial.report.RetentionFigures.Month;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionWhatIfTest {

  private static Month month(int i, long start, long lost, long acquired, String net) {
    return new Month(
        LocalDate.of(2024, 1, 1).plusMonths(i),
        true,
        start,
        start - lost + acquired + 10,
        acquired,
        lost,
        10,
        (double) (start - lost) / start,
        (double) lost / start,
        0,
        null,
        new BigDecimal("500.00"),
        new BigDecimal(net),
        null);
  }

  /** 1,000 active, 100 of them lost, 90 new and 10 reactivated: the number stays. */
  @Test
  void gainIsTheNetOfCustomersWhoStayLonger() {
    RetentionWhatIf value =
        RetentionWhatIf.of(List.of(month(0, 1000, 100, 90, "20000.00"))).orElseThrow();

    assertThat(value.asIs().net())
        .allSatisfy(net -> assertThat(net).isEqualTo(20_500, within(1e-9)));
    // With 95 % the excess over 1,000 is e' = 0.95 e + 50: 0, 50, 97.5, ...
    double excess = 0;
    double gain = 0;
    for (int m = 0; m < 12; m++) {
      gain += 20 * excess;
      excess = 0.95 * excess + 50;
    }
    assertThat(value.monthly().retention()).isEqualTo(0.95, within(1e-12));
    assertThat(value.gain(value.monthly())).isEqualTo(gain, within(1e-6));
    // Of a year: 0.9^12 = 28.2 % kept becomes 33.2 %.
    assertThat(value.asIs().keptOverTheYear()).isEqualTo(0.2824295365, within(1e-9));
    assertThat(value.yearly().keptOverTheYear()).isEqualTo(0.3324295365, within(1e-9));
    assertThat(value.gain(value.yearly())).isBetween(0.0, value.gain(value.monthly()));
  }

  @Test
  void averagesTheLastTwelveMonthsWeightedByCustomers() {
    List<Month> months = new ArrayList<>();
    months.add(month(0, 1, 1, 0, "999999.00"));
    for (int i = 1; i <= 12; i++) {
      months.add(month(i, i == 1 ? 3000 : 1000, i == 1 ? 900 : 100, 90, "10000.00"));
    }
    RetentionWhatIf value = RetentionWhatIf.of(months).orElseThrow();

    assertThat(value.monthsSeen()).isEqualTo(12);
    assertThat(value.asIs().retention()).isEqualTo(1 - 2000.0 / 14_000, within(1e-12));
    assertThat(value.netPerCustomer()).isEqualTo(120_000 / 14_000.0, within(1e-12));
  }

  @Test
  void retentionIsAtMostOne() {
    RetentionWhatIf value =
        RetentionWhatIf.of(List.of(month(0, 1000, 20, 20, "1000.00"))).orElseThrow();

    assertThat(value.monthly().retention()).isEqualTo(1.0);
    assertThat(value.yearly().retention()).isLessThan(1.0);
  }

  @Test
  void isUnknownWithoutARate() {
    assertThat(RetentionWhatIf.of(List.of())).isEmpty();
    assertThat(RetentionWhatIf.of(ReportFixture.of(5).model().get(RetentionFigures.class).months()))
        .isEmpty();
    assertThat(RetentionWhatIf.of(List.of(month(0, 1000, 100, 90, "-5.00")))).isEmpty();
  }
}
