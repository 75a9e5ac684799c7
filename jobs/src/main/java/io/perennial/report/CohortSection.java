package io.perennial.report;

import static io.perennial.report.ChartOption.array;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.report.CohortFigures.Average;
import io.perennial.report.CohortFigures.Cell;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether customers come back: the cohort matrix, its curves, and the time to the next order. */
final class CohortSection {

  /** Number of newest cohorts with a colour of their own. */
  private static final int NEWEST = 2;

  private static final List<String> COLOURS = List.of("orange", "green");

  private CohortSection() {}

  static Html render(ReportModel model, NumberFormats numbers) {
    CohortFigures cohorts = model.get(CohortFigures.class);
    return cohorts.cells().isEmpty()
        ? Blocks.nothing(
            "There is no cohort yet: nobody has a valid order before "
                + NumberFormats.day(model.about().asOf())
                + ".")
        : Html.of(
            "{}<div class=\"pair\">{}{}</div>",
            Blocks.block(
                "Cohorts by month since acquisition",
                "A cohort is the customers whose first valid order is of one month. Month 0 is"
                    + " that month; a month that has not begun has no cell.",
                Heatmap.of(cohorts, model.about().asOf(), numbers)),
            curves(cohorts, numbers),
            RepurchaseFigure.of(cohorts.repurchase(), numbers));
  }

  private static Html curves(CohortFigures cohorts, NumberFormats numbers) {
    List<Average> averages = cohorts.averages().stream().filter(cell -> cell.index() > 0).toList();
    Map<LocalDate, List<Cell>> curves =
        cohorts.cells().stream()
            .filter(cell -> cell.index() > 0 && cell.isComplete())
            .collect(Collectors.groupingBy(Cell::cohort, TreeMap::new, Collectors.toList()));
    if (averages.isEmpty()) {
      return Blocks.block(
          "Retention curves",
          "Retention by month since acquisition.",
          Blocks.nothing("No cohort has a complete month after its first one yet."));
    }
    ArrayNode series = array();
    List<String> shown = new ArrayList<>();
    shown.add("All cohorts");
    // ECharts has no bands: an invisible line at the lower end, and the width stacked on it.
    series.add(
        band(
            "~low",
            averages.stream()
                .map(c -> Axes.point(String.valueOf(c.index()), c.retention().low()))
                .toList(),
            false));
    series.add(
        band(
            "~interval",
            averages.stream()
                .map(
                    c ->
                        Axes.point(
                            String.valueOf(c.index()), c.retention().high() - c.retention().low()))
                .toList(),
            true));
    List<LocalDate> newest = newestWithACurve(curves);
    curves.forEach(
        (cohort, cells) -> {
          int place = newest.indexOf(cohort);
          String name = NumberFormats.shortMonth(cohort);
          if (place >= 0) {
            shown.add(name);
          }
          series.add(
              Axes.line(
                  place >= 0 ? name : "~" + name,
                  place >= 0 ? COLOURS.get(place) : "faint",
                  place >= 0 ? 2 : 1,
                  place == 1 ? "dashed" : "solid",
                  cells.stream()
                      .map(c -> Axes.point(String.valueOf(c.index()), c.retention().rate()))
                      .toList()));
        });
    series.add(
        Axes.line(
            "All cohorts",
            "blue",
            3,
            "solid",
            averages.stream()
                .map(c -> Axes.point(String.valueOf(c.index()), c.retention().rate()))
                .toList()));
    List<String> months =
        IntStream.rangeClosed(1, averages.get(averages.size() - 1).index())
            .mapToObj(String::valueOf)
            .toList();
    Chart chart =
        new Chart(
            "retention-curves",
            "Lines of retention by month since acquisition: all cohorts together with the 95 %"
                + " interval, each cohort, the newest in colour.",
            ChartOption.of(
                """
                {grid: "{}", legend: "{}", tooltip: "{}", xAxis: "{}", yAxis: "{}", series: "{}"}""",
                Axes.gridAboveName(),
                Axes.legend(shown),
                Axes.tooltip("percent", "curve"),
                Axes.named(Axes.categories(months), "months since acquisition")
                    .put("boundaryGap", false),
                Axes.values("percent", ""),
                series));
    return Blocks.figure(
        chart,
        "Retention curves",
        "Share of a cohort with a valid order in month k; the bold line is all cohorts for which"
            + " the month is complete, with its 95 % interval (cohort_averages).",
        Html.table(
            "Retention by month since acquisition, all cohorts",
            List.of("Month", "Cohorts", "Customers", "Retention", "from", "to"),
            averages,
            c ->
                List.of(
                    c.index(),
                    numbers.count(c.cohorts()),
                    numbers.count(c.size()),
                    numbers.percent(c.retention().rate()),
                    numbers.percent(c.retention().low()),
                    numbers.percent(c.retention().high()))));
  }

  private static List<LocalDate> newestWithACurve(Map<LocalDate, List<Cell>> cohorts) {
    List<LocalDate> longEnough =
        cohorts.entrySet().stream()
            .filter(cohort -> cohort.getValue().size() >= 3)
            .map(Map.Entry::getKey)
            .toList();
    return longEnough.subList(Math.max(0, longEnough.size() - NEWEST), longEnough.size());
  }

  private static ObjectNode band(String name, List<ArrayNode> points, boolean isFilled) {
    ObjectNode band = Axes.line(name, "blue", 0, "solid", points);
    band.put("stack", "interval");
    band.put("showSymbol", false);
    if (isFilled) {
      band.set("areaStyle", ChartOption.of("{color: {$color: \"band\"}, opacity: 1}"));
    }
    return band;
  }
}
