package io.perennial.report;

import io.perennial.cohorts.CohortMatrix;
import io.perennial.report.CohortFigures.Average;
import io.perennial.report.CohortFigures.Cell;
import io.perennial.report.CohortFigures.Interval;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The cohort matrix, one table with coloured cells per figure. Tables work with the keyboard and
 * with screen readers, and CSS alone switches between them.
 */
final class Heatmap {

  /** Cohorts of fewer customers are marked: their shares are hardly known. */
  private static final int FEW = 30;

  /** From this heat on, text is light on a light screen and on paper. */
  private static final double HOT_FROM = 0.7;

  /** From this heat on, text is inverted on a dark screen. */
  private static final double WARM_FROM = 0.62;

  private static final double FAINTEST = 0.05;

  /**
   * A figure of the matrix.
   *
   * @param value colours a cell
   * @param text of a cell
   * @param interval of a cell; null where the figure has none
   * @param average text of a cell of cohort_averages; empty where it has no such figure
   */
  private record Figure(
      String id,
      String name,
      String definition,
      ToDoubleFunction<Cell> value,
      Function<Cell, String> text,
      Function<Cell, Interval> interval,
      Function<Average, String> average) {}

  private final NumberFormats numbers;
  private final LocalDate asOf;
  private final Map<LocalDate, List<Cell>> cohorts;
  private final List<Average> averages;
  private final int months;

  private Heatmap(CohortFigures cohorts, LocalDate asOf, NumberFormats numbers) {
    this.numbers = numbers;
    this.asOf = asOf;
    this.cohorts =
        cohorts.cells().stream()
            .collect(Collectors.groupingBy(Cell::cohort, TreeMap::new, Collectors.toList()));
    this.averages = cohorts.averages();
    this.months = 1 + cohorts.cells().stream().mapToInt(Cell::index).max().orElse(-1);
  }

  static Html of(CohortFigures cohorts, LocalDate asOf, NumberFormats numbers) {
    return new Heatmap(cohorts, asOf, numbers).html();
  }

  private List<Figure> figures() {
    return List.of(
        new Figure(
            "retention",
            "Retention",
            "Customers of the cohort with a valid order in that month / customers of the cohort"
                + " (cohort_matrix.retention_rate).",
            cell -> cell.retention().rate(),
            cell -> numbers.percent(cell.retention().rate()),
            Cell::retention,
            cell -> numbers.percent(cell.retention().rate())),
        new Figure(
            "rolling",
            "Rolling retention",
            "Customers of the cohort with a valid order in that month or later / customers of the"
                + " cohort: who has not left for good (cohort_matrix.rolling_retention_rate).",
            cell -> cell.rolling().rate(),
            cell -> numbers.percent(cell.rolling().rate()),
            Cell::rolling,
            cell -> ""),
        new Figure(
            "net",
            "Net revenue",
            "Sales less discounts and refunds of the cohort in that month (cohort_matrix.net).",
            cell -> cell.net().doubleValue(),
            cell -> numbers.wholeMoney(cell.net()),
            cell -> null,
            cell -> ""),
        new Figure(
            "ltv",
            "Lifetime value",
            "Net of the cohort up to and with that month / customers of the cohort"
                + " (cohort_matrix.ltv).",
            Cell::ltv,
            cell -> numbers.money(cell.ltv()),
            cell -> null,
            cell -> numbers.money(cell.ltv())));
  }

  private Html html() {
    List<Figure> figures = figures();
    return Html.of(
        """
        <div class="switch">{}
        <div class="panels">{}</div></div>
        <p class="legend">° cohort of fewer than {} customers: its shares are hardly known.\
         * month not over yet. Point at a cell, or move with the arrow keys, for customers and\
         interval.</p>
        <p class="unseen" id="heat-live" aria-live="polite"></p>
        """,
        figures.stream()
            .map(
                figure ->
                    Html.of(
                        "<input type=\"radio\" name=\"heat\" id=\"heat-{}\"{}><label"
                            + " for=\"heat-{}\">{}</label>",
                        figure.id(),
                        Html.text(figure.equals(figures.get(0)) ? " checked" : ""),
                        figure.id(),
                        figure.name()))
            .toList(),
        figures.stream().map(this::panel).toList(),
        FEW);
  }

  private Html panel(Figure figure) {
    Scale scale = scale(figure);
    return Html.of(
        """
        <div class="panel {}"><p class="note">{}</p>
        <div class="scroll heat" tabindex="0" role="region" aria-label="{} by cohort and month: use\
         the arrow keys"><table>
        <caption>{} by month since acquisition</caption>
        <thead><tr><th scope="col">Cohort</th><th scope="col">Customers</th>{}</tr></thead>
        <tbody>{}</tbody>{}
        </table></div></div>
        """,
        figure.id(),
        figure.definition(),
        figure.name(),
        figure.name(),
        IntStream.range(0, months).mapToObj(k -> Html.of("<th scope=\"col\">{}</th>", k)).toList(),
        cohorts.values().stream().map(cells -> row(figure, cells, scale)).toList(),
        averageRow(figure));
  }

  /** Values between which colours change. */
  private record Scale(double low, double high) {

    double of(double value) {
      return high <= low ? FAINTEST : Math.max(FAINTEST, Math.min(1, (value - low) / (high - low)));
    }
  }

  /**
   * From the 5th to the 95th percentile of the cells, so that outliers keep their colours apart.
   */
  private Scale scale(Figure figure) {
    double[] values =
        cohorts.values().stream()
            .flatMap(List::stream)
            .filter(cell -> !isBase(figure, cell))
            .mapToDouble(figure.value())
            .sorted()
            .toArray();
    return values.length == 0
        ? new Scale(0, 0)
        : new Scale(
            values[(int) Math.floor(0.05 * (values.length - 1))],
            values[(int) Math.ceil(0.95 * (values.length - 1))]);
  }

  /** Month 0 has no colour: all customers of the cohort ordered in it. */
  private static boolean isBase(Figure figure, Cell cell) {
    return cell.index() == 0 && !figure.id().equals("ltv");
  }

  private Html row(Figure figure, List<Cell> cells, Scale scale) {
    Cell first = cells.get(0);
    boolean isFew = first.size() < FEW;
    boolean isExisting = first.state().equals("existing");
    return Html.of(
        "<tr><th scope=\"row\">{}{}</th><td class=\"size\">{}</td>{}</tr>\n",
        NumberFormats.shortMonth(first.cohort()),
        isExisting ? " (existing)" : "",
        numbers.count(first.size()) + (isFew ? "°" : ""),
        cells.stream().map(cell -> cell(figure, cell, scale, isFew)).toList());
  }

  private Html cell(Figure figure, Cell cell, Scale scale, boolean isFew) {
    boolean isBase = isBase(figure, cell);
    double heat = isBase ? 0 : scale.of(figure.value().applyAsDouble(cell));
    boolean isPartial = !CohortMatrix.isOver(cell.cohort(), cell.index(), asOf);
    long active = figure.id().equals("rolling") ? cell.rollingActive() : cell.active();
    String kind =
        (heat > HOT_FROM ? "hot" : heat > WARM_FROM ? "warm" : "")
            + (isPartial ? " partial" : "")
            + (isBase ? " base" : "")
            + (isFew ? " few" : "");
    return Html.of(
        "<td{} style=\"--h:{}\" data-n=\"{}\"{}>{}</td>",
        kind.isBlank() ? Html.NOTHING : Html.of(" class=\"{}\"", kind.strip()),
        String.format(Locale.ROOT, "%.2f", heat),
        numbers.count(active),
        interval(figure.interval().apply(cell)),
        figure.text().apply(cell) + (isPartial ? "*" : "") + (isFew ? "°" : ""));
  }

  private Html interval(Interval interval) {
    return interval == null
        ? Html.NOTHING
        : Html.of(
            " data-i=\"{} – {}\"",
            numbers.percent(interval.low()),
            numbers.percent(interval.high()));
  }

  private Html averageRow(Figure figure) {
    if (averages.isEmpty() || figure.average().apply(averages.get(0)).isEmpty()) {
      return Html.NOTHING;
    }
    return Html.of(
        "<tfoot><tr><th scope=\"row\">All cohorts</th><td class=\"size\">{}</td>{}</tr></tfoot>",
        numbers.count(averages.get(0).size()),
        averages.stream()
            .map(
                cell ->
                    Html.of(
                        "<td data-n=\"{} cohorts\"{}>{}</td>",
                        numbers.count(cell.cohorts()),
                        interval(figure.id().equals("retention") ? cell.retention() : null),
                        figure.average().apply(cell)))
            .toList());
  }
}
