package io.perennial.cli;

import io.perennial.audiences.Waterfall;
import io.perennial.cli.RunSummary.Band;
import io.perennial.cli.RunSummary.Cell;
import io.perennial.cli.RunSummary.Cohort;
import io.perennial.cli.RunSummary.Exports;
import io.perennial.cli.RunSummary.Tables;
import io.perennial.report.AudienceFigures.Audience;
import io.perennial.report.ChurnFigures.Backtest;
import io.perennial.report.RetentionFigures.Month;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/**
 * A run's figures for people: tables for a first look, and closing lines that can be pasted into a
 * chat.
 */
final class RunSummaryText {

  private static final String UNKNOWN = "-";

  private final RunSummary summary;
  private final Tables tables;
  private final PrintWriter out;

  private RunSummaryText(RunSummary summary, Tables tables, PrintWriter out) {
    this.summary = summary;
    this.tables = tables;
    this.out = out;
  }

  /** Prints the tables that the run has rows for, then the closing lines. */
  static void print(RunSummary summary, Tables tables, PrintWriter out) {
    new RunSummaryText(summary, tables, out).print();
  }

  /**
   * A column of a table, the first aligned to the left, others to the right.
   *
   * @param width in characters, unless a cell needs more
   */
  private record TextColumn<T>(String head, int width, Function<T, String> cell) {}

  private void print() {
    cohorts();
    months();
    segments();
    models();
    bands();
    audiences();
    campaigns();
    closingLines();
  }

  private void cohorts() {
    List<TextColumn<Cohort>> columns = new ArrayList<>();
    columns.add(new TextColumn<>("cohort", 8, cohort -> cohort.month().toString()));
    columns.add(new TextColumn<>("customers", 9, cohort -> count(cohort.customers())));
    for (int k = 0; k < Cohort.SHOWN; k++) {
      int index = k;
      columns.add(new TextColumn<>(k + " ", 8, cohort -> retention(cohort.cells().get(index))));
    }
    table(
        "Retention in % by month since acquisition (cohort_matrix; * month not over)",
        columns, tables.cohorts());
  }

  private static String retention(Cell cell) {
    return cell == null
        ? ""
        : format("%.1f%s", 100 * cell.retention(), cell.isPartial() ? "*" : " ");
  }

  private void months() {
    List<Month> oldestFirst = new ArrayList<>(summary.months());
    Collections.reverse(oldestFirst);
    table(
        "Customers by month (retention_summary)",
        List.of(
            new TextColumn<>("month", 8, month -> YearMonth.from(month.month()).toString()),
            new TextColumn<>("start", 9, month -> count(month.start())),
            new TextColumn<>("new", 7, month -> count(month.acquired())),
            new TextColumn<>("lost", 7, month -> count(month.lost())),
            new TextColumn<>("reactivated", 12, month -> count(month.reactivated())),
            new TextColumn<>("end", 9, month -> count(month.end())),
            new TextColumn<>("retention", 11, month -> percent(month.retention()))),
        oldestFirst);
  }

  private void segments() {
    table(
        "Segments (rfm)",
        List.of(
            new TextColumn<>("segment", 20, RunSummary.Segment::name),
            new TextColumn<>("customers", 9, segment -> count(segment.customers())),
            new TextColumn<>("net " + summary.currency(), 16, segment -> money(segment.net()))),
        tables.segments());
  }

  private void models() {
    List<Backtest> models = tables.models();
    if (models.isEmpty()) {
      return;
    }
    table(
        "Churn predicted for the unseen window from "
            + models.get(0).origin()
            + " (churn_backtest)",
        List.of(
            new TextColumn<>("model", 13, Backtest::kind),
            new TextColumn<>("customers", 9, model -> count(model.customers())),
            new TextColumn<>("AUC", 9, model -> decimals(model.auc())),
            new TextColumn<>("log loss", 9, model -> decimals(model.logLoss())),
            new TextColumn<>("calibration error", 17, model -> decimals(model.calibrationError()))),
        models);
  }

  private void bands() {
    table(
        "Risk of churn (churn_scores)",
        List.of(
            new TextColumn<>("band", 13, Band::name),
            new TextColumn<>("customers", 9, band -> count(band.customers())),
            new TextColumn<>("probability", 11, band -> percent(band.probability())),
            new TextColumn<>(
                "at risk " + summary.currency(), 17, band -> money(band.valueAtRisk()))),
        summary.bands());
  }

  private void audiences() {
    table(
        "Audiences and whom they leave out (audience_suppressions)",
        List.of(
            new TextColumn<>("audience", 26, Audience::name),
            new TextColumn<>("segment", 8, audience -> count(audience.steps().get(0).left())),
            removed("no id", 7, Waterfall.Step.NO_IDENTIFIER),
            removed("no consent", 10, Waterfall.Step.NO_CONSENT),
            removed("suppressed", 10, Waterfall.Step.SUPPRESSED),
            removed("cool-off", 8, Waterfall.Step.COOL_OFF),
            removed("cap", 6, Waterfall.Step.CAP),
            removed("control", 7, Waterfall.Step.CONTROL_GROUP),
            new TextColumn<>("target", 7, audience -> count(audience.target()))),
        summary.audiences().stream().filter(audience -> !audience.steps().isEmpty()).toList());
  }

  private static TextColumn<Audience> removed(String head, int width, Waterfall.Step step) {
    return new TextColumn<>(head, width, audience -> count(audience.removedAt(step)));
  }

  private void campaigns() {
    if (tables.campaigns().isEmpty()) {
      return;
    }
    out.println();
    out.println("What campaigns changed, against those held out (campaign_lift)");
    tables
        .campaigns()
        .forEach(c -> out.printf("%s, %d days: %s%n", c.experiment(), c.windowDays(), c.verdict()));
  }

  private <T> void table(String title, List<TextColumn<T>> columns, List<T> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(columns.stream().map(TextColumn::head).toList());
    rows.forEach(row -> cells.add(columns.stream().map(c -> c.cell().apply(row)).toList()));
    StringJoiner layout = new StringJoiner(" ");
    for (int c = 0; c < columns.size(); c++) {
      int column = c;
      int width =
          cells.stream()
              .mapToInt(row -> row.get(column).length())
              .reduce(columns.get(c).width(), Math::max);
      layout.add((c == 0 ? "%-" : "%") + width + "s");
    }
    out.println();
    out.println(title);
    cells.forEach(row -> out.println(layout.toString().formatted(row.toArray()).stripTrailing()));
  }

  private void closingLines() {
    out.println();
    out.println(
        TextProgress.styled(
            Ansi.AUTO,
            "bold",
            format(
                "Perennial as of %s (run %s, %.1f s)",
                summary.run().asOf().orElseThrow(),
                summary.run().runId(),
                summary.run().seconds().orElseThrow())));
    if (!summary.months().isEmpty()) {
      newestMonth(summary.months().get(0));
    }
    if (!summary.bands().isEmpty()) {
      line(
          "at risk",
          format(
              "%s %s of %,d customers, %,d of them at %s risk",
              money(summary.valueAtRisk()),
              summary.currency(),
              summary.scored(),
              summary.atHighestRisk(),
              summary.highestBand()));
    }
    if (summary.audiencesWithMembers() > 0) {
      line(
          "audiences",
          format(
              "%,d with %,d members to address, %,d held out",
              summary.audiencesWithMembers(), summary.targets(), summary.controls()));
    }
    records();
    line("tables", summary.places().warehouse());
    if (summary.places().report() != null) {
      line("report", summary.places().report());
    }
    Exports exports = summary.places().exports();
    if (exports != null) {
      line(
          "files",
          format("%s, %,d lists of %,d rows", exports.path(), exports.lists(), exports.rows()));
    }
  }

  private void newestMonth(Month month) {
    line(
        "customers",
        format(
            "%,d active at the end of %s%s: %,d new, %,d lost, %,d back",
            month.end(),
            YearMonth.from(month.month()),
            month.retention() == null ? "" : ", retention " + percent(month.retention()),
            month.acquired(),
            month.lost(),
            month.reactivated()));
    line(
        "net",
        format(
            "%s %s in %s, %s of it from customers who came back",
            money(month.net()),
            summary.currency(),
            YearMonth.from(month.month()),
            money(month.netReturning())));
  }

  private void records() {
    String outcomes =
        summary.files().outcomes().entrySet().stream()
            .filter(outcome -> outcome.getValue() > 0)
            .map(outcome -> format("%,d %s", outcome.getValue(), outcome.getKey()))
            .collect(Collectors.joining(", "));
    line(
        "records",
        format("%,d in %,d files", summary.files().records(), summary.files().files())
            + (outcomes.isEmpty() ? "" : ": " + outcomes));
    if (!summary.rejectedFor().isEmpty()) {
      line(
          "rejected",
          summary.rejectedFor().entrySet().stream()
              .map(reason -> format("%s (%,d)", reason.getKey(), reason.getValue()))
              .collect(Collectors.joining("; ", "most often for: ", "")));
    }
  }

  private void line(String label, String text) {
    out.printf("  %-10s %s%n", label, text);
  }

  private String money(BigDecimal amount) {
    return amount == null ? UNKNOWN : money(amount, summary.currency());
  }

  /** 1234.5 euros are 1,234.50, as many yen 1,235. */
  static String money(BigDecimal amount, Currency currency) {
    return format("%,." + Math.max(0, currency.getDefaultFractionDigits()) + "f", amount);
  }

  private static String percent(Double share) {
    return share == null ? UNKNOWN : format("%.1f %%", 100 * share);
  }

  private static String decimals(Double number) {
    return number == null ? UNKNOWN : format("%.4f", number);
  }

  private static String count(long number) {
    return format("%,d", number);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
