package io.perennial.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.perennial.report.RetentionWhatIf.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What five points more retention would be worth in this shop. */
final class ValueSection {

  private ValueSection() {}

  static Html render(ReportModel model, NumberFormats numbers) {
    return RetentionWhatIf.of(model.get(RetentionFigures.class).months())
        .map(value -> body(value, model, numbers))
        .orElse(
            Blocks.nothing(
                "That needs a complete month with "
                    + model.about().activeWindow()
                    + " months of history before it, and net from returning customers."));
  }

  private static Html body(RetentionWhatIf value, ReportModel model, NumberFormats numbers) {
    return Html.of(
        """
        <div class="pair">
        <div class="card block">
        <div class="worths">{}{}</div>
        <p>Articles quote 25 to 95 % more profit for five points more retention. They count a year's\
         retention and other shops' profit; this is this shop's own figure, in net revenue.</p>
        <details class="assumptions" open><summary>What it assumes</summary><ul>{}</ul></details>
        </div>{}</div>
        """,
        worth(
            value,
            value.yearly(),
            "five points of a year",
            numbers.percent(value.asIs().keptOverTheYear())
                + " → "
                + numbers.percent(value.yearly().keptOverTheYear())
                + " of today's customers kept for twelve months on end; a month's retention of "
                + numbers.percent(value.yearly().retention()),
            numbers),
        worth(
            value,
            value.monthly(),
            "five points of every month",
            "a month's retention of "
                + numbers.percent(value.asIs().retention())
                + " → "
                + numbers.percent(value.monthly().retention())
                + (value.monthly().retention() == 1 ? " (nobody leaves)" : ""),
            numbers),
        assumptions(value, model, numbers),
        chart(value, numbers));
  }

  private static Html worth(
      RetentionWhatIf value, Path path, String title, String what, NumberFormats numbers) {
    return Html.of(
        """
        <div class="worth"><p class="value">+{}</p><p class="when">net in twelve months, +{}:\
         {}</p><p class="note">{}</p></div>
        """,
        numbers.money(value.gain(path)),
        numbers.percent(value.gain(path) / value.asIs().total()),
        title,
        what);
  }

  private static List<Html> assumptions(
      RetentionWhatIf value, ReportModel model, NumberFormats numbers) {
    List<String> texts = new ArrayList<>();
    texts.add(
        "Start: the "
            + numbers.count(Math.round(value.active()))
            + " customers active at the end of the newest complete month (an order within "
            + model.about().activeWindow()
            + " months).");
    texts.add(
        "Every month as the mean of the last "
            + value.monthsSeen()
            + " complete months: "
            + numbers.percent(value.asIs().retention())
            + " of the active stay, "
            + numbers.number(value.acquired(), 0)
            + " are new, "
            + numbers.number(value.reactivated(), 0)
            + " come back, and a customer active at its start brings "
            + numbers.money(value.netPerCustomer())
            + " of net."
            + (value.monthsSeen() < RetentionWhatIf.MONTHS
                ? " Fewer than twelve months do not show a whole season."
                : ""));
    texts.add(
        "Customers kept bring as much as the others. Who had nearly left usually brings less: at"
            + " half of it, the gain is half, "
            + numbers.money(value.gain(value.yearly()) / 2)
            + " and "
            + numbers.money(value.gain(value.monthly()) / 2)
            + ".");
    texts.add("What keeping them costs, in discounts or advertising, is not taken off.");
    return texts.stream().map(text -> Html.of("<li>{}</li>", text)).toList();
  }

  private static Html chart(RetentionWhatIf value, NumberFormats numbers) {
    List<String> names = List.of("As it is", "Five points of a year", "Five points of every month");
    List<Integer> months = IntStream.rangeClosed(1, RetentionWhatIf.MONTHS).boxed().toList();
    ObjectNode option =
        ChartOption.of(
            """
            {grid: "{}", legend: "{}", tooltip: "{}", xAxis: "{}", yAxis: "{}", series: ["{}", "{}", "{}"]}""",
            Axes.grid(),
            Axes.legend(names),
            Axes.tooltip("money"),
            Axes.categories(months.stream().map(month -> "month " + month).toList()),
            Axes.values("money", ""),
            Axes.line(names.get(0), "quiet", 2.5, "dashed", value.asIs().net()),
            Axes.line(names.get(1), "blue", 2.5, "solid", value.yearly().net()),
            Axes.line(names.get(2), "green", 2.5, "dotted", value.monthly().net()));
    Chart chart =
        new Chart(
            "five-points",
            "Lines of net by month for twelve months to come: as it is, and with more retention.",
            option);
    return Blocks.figure(
        chart,
        "Net by month, were it so",
        "Not a forecast: net = net of new customers + net per active customer x active customers;"
            + " active customers of the next month = retention x active customers + new + won back."
            + " The only figure here that no table holds.",
        Html.table(
            "Net by month",
            List.of("Month", names.get(0), names.get(1), names.get(2)),
            months,
            month ->
                List.of(
                    month,
                    numbers.money(value.asIs().net().get(month - 1)),
                    numbers.money(value.yearly().net().get(month - 1)),
                    numbers.money(value.monthly().net().get(month - 1)))));
  }
}
