package io.perennial.products;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What lines of one customer become. */
class PurchaseHistoryTest {

  private static final HoldoutMonth MONTH = new HoldoutMonth(100, 131);
  private static final Map<String, Integer> CODES = Map.of("a", 0, "b", 1, "c", 2);

  private static SaleLine line(String order, int day, int second, String product, long amount) {
    return new SaleLine(
        order, day * 86_400_000_000L + second, day, product, "shelf", amount, 0, true);
  }

  private static SaleLine uncounted(SaleLine line) {
    return new SaleLine(
        line.orderId(),
        line.micros(),
        line.day(),
        line.productId(),
        line.category(),
        line.amount(),
        line.discount(),
        false);
  }

  private static Row row(SaleLine... lines) {
    PurchaseHistoryBuilder builder = new PurchaseHistoryBuilder(CODES, 140, MONTH);
    List.of(lines).forEach(builder::add);
    return builder.row("anna").orElse(null);
  }

  private static PurchaseHistory history(SaleLine... lines) {
    return PurchaseHistories.history(row(lines));
  }

  @Test
  void ordersAreInTimeWithEachProductOnce() {
    PurchaseHistory history =
        history(
            line("1", 90, 5, "b", 10),
            line("1", 90, 4, "a", 10),
            line("1", 90, 6, "b", 10),
            line("1", 90, 6, "rare", 10),
            line("2", 80, 0, "c", 10),
            line("3", 90, 4, null, 10),
            line("4", 90, 4, "c", 10));

    assertThat(history.days()).containsExactly(80, 90, 90);
    assertThat(history.items()).isDeepEqualTo(new int[][] {{2}, {0, 1}, {2}});
    assertThat(history.boughtBefore(90)).containsExactly(2);
    assertThat(history.boughtBefore(91)).containsExactly(0, 1, 2);
  }

  @Test
  void whatIsNotValidOrNotKnownYetIsLeftOut() {
    assertThat(row(line("free", 90, 0, "a", 0))).isNull();
    assertThat(row(uncounted(line("cancelled", 90, 0, "a", 10)))).isNull();
    assertThat(row(line("tomorrow", 140, 0, "a", 10))).isNull();
    PurchaseHistory history =
        history(
            line("mixed", 139, 0, "a", 0),
            line("mixed", 139, 0, "b", 10),
            uncounted(line("mixed", 139, 0, "c", 10)));
    assertThat(history.items()).isDeepEqualTo(new int[][] {{0, 1}});
  }

  @Test
  void anOrderIsOfTheDayOfItsEarliestLine() {
    PurchaseHistory history = history(line("1", 141, 0, "a", 10), line("1", 139, 0, "b", 10));

    assertThat(history.days()).containsExactly(139);
    assertThat(history.items()).isDeepEqualTo(new int[][] {{0, 1}});
  }

  @Test
  void isTestedByWhoHasAPastAndBuysAnythingNewInTheMonth() {
    SaleLine past = line("1", 99, 0, "a", 10);
    assertThat(history(past, line("2", 100, 0, "rare", 10)).isTested()).isTrue();
    assertThat(history(past, line("2", 130, 0, "b", 10)).isTested()).isTrue();
    assertThat(history(past, line("2", 131, 0, "b", 10)).isTested()).isFalse();
    assertThat(history(past, line("2", 100, 0, "a", 10)).isTested()).isFalse();
    assertThat(history(line("2", 100, 0, "a", 10)).isTested()).isFalse();
    assertThat(history(line("0", 99, 0, null, 10), line("2", 100, 0, "a", 10)).isTested()).isTrue();
  }

  @Test
  void favouritesAreInMostOrdersThenCostMostThenAreTheLatest() {
    // c twice in one order is one order; a and b are in two.
    Row row =
        row(
            line("1", 90, 0, "a", 10),
            line("1", 90, 0, "c", 500),
            line("1", 90, 0, "c", 500),
            line("2", 91, 0, "a", 10),
            line("3", 92, 0, "b", 10),
            line("4", 93, 0, "b", 11));
    assertThat(row.getString(PurchaseHistories.PRODUCT)).isEqualTo("b");
    assertThat(row.getString(PurchaseHistories.CATEGORY)).isEqualTo("shelf");
    assertThat(
            row(line("1", 91, 0, "b", 10), line("2", 92, 0, "a", 10))
                .getString(PurchaseHistories.PRODUCT))
        .isEqualTo("a");
    assertThat(
            row(line("1", 91, 0, "b", 10), line("1", 91, 0, "a", 10))
                .getString(PurchaseHistories.PRODUCT))
        .isEqualTo("a");
  }
}
