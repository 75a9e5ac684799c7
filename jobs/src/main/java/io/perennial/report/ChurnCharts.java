package io.perennial.report;

import static io.perennial.report.ChartOption.array;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.report.ChurnFigures.Bin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Charts of the churn model's quality. */
final class ChurnCharts {

  private ChurnCharts() {}

  static Map<Integer, Bin> numbered(List<Bin> bins) {
    Map<Integer, Bin> numbered = new TreeMap<>();
    bins.forEach(bin -> numbered.put(numbered.size() + 1, bin));
    return numbered;
  }

  static Chart calibration(List<Bin> bins) {
    return new Chart(
        "calibration",
        "Points of predicted against observed churn by tenth, beside the line where both are equal.",
        ChartOption.of(
            """
            {grid: "{}", tooltip: {confine: true, formatter: {$fn: "calibration"}},
             xAxis: "{}", yAxis: "{}",
             series: [
              {type: "line", name: "equal", silent: true, showSymbol: false,
               lineStyle: {color: {$color: "quiet"}, type: "dashed", width: 1},
               data: [[0, 0], [1, 1]]},
              {type: "line", name: "this model", symbol: "circle", symbolSize: 9,
               lineStyle: {color: {$color: "orange"}, width: 2},
               itemStyle: {color: {$color: "orange"}}, data: "{}"}]}""",
            grid().put("left", 30),
            share("predicted", 26),
            share("observed", 46),
            bins.stream()
                .map(bin -> array(bin.predicted(), bin.observed(), bin.customers()))
                .toList()));
  }

  /** An axis from 0 to 100 %. */
  private static ObjectNode share(String name, int nameGap) {
    return Axes.values("percent", name).put("nameGap", nameGap).put("min", 0).put("max", 1);
  }

  private static ObjectNode grid() {
    return Axes.gridAboveName().put("top", 12);
  }

  static Chart lift(List<Double> lift) {
    List<String> tenths = IntStream.rangeClosed(1, lift.size()).mapToObj(String::valueOf).toList();
    return new Chart(
        "lift",
        "Bars of each tenth's churn rate over that of all, from the highest predictions down.",
        ChartOption.of(
            """
            {grid: "{}", tooltip: "{}", xAxis: "{}", yAxis: "{}",
             series: [{type: "bar", name: "churn rate over that of all", barMaxWidth: 40,
              itemStyle: {color: {$color: "orange"}},
              markLine: {silent: true, symbol: "none", label: {show: false},
               lineStyle: {color: {$color: "quiet"}, type: "dashed"}, data: [{yAxis: 1}]},
              data: "{}"}]}""",
            grid(),
            Axes.tooltip("times"),
            Axes.named(Axes.categories(tenths), "tenth, highest predictions first"),
            Axes.values("times", ""),
            lift));
  }
}
