package io.perennial.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.perennial.products.Recommender.Recommendation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scores, ties and reasons of a few items, worked by hand. */
class RecommenderTest {

  private static final int[] NOTHING = {};
  private static final int[] NO_CATEGORIES = {-1, -1, -1, -1, -1, -1};

  /** Six items with a trend of 1, so scores are sums of strengths. */
  private static MinedRules mined(Rule... rules) {
    return new MinedRules(
        new int[] {0, 1, 2, 3, 4, 5},
        List.of(rules),
        new long[] {50, 60, 60, 0, 70, 10},
        new long[] {59, 69, 69, 9, 79, 19});
  }

  private static Rule rule(String kind, int from, int to, long n) {
    return new Rule(kind, from, to, n, 100, 100, 1_000);
  }

  @Test
  void strengthsOfBothKindsAddUpAndReasonsAreOrderedByStrength() {
    Recommender.Ranking ranking =
        Recommender.byRules(
                mined(
                    rule("together", 0, 2, 10),
                    rule("next", 0, 2, 5),
                    rule("together", 1, 2, 20),
                    rule("together", 1, 5, 30)),
                NO_CATEGORIES)
            .ranking();

    List<Recommendation> top = ranking.top(new int[] {0, 1}, 2);

    assertThat(top).extracting(Recommendation::item).containsExactly(2, 5);
    assertThat(top.get(0).score()).isCloseTo(0.35, within(1e-12));
    assertThat(top.get(0).because()).containsExactly(1, 0);
    assertThat(top.get(1).because()).containsExactly(1);
  }

  @Test
  void boughtItemsAreNeverRecommended() {
    Recommender.Ranking ranking =
        Recommender.byRules(
                mined(rule("together", 0, 1, 10), rule("together", 0, 4, 5)), NO_CATEGORIES)
            .ranking();

    assertThat(ranking.top(new int[] {0, 1, 4}, 10))
        .extracting(Recommendation::item)
        .containsExactly(2, 5);
  }

  @Test
  void popularityFillsUpByRecentOrdersThenOrdersThenCode() {
    Recommender.Ranking ranking =
        Recommender.byRules(mined(rule("together", 0, 5, 10)), NO_CATEGORIES).ranking();

    List<Recommendation> top = ranking.top(new int[] {0}, 5);

    // Item 3 was never sold; 1 and 2 tie.
    assertThat(top).extracting(Recommendation::item).containsExactly(5, 4, 1, 2);
    assertThat(top).extracting(Recommendation::score).endsWith(0.0, 0.0, 0.0);
    assertThat(top.get(1).because()).isEmpty();
  }

  @Test
  void popularItemsOfTheFavouriteCategoryComeFirst() {
    int[] categories = {1, 0, 1, -1, 0, 1};
    Recommender.Ranking ranking = Recommender.byRules(mined(), categories).ranking();

    assertThat(ranking.top(new int[] {0, 2}, 5))
        .extracting(Recommendation::item)
        .containsExactly(5, 4, 1);
    // A tie goes to the first category; without a known one all items are equal.
    assertThat(ranking.top(new int[] {4, 5}, 1))
        .extracting(Recommendation::item)
        .containsExactly(1);
    assertThat(ranking.top(new int[] {3}, 2))
        .extracting(Recommendation::item)
        .containsExactly(4, 1);
  }

  @Test
  void tiesAreRankedByCodeAndRankingsAreIndependent() {
    Recommender.Ranking ranking =
        Recommender.byRules(
                mined(
                    rule("together", 0, 5, 10),
                    rule("together", 0, 1, 10),
                    rule("together", 4, 2, 10)),
                NO_CATEGORIES)
            .ranking();

    assertThat(ranking.top(new int[] {0}, 2))
        .extracting(Recommendation::item)
        .containsExactly(1, 5);
    assertThat(ranking.top(new int[] {4}, 1)).extracting(Recommendation::item).containsExactly(2);
    assertThat(ranking.top(new int[] {0}, 2))
        .extracting(Recommendation::score)
        .allSatisfy(score -> assertThat(score).isCloseTo(0.1, within(1e-12)));
    assertThat(ranking.top(NOTHING, 2)).extracting(Recommendation::item).containsExactly(4, 1);
  }

  @Test
  void anItemWithADecliningTrendRanksLower() {
    MinedRules declining =
        new MinedRules(
            new int[] {0, 1, 2},
            List.of(rule("together", 0, 1, 12), rule("together", 0, 2, 10)),
            new long[] {100, 90, 90},
            new long[] {10, 0, 8});

    List<Recommendation> top =
        Recommender.byRules(declining, NO_CATEGORIES).ranking().top(new int[] {0}, 2);

    assertThat(top).extracting(Recommendation::item).containsExactly(2, 1);
    assertThat(top.get(0).score()).isCloseTo(0.1 * Math.sqrt(9 / 100.0), within(1e-12));
  }
}
