package io.perennial.report;

import io.perennial.report.ChurnFigures.Backtest;
import io.perennial.report.ChurnFigures.Band;
import io.perennial.report.ChurnFigures.Reason;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Who is about to leave, why, what is at stake, and how far the model can be trusted. */
final class ChurnSection {

  private static final int REASONS = 8;

  private static final Map<String, String> KINDS =
      Map.of(
          "logistic", "this model",
          "recency_only", "recency only",
          "bg_nbd", "BG/NBD",
          "base_rate", "base rate");

  private static String kind(String name) {
    return KINDS.getOrDefault(name, name);
  }

  private ChurnSection() {}

  static Html render(ReportModel model, NumberFormats numbers) {
    ChurnFigures churn = model.get(ChurnFigures.class);
    return Html.of(
        "{}{}{}",
        churn.refusal() == null ? Html.NOTHING : refusal(churn.refusal()),
        churn.bands().isEmpty()
            ? Blocks.nothing(
                "There are no churn scores as of "
                    + NumberFormats.day(model.about().asOf())
                    + ": a model needs two complete windows with enough customers"
                    + " (churn.min-customers), and one that does not beat the baseline is not"
                    + " published. `perennial churn` says which it is.")
            : Html.of("{}{}", bands(churn, numbers), reasons(churn, numbers)),
        churn.backtest().isEmpty() ? Html.NOTHING : quality(churn, numbers));
  }

  private static Html refusal(String reason) {
    return Html.of(
        "<p class=\"warning\"><b>The newest model was refused</b> by its gate ({}). Scores, where"
            + " there are any, are of the last good model.</p>",
        reason);
  }

  private static Html bands(ChurnFigures churn, NumberFormats numbers) {
    double most =
        churn.bands().stream()
            .map(Band::valueAtRisk)
            .filter(Objects::nonNull)
            .mapToDouble(BigDecimal::doubleValue)
            .max()
            .orElse(0);
    String caption = "Value at risk by band";
    return Blocks.block(
        caption,
        "Churn: no valid order in the "
            + (churn.horizonDays() == null ? "days" : churn.horizonDays() + " days")
            + " to come. At risk: the probability of it x the net that the customer would bring in"
            + " them if it is still one (churn_scores).",
        Html.table(
            caption,
            List.of("Risk", "Customers", "Mean probability", "Expected net", "At risk"),
            churn.bands(),
            band ->
                List.of(
                    band.name(),
                    numbers.count(band.customers()),
                    numbers.percent(band.meanProbability()),
                    numbers.wholeMoney(band.expectedNet()),
                    band.valueAtRisk() == null || most <= 0
                        ? numbers.wholeMoney(band.valueAtRisk())
                        : Blocks.bar(
                            band.valueAtRisk().doubleValue() / most,
                            "orange",
                            numbers.wholeMoney(band.valueAtRisk())))));
  }

  private static Html reasons(ChurnFigures churn, NumberFormats numbers) {
    String caption = "Most common reasons";
    long scored = churn.bands().stream().mapToLong(Band::customers).sum();
    List<Reason> shown = churn.reasons().stream().limit(REASONS).toList();
    double most = shown.stream().mapToLong(Reason::customers).max().orElse(1);
    return Blocks.block(
        caption,
        "Of each customer's three strongest reasons the first that raises the risk, without its own"
            + " numbers; the example is the customer with most at risk. They are exact parts of the"
            + " score, not causes.",
        shown.isEmpty()
            ? Blocks.nothing("Nothing raises anybody's risk above the average.")
            : Html.table(
                caption,
                List.of("Raises the risk most", "Customers", "Share", "At risk"),
                shown,
                reason ->
                    List.of(
                        Html.of(
                            "{}<small>{}</small>",
                            reason.pattern(),
                            reason.example().equals(reason.pattern())
                                ? ""
                                : "e.g. " + reason.example()),
                        numbers.count(reason.customers()),
                        Blocks.bar(
                            reason.customers() / most,
                            "orange",
                            numbers.percent((double) reason.customers() / scored, 0)),
                        numbers.wholeMoney(reason.valueAtRisk()))));
  }

  private static Html quality(ChurnFigures churn, NumberFormats numbers) {
    Backtest newest = churn.backtest().get(0);
    List<Backtest> window = ChurnFigures.ofNewestWindow(churn.backtest());
    return Html.of(
        "<h3 class=\"sub\">Can the scores be believed?</h3><p class=\"note\">{}</p>"
            + "<div class=\"pair\">{}{}</div>{}",
        Insights.quality(window, numbers),
        calibration(churn, newest, numbers),
        lift(window, numbers),
        Blocks.block(
            "Tested on windows it had not seen, beside the baselines",
            "The same customers predicted by four kinds of model. Log loss, Brier and calibration"
                + " error: less is better; AUC: more is, 0.5 is chance (churn_backtest).",
            backtest(churn, newest, numbers)));
  }

  private static Html calibration(ChurnFigures churn, Backtest newest, NumberFormats numbers) {
    if (churn.calibration().isEmpty()) {
      return Html.NOTHING;
    }
    return Blocks.figure(
        ChurnCharts.calibration(churn.calibration()),
        "Predicted against what came of it",
        "Tenths of the customers by predicted probability, in the window from "
            + NumberFormats.day(newest.origin())
            + ": on the line, predictions mean what they say (churn_calibration).",
        Html.table(
            "Predicted and observed churn by tenth",
            List.of("Tenth", "Customers", "Predicted", "Observed"),
            ChurnCharts.numbered(churn.calibration()).entrySet(),
            bin ->
                List.of(
                    bin.getKey(),
                    numbers.count(bin.getValue().customers()),
                    numbers.percent(bin.getValue().predicted()),
                    numbers.percent(bin.getValue().observed()))));
  }

  private static Html lift(List<Backtest> window, NumberFormats numbers) {
    List<Double> lift =
        window.stream()
            .filter(Backtest::isModel)
            .findFirst()
            .map(Backtest::decileLift)
            .orElse(List.of());
    if (lift.isEmpty()) {
      return Html.NOTHING;
    }
    return Blocks.figure(
        ChurnCharts.lift(lift),
        "Lift by decile",
        "Churn rate of each tenth of the customers, from the highest predictions down, over that of"
            + " all: 1 is the average (churn_backtest.decile_lift).",
        Html.table(
            "Lift by decile",
            List.of("Decile", "Lift"),
            IntStream.range(0, lift.size()).boxed().toList(),
            i -> List.of(i + 1, numbers.number(lift.get(i), 2))));
  }

  private static Html backtest(ChurnFigures churn, Backtest newest, NumberFormats numbers) {
    List<Backtest> older =
        churn.backtest().stream().filter(b -> !b.origin().equals(newest.origin())).toList();
    return Html.of(
        "{}{}",
        backtest(
            "Window from " + NumberFormats.day(newest.origin()),
            ChurnFigures.ofNewestWindow(churn.backtest()),
            numbers),
        older.isEmpty()
            ? Html.NOTHING
            : Html.of(
                "<details class=\"as-table\"><summary>Older windows</summary>{}</details>",
                backtest("Older windows", older, numbers)));
  }

  private static Html backtest(String caption, List<Backtest> rows, NumberFormats numbers) {
    return Html.table(
        caption,
        List.of(
            "Predicted by",
            "Window from",
            "Customers",
            "Churned",
            "AUC",
            "Log loss",
            "Brier",
            "Calibration error"),
        rows,
        row ->
            List.of(
                row.isModel()
                    ? Html.of("<b class=\"ours\">{}</b>", kind(row.kind()))
                    : Html.of("<span class=\"plain\">{}</span>", kind(row.kind())),
                NumberFormats.day(row.origin()),
                numbers.count(row.customers()),
                numbers.percent(row.churnRate()),
                numbers.number(row.auc(), 3),
                numbers.number(row.logLoss(), 3),
                numbers.number(row.brier(), 3),
                numbers.number(row.calibrationError(), 3)));
  }
}
