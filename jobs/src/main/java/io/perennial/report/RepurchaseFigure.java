package io.perennial.report;

import static io.perennial.report.ChartOption.array;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.report.CohortFigures.CurvePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** The time to the second order and to later ones. */
final class RepurchaseFigure {

  private static final List<String> ORDER_COLOURS = List.of("blue", "orange", "green", "purple");
  private static final List<String> ORDER_LINES = List.of("solid", "dashed", "dotted", "solid");
  private static final List<Integer> MILESTONES = List.of(30, 60, 90, 180, 365);

  private RepurchaseFigure() {}

  static Html of(List<CurvePoint> repurchase, NumberFormats numbers) {
    Map<Integer, List<CurvePoint>> curves = RepurchaseCurves.known(repurchase);
    if (curves.isEmpty()) {
      return Blocks.block(
          "Time to the next order",
          "Kaplan-Meier probability of the next order.",
          Blocks.nothing(
              "Fewer than "
                  + RepurchaseCurves.MIN_CUSTOMERS
                  + " customers have been observed after an order."));
    }
    ArrayNode series = array();
    List<String> names = new ArrayList<>();
    curves.forEach(
        (number, points) -> {
          String name = RepurchaseCurves.ordinal(number) + " order";
          int place = (number - 2) % ORDER_COLOURS.size();
          names.add(name);
          ObjectNode line =
              Axes.line(
                  name,
                  ORDER_COLOURS.get(place),
                  number == 2 ? 3 : 1.6,
                  ORDER_LINES.get(place),
                  RepurchaseCurves.thinned(points).stream()
                      .map(p -> Axes.point(p.day(), p.probability()))
                      .toList());
          line.put("step", "end");
          series.add(line);
        });
    Chart chart =
        new Chart(
            "next-order",
            "Lines of the probability of the second and later orders by days since the order"
                + " before.",
            ChartOption.of(
                """
                {grid: "{}", legend: "{}", tooltip: "{}", xAxis: "{}", yAxis: "{}", series: "{}"}""",
                Axes.gridAboveName(),
                Axes.legend(names),
                Axes.tooltip("percent", "nextOrder"),
                Axes.values("number", "days since the order before")
                    .put("nameGap", 26)
                    .put("min", 0)
                    .put("max", "dataMax"),
                Axes.values("percent", "").put("min", 0),
                series));
    return Blocks.figure(
        chart,
        "Time to the second order, and to later ones",
        "Probability of having placed the next order by that day (Kaplan-Meier: who cannot be"
            + " observed longer counts only up to then); drawn while at least "
            + RepurchaseCurves.MIN_CUSTOMERS
            + " customers are observed (repurchase_curve).",
        Html.table(
            "Probability of the next order",
            row("Within", day -> day + " days"),
            curves.entrySet(),
            curve ->
                row(
                    RepurchaseCurves.ordinal(curve.getKey()) + " order",
                    day -> numbers.percent(RepurchaseCurves.at(curve.getValue(), day)))));
  }

  private static List<String> row(String head, IntFunction<String> cell) {
    return Stream.concat(Stream.of(head), MILESTONES.stream().map(day -> cell.apply(day))).toList();
  }
}
