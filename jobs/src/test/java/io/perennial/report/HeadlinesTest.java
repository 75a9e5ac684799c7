package io.perennial.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.report.Headlines.Card;
import io.perennial.report.Headlines.Change;
import io.perennial.report.Headlines.Mood;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HeadlinesTest {

  private static final NumberFormats NUMBERS =
      new NumberFormats(Locale.UK, Currency.getInstance("GBP"));

  private static Map<String, Card> cards(ReportFixture fixture) {
    return Headlines.of(fixture.model(), NUMBERS).stream()
        .collect(Collectors.toMap(Card::title, Function.identity()));
  }

  @Test
  void compareWithTheAsOfBeforeAndTheMonthBefore() {
    Card churn = cards(ReportFixture.of(36)).get("Churn rate");

    assertThat(churn.value()).isEqualTo("8.7%");
    assertThat(churn.when()).isEqualTo("December 2025");
    assertThat(churn.changes())
        .containsExactly(
            new Change("−0.6 points since 1 Dec 2025", Mood.GOOD),
            new Change("−0.6 points on Nov 2025", Mood.GOOD));
    assertThat(churn.spark()).hasSize(13);
  }

  @Test
  void areOfTheNewestMonthThatIsOver() {
    Map<String, Card> cards = cards(ReportFixture.of(36));

    // A quarter after the last of September is 29 December: before as_of. October's is not.
    assertThat(cards.get("Repeat purchase rate").when()).isEqualTo("September 2025");
    assertThat(cards.get("Net revenue").value()).isEqualTo("£124,037");
    assertThat(cards.get("Net revenue").changes().get(1))
        .isEqualTo(new Change("−4.4% on Nov 2025", Mood.BAD));
  }

  @Test
  void haveNoChangeFromALoss() {
    Card net = cards(ReportFixture.of(36).withLoss().withoutBefore()).get("Net revenue");

    assertThat(net.value()).isEqualTo("£124,037");
    assertThat(net.spark().get(net.spark().size() - 2)).isNegative();
    assertThat(net.changes()).as("a change from a loss has no per cent").isEmpty();
  }

  @Test
  void areDashesWhereUnknown() {
    assertThat(cards(ReportFixture.tiny()).values())
        .allSatisfy(card -> assertThat(card.value()).isEqualTo("–"))
        .allSatisfy(card -> assertThat(card.changes()).isEmpty());
    Map<String, Card> young = cards(ReportFixture.of(3).withoutBefore());
    assertThat(young.get("Retention rate").value()).isEqualTo("–");
    assertThat(young.get("Active customers").changes()).hasSize(1);
  }

  @Test
  void roundTheSmallestChangesToNone() {
    assertThat(NUMBERS.points(0.0004)).isEqualTo("±0.0 points");
    assertThat(NUMBERS.points(-0.0006)).isEqualTo("−0.1 points");
    assertThat(NUMBERS.change(110, 100)).isEqualTo("+10.0%");
    assertThat(NUMBERS.change(100.01, 100)).isEqualTo("±0.0%");
    assertThat(List.of(NUMBERS.money(999.5), NUMBERS.money(1234.5), NUMBERS.money(-0.001)))
        .containsExactly("£999.50", "£1,235", "£0.00");
  }
}
