package io.perennial.report;

import java.util.List;

/** Building blocks of sections. */
final class Blocks {

  private Blocks() {}

  /** A chart with a heading, a definition on demand and a table of the same figures. */
  static Html figure(Chart chart, String title, String definition, Html table) {
    return Html.of(
        """
        <figure class="card" aria-labelledby="{}-title">
        <figcaption><h3 id="{}-title">{}</h3>{}</figcaption>
        {}
        <details class="as-table"><summary>The same as a table</summary>{}</details>
        </figure>
        """,
        chart.id(),
        chart.id(),
        title,
        definition(definition),
        place(chart, chart.label()),
        table);
  }

  /**
   * The place where the script draws a chart.
   *
   * @param label for screen readers
   */
  static Html place(Chart chart, String label) {
    return new Html(
        Html.of(
                "<div class=\"chart usual\" data-chart=\"{}\" role=\"img\" aria-label=\"{}\"></div>",
                chart.id(),
                label)
            .markup(),
        List.of(chart));
  }

  /** A heading, a definition on demand and a body. */
  static Html block(String title, String definition, Html body) {
    return Html.of(
        """
        <div class="card block"><div class="caption"><h3>{}</h3>{}</div>{}</div>
        """,
        title,
        definition(definition),
        body);
  }

  static Html definition(String text) {
    return Html.of(
        """
        <details class="definition"><summary aria-label="What this means" title="What this means">?</summary>\
        <p>{}</p></details>""",
        text);
  }

  /** The reason why there is nothing to show. */
  static Html nothing(String reason) {
    return Html.of("<p class=\"nothing\">{}</p>\n", reason);
  }

  /**
   * A bar for a cell of a table, and its figure.
   *
   * @param share of the cell's width, 0 to 1
   */
  static Html bar(double share, String colour, String text) {
    return Html.of(
        "<span class=\"barred\"><span class=\"bar {}\"><i style=\"width:{}%\"></i></span>{}</span>",
        colour, percent(share), text);
  }

  /** A width in percent, 0 to 100 with one decimal. */
  static double percent(double share) {
    return Math.round(1000 * Math.max(0, Math.min(1, share))) / 10.0;
  }

  /** Text in a table of numbers, aligned to the left. */
  static Html words(Object text) {
    return Html.of("<span class=\"words\">{}</span>", text);
  }
}
