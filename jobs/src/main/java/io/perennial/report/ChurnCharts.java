package io.perennial.report;

import static io.perennial.report.ChartOption.array;
import static io.perennial.report.ChartOption.color;
import static io.perennial.report.ChartOption.function;
import static io.perennial.report.ChartOption.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.report.Churn.Bin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Charts of how good the churn model is. */
final class ChurnCharts {

  private ChurnCharts() {}

  static Map<Integer, Bin> numbered(List<Bin> bins) {
    Map<Integer, Bin> numbered = new TreeMap<>();
    bins.forEach(bin -> numbered.put(numbered.size() + 1, bin));
    return numbered;
  }

  static Chart calibration(List<Bin> bins) {
    ObjectNode x = share("predicted");
    x.put("nameGap", 26);
    ObjectNode y = share("observed");
    y.put("nameGap", 46);
    ObjectNode grid = Axes.grid();
    grid.put("top", 12);
    grid.put("bottom", 38);
    grid.put("left", 30);
    return new Chart(
        "calibration",
        "Points of predicted against observed churn by tenth, beside the line where both are equal.",
        object(
            "grid",
            grid,
            "tooltip",
            object("confine", true, "formatter", function("calibration")),
            "xAxis",
            x,
            "yAxis",
            y,
            "series",
            array(
                object(
                    "type",
                    "line",
                    "name",
                    "equal",
                    "silent",
                    true,
                    "showSymbol",
                    false,
                    "lineStyle",
                    object("color", color("quiet"), "type", "dashed", "width", 1),
                    "data",
                    array(array(0, 0), array(1, 1))),
                object(
                    "type",
                    "line",
                    "name",
                    "this model",
                    "symbol",
                    "circle",
                    "symbolSize",
                    9,
                    "lineStyle",
                    object("color", color("orange"), "width", 2),
                    "itemStyle",
                    object("color", color("orange")),
                    "data",
                    bins.stream()
                        .map(bin -> array(bin.predicted(), bin.observed(), bin.customers()))
                        .toList()))));
  }

  private static ObjectNode share(String name) {
    ObjectNode axis = Axes.values("percent", name);
    axis.put("min", 0);
    axis.put("max", 1);
    return axis;
  }

  static Chart lift(List<Double> lift) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= lift.size(); i++) {
      names.add(String.valueOf(i));
    }
    ObjectNode x = Axes.categories(names);
    x.put("name", "tenth, highest predictions first");
    x.put("nameLocation", "middle");
    x.put("nameGap", 26);
    ObjectNode grid = Axes.grid();
    grid.put("top", 12);
    grid.put("bottom", 38);
    return new Chart(
        "lift",
        "Bars of each tenth's churn rate over that of all, from the highest predictions down.",
        object(
            "grid",
            grid,
            "tooltip",
            Axes.tooltip("times"),
            "xAxis",
            x,
            "yAxis",
            Axes.values("times", ""),
            "series",
            array(
                object(
                    "type",
                    "bar",
                    "name",
                    "churn rate over that of all",
                    "barMaxWidth",
                    40,
                    "itemStyle",
                    object("color", color("orange")),
                    "markLine",
                    object(
                        "silent",
                        true,
                        "symbol",
                        "none",
                        "label",
                        object("show", false),
                        "lineStyle",
                        object("color", color("quiet"), "type", "dashed"),
                        "data",
                        array(object("yAxis", 1))),
                    "data",
                    lift))));
  }
}
