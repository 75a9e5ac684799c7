package io.perennial.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Safe markup, with the charts that it has places for. A template escapes all text that is put into
 * it, so that a segment's name, which is a user's text, can never become markup.
 *
 * @param markup HTML
 * @param charts in the order of their places
 */
record Html(String markup, List<Chart> charts) {

  static final Html NOTHING = new Html("");

  private static final String PLACE = "{}";

  /** Trusted markup without charts. */
  Html(String markup) {
    this(markup, List.of());
  }

  /**
   * Fills a template.
   *
   * @param template trusted markup of this package; each {@code {}} is a place
   * @param values one for each place: markup as it is, collections one element after the other,
   *     anything else as escaped text
   * @throws IllegalArgumentException if there are more or fewer places than values
   */
  static Html of(String template, Object... values) {
    StringBuilder filled = new StringBuilder();
    List<Chart> charts = new ArrayList<>();
    int from = 0;
    for (Object value : values) {
      int place = template.indexOf(PLACE, from);
      if (place < 0) {
        throw new IllegalArgumentException("more values than places: " + template);
      }
      filled.append(template, from, place);
      append(value, filled, charts);
      from = place + PLACE.length();
    }
    if (template.indexOf(PLACE, from) >= 0) {
      throw new IllegalArgumentException("fewer values than places: " + template);
    }
    return new Html(filled.append(template.substring(from)).toString(), List.copyOf(charts));
  }

  static Html text(String text) {
    return new Html(escaped(text));
  }

  /** A table with a heading row; cells of all columns but the first are numbers. */
  static <T> Html table(
      String caption, List<?> head, Collection<T> rows, Function<T, List<?>> cells) {
    return of(
        """
        <div class="scroll" tabindex="0" role="region" aria-label="{}"><table>
        <caption>{}</caption>
        <thead><tr>{}</tr></thead>
        <tbody>{}</tbody>
        </table></div>
        """,
        caption,
        caption,
        head.stream().map(name -> of("<th scope=\"col\">{}</th>", name)).toList(),
        rows.stream()
            .map(cells)
            .map(
                row ->
                    of(
                        "<tr><th scope=\"row\">{}</th>{}</tr>\n",
                        row.get(0),
                        row.stream().skip(1).map(cell -> of("<td>{}</td>", cell)).toList()))
            .toList());
  }

  private static void append(Object value, StringBuilder filled, List<Chart> charts) {
    if (value instanceof Html html) {
      filled.append(html.markup());
      charts.addAll(html.charts());
    } else if (value instanceof Collection<?> parts) {
      parts.forEach(part -> append(part, filled, charts));
    } else {
      filled.append(escaped(String.valueOf(value)));
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
