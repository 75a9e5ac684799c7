package io.perennial.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page as written, without a browser. */
class ReportPageTest {

  private static final String PAGE = ReportPage.of(ReportFixture.of(36).model());

  /** Without the scripts, which are the library and the page's own. */
  private static final String MARKUP =
      PAGE.replaceAll("(?s)<script>.*?</script>", "<script></script>");

  @Test
  void isOneFileUnderTwoMegabytesForThirtySixCohorts() {
    assertThat(PAGE.getBytes(StandardCharsets.UTF_8).length).isLessThan(2_000_000);
    assertThat(Stream.of("http:", "https:", "src=\"", "@import", "url(").filter(MARKUP::contains))
        .isEmpty();
  }

  @Test
  void allowsNoConnectionAndNoScriptButItsOwnTwo() throws Exception {
    List<String> scripts =
        Pattern.compile("(?s)<script>(.*?)</script>")
            .matcher(PAGE)
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(scripts).hasSize(2);
    for (String script : scripts) {
      String hash =
          Base64.getEncoder()
              .encodeToString(
                  MessageDigest.getInstance("SHA-256")
                      .digest(script.getBytes(StandardCharsets.UTF_8)));
      assertThat(MARKUP.contains("sha256-" + hash)).isTrue();
    }
    assertThat(MARKUP.contains("default-src 'none'")).isTrue();
  }

  @Test
  void writesTheNamesOfUsersAsText() throws Exception {
    assertThat(MARKUP.contains("<img")).isFalse();
    assertThat(count("&lt;/script&gt;&lt;img src=x onerror=&quot;document.title=&#39;owned&#39;"))
        .isPositive();
    String json =
        PAGE.substring(PAGE.indexOf("id=\"data\">") + "id=\"data\">".length())
            .replaceFirst("(?s)</script>.*", "");
    JsonNode segments = new ObjectMapper().readTree(json).at("/charts/segments-map/series/0/data");
    assertThat(segments)
        .anyMatch(node -> node.get("name").asText().equals(ReportFixture.HOSTILE_NAME));
  }

  @Test
  void definesEveryFigureAndHasEveryChartAsATable() {
    long charts = count("data-chart=");
    assertThat(charts).isEqualTo(8);
    // The treemap's table stands below it.
    assertThat(count("The same as a table")).isEqualTo(charts - 1);
    assertThat(count("<details class=\"definition\">"))
        .as("each heading of a figure has one")
        .isEqualTo(
            count("<h3[^>]*>")
                - count("<h3>What (happened|to do)</h3>")
                - count("h3 class=\"sub\""));
    assertThat(count("<th scope=\"(row|col)\"")).isEqualTo(count("<th\\b"));
  }

  @Test
  void marksSmallCellsAndMonthsThatAreNotOver() {
    String tiny = ReportPage.of(ReportFixture.tiny().model());
    assertThat(missing(tiny, "partial base few", ">100.0%*°</td>", ">3°</td>")).isEmpty();
    assertThat(
            missing(
                ReportPage.of(ReportFixture.tiny().withExisting().model()),
                "(existing)",
                "partial base few"))
        .as("a cohort of customers that may not be new has months that are not over, too")
        .isEmpty();
    assertThat(count("°</td>")).isZero();
    assertThat(count("data-i=\"")).isPositive();
  }

  @Test
  void writesNumbersAsTheShopsCountryDoes() {
    String german =
        ReportPage.of(ReportFixture.of(36).in("de-DE", "EUR").model()).replace('\u00a0', ' ');
    assertThat(missing(german, "124.037 €", "91,3 %", "\"locale\":\"de-DE\"")).isEmpty();
    String yen = ReportPage.of(ReportFixture.of(36).in("ja-JP", "JPY").model());
    assertThat(missing(yen, "￥124,037", "￥62")).isEmpty();
    assertThat(yen.contains("62.50")).isFalse();
  }

  private static List<String> missing(String page, String... words) {
    return Stream.of(words).filter(word -> !page.contains(word)).toList();
  }

  private static long count(String regex) {
    return Pattern.compile(regex).matcher(MARKUP).results().count();
  }
}
