package io.perennial.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.report.Headlines.Card;
import io.perennial.report.Headlines.Change;
import io.perennial.report.Headlines.Mood;
import io.perennial.report.RetentionFigures.Month;
import java.util.List;
import java.util.Locale;

/** What happened and what to do, in sentences; headline figures; net and customers by month. */
final class OverviewSection {

  private static final int MONTHS = 24;

  private OverviewSection() {}

  static Html render(ReportModel model, NumberFormats numbers) {
    RetentionFigures retention = model.get(RetentionFigures.class);
    return Html.of(
        """
            <div class="short">
            <div><h3>What happened</h3><ul>{}</ul></div>
            <div><h3>What to do</h3><ul>{}</ul></div>
            </div>
            {}
            <div class="cards">{}</div>
            <div class="pair">{}{}</div>
            """,
        sentences(Insights.happened(model, numbers)),
        sentences(Advice.of(model, numbers)),
        against(retention),
        Headlines.of(model, numbers).stream().map(OverviewSection::card).toList(),
        net(retention, numbers),
        customers(retention, model.about().activeWindow(), numbers));
  }

  private static Html against(RetentionFigures retention) {
    String text =
        retention
            .previousAsOf()
            .map(
                day ->
                    "Figures are of the newest complete month. Changes are against what was known"
                        + " as of "
                        + NumberFormats.day(day)
                        + ", the as_of before, and against the month before.")
            .orElse(
                "Figures are of the newest complete month. This is the first as_of of this"
                    + " warehouse, so that changes are against the month before only.");
    return Html.of("<p class=\"note\">{}</p>", text);
  }

  private static List<Html> sentences(List<String> sentences) {
    return sentences.stream().map(text -> Html.of("<li>{}</li>", text)).toList();
  }

  private static Html card(Card card) {
    return Html.of(
        """
        <div class="card headline"><div class="caption"><h3>{}</h3>{}</div>
        <p class="value">{}</p><p class="when">{}</p>{}<ul class="changes">{}</ul></div>
        """,
        card.title(),
        Blocks.definition(card.definition()),
        card.value(),
        card.when(),
        Sparkline.of(card.spark()),
        card.changes().stream().map(OverviewSection::change).toList());
  }

  private static Html change(Change change) {
    String arrow = change.text().startsWith("+") ? "▲" : change.text().startsWith("−") ? "▼" : "■";
    return Html.of(
        "<li class=\"{}\"><span aria-hidden=\"true\">{}</span> {}{}</li>",
        change.mood().name().toLowerCase(Locale.ROOT),
        arrow,
        change.text(),
        change.mood() == Mood.NEITHER
            ? Html.NOTHING
            : Html.of(
                "<span class=\"unseen\"> ({})</span>",
                change.mood() == Mood.GOOD ? "better" : "worse"));
  }

  private static List<Month> shown(RetentionFigures retention) {
    List<Month> months = retention.months();
    return months.subList(Math.max(0, months.size() - MONTHS), months.size());
  }

  private static Html net(RetentionFigures retention, NumberFormats numbers) {
    List<Month> months = shown(retention);
    if (months.isEmpty()) {
      return Blocks.block(
          "Net revenue by month",
          "Sales less discounts and refunds.",
          Blocks.nothing("No month has begun yet: there is no net revenue to show."));
    }
    ObjectNode option =
        option(
            months,
            "money",
            List.of("Returning customers", "New customers"),
            bars(
                "Returning customers",
                "blue",
                months.stream().map(m -> (Object) m.netReturning()).toList()),
            bars("New customers", "sky", months.stream().map(m -> (Object) m.netNew()).toList()));
    Chart chart =
        new Chart(
            "net-by-month",
            "Stacked bars of net revenue by month, of new and of returning customers.",
            option);
    return Blocks.figure(
        chart,
        "Net revenue by month",
        "Sales less discounts and refunds: of customers acquired in the month (new) and before it"
            + " (returning).",
        Html.table(
            "Net revenue by month",
            List.of("Month", "New", "Returning", "Net"),
            months,
            m ->
                List.of(
                    label(m),
                    numbers.wholeMoney(m.netNew()),
                    numbers.wholeMoney(m.netReturning()),
                    numbers.wholeMoney(m.net()))));
  }

  private static Html customers(
      RetentionFigures retention, int activeWindow, NumberFormats numbers) {
    List<Month> months = shown(retention).stream().filter(Month::isComplete).toList();
    if (months.isEmpty()) {
      return Blocks.block(
          "Customers won and lost by month",
          "Customers at the start and the end of a complete month.",
          Blocks.nothing("No month is complete yet: nobody can count as lost."));
    }
    ObjectNode option =
        option(
            months,
            "count",
            List.of("New", "Won back", "Lost"),
            bars("New", "blue", months.stream().map(m -> (Object) m.acquired()).toList()),
            bars("Won back", "green", months.stream().map(m -> (Object) m.reactivated()).toList()),
            bars(
                "Lost",
                "orange",
                months.stream().map(m -> (Object) (m.lost() == null ? null : -m.lost())).toList()));
    Chart chart =
        new Chart(
            "customers-by-month",
            "Bars by month: new and won back customers above the line, lost ones below it.",
            option);
    return Blocks.figure(
        chart,
        "Customers won and lost by month",
        "New: first valid order in the month. Lost: active at its start, without a valid order in"
            + " the "
            + activeWindow
            + " months that end with it. Won back: active again after having been lost.",
        Html.table(
            "Customers won and lost by month",
            List.of("Month", "At the start", "New", "Won back", "Lost", "At the end", "Retention"),
            months,
            m ->
                List.of(
                    label(m),
                    numbers.count(m.start()),
                    numbers.count(m.acquired()),
                    numbers.count(m.reactivated()),
                    m.lost() == null ? NumberFormats.NOTHING : numbers.count(m.lost()),
                    m.end() == null ? NumberFormats.NOTHING : numbers.count(m.end()),
                    numbers.percent(m.retention()))));
  }

  private static String label(Month month) {
    return NumberFormats.shortMonth(month.month()) + (month.isComplete() ? "" : " *");
  }

  private static ObjectNode bars(String name, String colour, List<Object> values) {
    return ChartOption.of(
        """
        {type: "bar", name: "{}", stack: "all", barMaxWidth: 34,
         itemStyle: {color: {$color: "{}"}}, data: "{}"}""",
        name,
        colour,
        values);
  }

  private static ObjectNode option(
      List<Month> months, String format, List<String> names, ObjectNode... series) {
    return ChartOption.of(
        """
        {grid: "{}", legend: "{}", tooltip: "{}", xAxis: "{}", yAxis: "{}", series: "{}"}""",
        Axes.grid(),
        Axes.legend(names),
        Axes.tooltip(format),
        Axes.categories(months.stream().map(OverviewSection::label).toList()),
        Axes.values(format, ""),
        List.of(series));
  }
}
