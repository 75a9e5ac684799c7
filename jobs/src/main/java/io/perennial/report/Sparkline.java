package io.perennial.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A word-sized line chart as SVG, without script. */
final class Sparkline {

  private static final double WIDTH = 120;
  private static final double HEIGHT = 28;
  private static final double MARGIN = 3;

  private Sparkline() {}

  /**
   * @param values oldest first; unknown ones leave a gap
   */
  static Html of(List<Double> values) {
    double[] known =
        values.stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue).toArray();
    if (known.length < 2) {
      return Html.NOTHING;
    }
    double low = Arrays.stream(known).min().orElseThrow();
    double high = Arrays.stream(known).max().orElseThrow();
    double step = (WIDTH - 2 * MARGIN) / (values.size() - 1);
    StringBuilder path = new StringBuilder();
    boolean isPenDown = false;
    double x = 0;
    double y = 0;
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) == null) {
        isPenDown = false;
        continue;
      }
      x = MARGIN + i * step;
      double height = high == low ? 0.5 : (values.get(i) - low) / (high - low);
      y = HEIGHT - MARGIN - height * (HEIGHT - 2 * MARGIN);
      path.append(String.format(Locale.ROOT, "%s%.1f %.1f", isPenDown ? "L" : "M", x, y));
      isPenDown = true;
    }
    return Html.of(
        """
        <svg class="spark" viewBox="0 0 {} {}" preserveAspectRatio="xMinYMid meet" aria-hidden="true" focusable="false">\
        <path d="{}"/><circle cx="{}" cy="{}" r="2.6"/></svg>""",
        WIDTH,
        HEIGHT,
        path,
        String.format(Locale.ROOT, "%.1f", x),
        String.format(Locale.ROOT, "%.1f", y));
  }
}
