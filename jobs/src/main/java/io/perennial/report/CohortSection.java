package io.perennial.report;

import static io.perennial.report.ChartOption.array;
import static io.perennial.report.ChartOption.color;
import static io.perennial.report.ChartOption.function;
import static io.perennial.report.ChartOption.object;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.report.ReportModel.AverageCell;
import io.perennial.report.ReportModel.CohortCell;
import io.perennial.report.Section.Chart;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether customers come back: the cohort matrix, its curves, and the time to the next order. */
final class CohortSection {

  /** Newest cohorts that are shown in a colour of their own. */
  private static final int NEWEST = 2;

  private static final List<String> COLOURS = List.of("orange", "green");

  private CohortSection() {}

  static Section of(ReportModel model, NumberFormats numbers) {
    List<Chart> charts = new ArrayList<>();
    Html body =
        model.cohorts().isEmpty()
            ? Section.nothing(
                "There is no cohort yet: nobody has a valid order before "
                    + NumberFormats.day(model.about().asOf())
                    + ".")
            : Html.of(
                "{}<div class=\"pair\">{}{}</div>",
                Section.block(
                    "Cohorts by month since acquisition",
                    "A cohort is the customers whose first valid order is of one month. Month 0 is"
                        + " that month; a month that has not begun has no cell.",
                    Heatmap.of(model, numbers)),
                curves(model, numbers, charts),
                NextOrderFigure.of(model, numbers, charts));
    return new Section("cohorts", "Do customers come back?", "Cohorts", body, charts);
  }

  private static Html curves(ReportModel model, NumberFormats numbers, List<Chart> charts) {
    List<AverageCell> averages =
        model.averages().stream().filter(cell -> cell.index() > 0).toList();
    Map<LocalDate, List<CohortCell>> cohorts =
        model.cohorts().stream()
            .filter(cell -> cell.index() > 0 && cell.isComplete())
            .collect(Collectors.groupingBy(CohortCell::cohort, TreeMap::new, Collectors.toList()));
    if (averages.isEmpty()) {
      return Section.block(
          "Retention curves",
          "Retention by month since acquisition.",
          Section.nothing("No cohort has a complete month after its first one yet."));
    }
    ArrayNode series = array();
    List<String> shown = new ArrayList<>();
    shown.add("All cohorts");
    // The interval: an invisible line at its lower end, and a band of its width on top of it.
    series.add(
        band(
            "~low",
            averages.stream()
                .map(c -> point(String.valueOf(c.index()), c.retention().low()))
                .toList(),
            false));
    series.add(
        band(
            "~interval",
            averages.stream()
                .map(
                    c ->
                        point(
                            String.valueOf(c.index()), c.retention().high() - c.retention().low()))
                .toList(),
            true));
    List<LocalDate> newest = newestWithACurve(cohorts);
    cohorts.forEach(
        (cohort, cells) -> {
          int place = newest.indexOf(cohort);
          String name = NumberFormats.shortMonth(cohort);
          if (place >= 0) {
            shown.add(name);
          }
          series.add(
              line(
                  place >= 0 ? name : "~" + name,
                  place >= 0 ? COLOURS.get(place) : "faint",
                  place >= 0 ? 2 : 1,
                  place == 1 ? "dashed" : "solid",
                  cells.stream()
                      .map(c -> point(String.valueOf(c.index()), c.retention().rate()))
                      .toList()));
        });
    series.add(
        line(
            "All cohorts",
            "blue",
            3,
            "solid",
            averages.stream()
                .map(c -> point(String.valueOf(c.index()), c.retention().rate()))
                .toList()));
    ObjectNode x =
        Axes.categories(
            IntStream.rangeClosed(1, averages.get(averages.size() - 1).index())
                .mapToObj(String::valueOf)
                .toList());
    x.put("name", "months since acquisition");
    x.put("nameLocation", "middle");
    x.put("nameGap", 26);
    x.put("boundaryGap", false);
    ObjectNode tooltip = Axes.tooltip("percent");
    tooltip.set("formatter", function("curve"));
    Chart chart =
        new Chart(
            "retention-curves",
            "Lines of retention by month since acquisition: all cohorts together with the 95 %"
                + " interval, each cohort, the newest in colour.",
            object(
                "grid",
                withRoomBelow(),
                "legend",
                Axes.legend(shown),
                "tooltip",
                tooltip,
                "xAxis",
                x,
                "yAxis",
                Axes.values("percent", ""),
                "series",
                series));
    charts.add(chart);
    return Section.figure(
        chart,
        "usual",
        "Retention curves",
        "Share of a cohort with a valid order in month k; the bold line is all cohorts for which"
            + " the month is complete, with its 95 % interval (cohort_averages).",
        Html.table(
            "Retention by month since acquisition, all cohorts",
            List.of("Month", "Cohorts", "Customers", "Retention", "from", "to"),
            averages.stream()
                .map(
                    c ->
                        List.<Object>of(
                            c.index(),
                            numbers.count(c.cohorts()),
                            numbers.count(c.size()),
                            numbers.percent(c.retention().rate()),
                            numbers.percent(c.retention().low()),
                            numbers.percent(c.retention().high())))
                .toList()));
  }

  private static List<LocalDate> newestWithACurve(Map<LocalDate, List<CohortCell>> cohorts) {
    List<LocalDate> long3 =
        cohorts.entrySet().stream()
            .filter(cohort -> cohort.getValue().size() >= 3)
            .map(Map.Entry::getKey)
            .toList();
    return long3.subList(Math.max(0, long3.size() - NEWEST), long3.size());
  }

  static ArrayNode point(Object x, double y) {
    return array(x, y);
  }

  static ObjectNode withRoomBelow() {
    ObjectNode grid = Axes.grid();
    grid.put("bottom", 38);
    return grid;
  }

  static ObjectNode line(
      String name, String colour, double width, String type, List<ArrayNode> points) {
    boolean isFaint = name.startsWith("~");
    return object(
        "type",
        "line",
        "name",
        name,
        "showSymbol",
        points.size() == 1,
        "silent",
        isFaint,
        "z",
        isFaint ? 1 : 3,
        "lineStyle",
        object("width", width, "type", type, "color", color(colour)),
        "itemStyle",
        object("color", color(colour)),
        "data",
        points);
  }

  private static ObjectNode band(String name, List<ArrayNode> points, boolean isFilled) {
    ObjectNode band = line(name, "blue", 0, "solid", points);
    band.put("stack", "interval");
    band.put("showSymbol", false);
    if (isFilled) {
      band.set("areaStyle", object("color", color("band"), "opacity", 1));
    }
    return band;
  }
}
