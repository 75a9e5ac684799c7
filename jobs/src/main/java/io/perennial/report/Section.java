package io.perennial.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A part of the page.
 *
 * @param id for links
 * @param title as a heading
 * @param menu as an entry of the menu
 */
record Section(String id, String title, String menu, Html body, List<Chart> charts) {

  /**
   * A chart that the page's script draws.
   *
   * @param id unique on the page
   * @param says what it shows, in a sentence, for who cannot see it
   * @param option of ECharts
   */
  record Chart(String id, String says, ObjectNode option) {}

  /**
   * A chart with its heading, its definition on demand and a table of the same figures.
   *
   * @param size CSS class: short, usual or tall
   */
  static Html figure(Chart chart, String size, String title, String definition, Html table) {
    return Html.of(
        """
        <figure class="card" aria-labelledby="{}-title">
        <figcaption><h3 id="{}-title">{}</h3>{}</figcaption>
        <div class="chart {}" data-chart="{}" role="img" aria-label="{}"></div>
        <details class="as-table"><summary>The same as a table</summary>{}</details>
        </figure>
        """,
        chart.id(),
        chart.id(),
        title,
        definition(definition),
        size,
        chart.id(),
        chart.says(),
        table);
  }

  /** A figure without a chart. */
  static Html block(String title, String definition, Html body) {
    return Html.of(
        """
        <div class="card block"><div class="caption"><h3>{}</h3>{}</div>{}</div>
        """,
        title,
        definition(definition),
        body);
  }

  static Html definition(String words) {
    return Html.of(
        """
        <details class="definition"><summary aria-label="What this means" title="What this means">?</summary>\
        <p>{}</p></details>""",
        words);
  }

  /** What is said where there is nothing to show. */
  static Html nothing(String why) {
    return Html.of("<p class=\"nothing\">{}</p>\n", why);
  }

  /** A bar for a cell of a table, {@code share} of its width, with what it stands for. */
  static Html bar(double share, String colour, String text) {
    return Html.of(
        "<span class=\"barred\"><span class=\"bar {}\"><i style=\"width:{}%\"></i></span>{}</span>",
        colour, Math.round(1000 * Math.max(0, Math.min(1, share))) / 10.0, text);
  }

  /** Words in a table of numbers: they begin at the left. */
  static Html words(Object text) {
    return Html.of("<span class=\"words\">{}</span>", text);
  }
}
