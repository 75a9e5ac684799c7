package io.perennial.audiences;

import static io.perennial.audiences.AudienceFixtures.audience;
import static io.perennial.audiences.AudienceFixtures.explained;
import static io.perennial.audiences.AudienceFixtures.ranked;
import static io.perennial.audiences.AudienceFixtures.stratified;
import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.config.AudienceSettings.Audience;
import io.perennial.config.Settings;
import io.perennial.config.SettingsLoader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The problems reported for invalid rules, before any work. */
class AudienceRulesTest {

  private static List<String> problems(Audience... audiences) {
    return AudienceRules.problems(
            AudienceFixtures.session(), List.of(audiences), AudienceFixtures.MINOR_DIGITS)
        .stream()
        .map(String::valueOf)
        .toList();
  }

  @Test
  void theShippedAudiencesHaveNoProblems() {
    Settings settings = SettingsLoader.load(List.of("lake.path=x", "warehouse.path=y"));

    assertThat(problems(settings.audiences().audiences().toArray(Audience[]::new))).isEmpty();
  }

  @Test
  void allProblemsOfAllAudiencesAreReportedAtOnce() {
    List<String> problems =
        problems(
            audience("typo", "ordres > 1 AND exists(bought_months, m -> m = 12) AND nett < 5"),
            audience("broken", "orders > AND net > 5"),
            audience("number", "orders + 1"),
            audience("today", "last_order_day < current_date()"),
            audience("quoted", "segment = 'now (or never)' OR rfm_cell = 'current_date'"),
            audience("total", "orders > avg(orders)"),
            audience("elsewhere", "customer_id IN (SELECT col1 FROM VALUES ('x'))"),
            audience("text", "segment > orders_last_year AND no_function(1)"),
            ranked(audience("best", "orders > 1"), "segment", 5),
            stratified(audience("sample", "orders > 1"), "segmnt", 5),
            explained(audience("why", "orders > 1"), "{orders} orders, {nothing} else"));

    assertThat(problems).hasSize(11);
    assertThat(problems.get(0))
        .startsWith(
            "audiences.typo.predicate (audiences.conf, line 1) is 'ordres > 1 AND"
                + " exists(bought_months, m -> m = 12) AND nett < 5': no such column 'ordres' at"
                + " position 1. Did you mean orders? Columns: as_of, customer_id, ");
    assertThat(problems.get(1))
        .contains("no such column 'nett' at position 55. Did you mean net? ");
    assertThat(problems.get(2))
        .contains("audiences.broken.predicate")
        .contains("cannot be understood at position 18: Syntax error at or near '>'.")
        .doesNotContain("SQLSTATE")
        .doesNotContain("\n");
    assertThat(problems.get(3)).endsWith("must be true or false for a customer, is bigint");
    assertThat(problems.get(4))
        .endsWith(
            "must not depend on the clock or on chance: 'current_date' at position 18. as_of is a"
                + " column.");
    assertThat(problems.get(5)).contains("audiences.total.predicate");
    assertThat(problems.get(6))
        .contains("audiences.elsewhere.predicate")
        .containsIgnoringCase("subquer");
    assertThat(problems.get(7)).contains("audiences.text.predicate", "no_function");
    assertThat(problems.get(8)).contains("audiences.best.rank-by", "must be a number, is string");
    assertThat(problems.get(9)).contains("audiences.sample.stratify-by", "Did you mean segment?");
    assertThat(problems.get(10)).contains("audiences.why.reason", "no such column 'nothing'");
  }
}
