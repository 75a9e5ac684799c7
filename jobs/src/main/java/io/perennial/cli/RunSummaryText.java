package io.perennial.cli;

import io.perennial.audiences.Waterfall;
import io.perennial.cli.RunSummary.Band;
import io.perennial.cli.RunSummary.Cell;
import io.perennial.cli.RunSummary.Cohort;
import io.perennial.cli.RunSummary.Exports;
import io.perennial.cli.RunSummary.Month;
import io.perennial.cli.RunSummary.Records;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/**
 * A run's figures for people: tables for a first look, and closing lines that can be pasted into a
 * chat.
 */
final class RunSummaryText {

  private static final String UNKNOWN = "-";

  private final RunSummary summary;
  private final PrintWriter out;

  private RunSummaryText(RunSummary summary, PrintWriter out) {
    this.summary = summary;
    this.out = out;
  }

  /** Prints the tables that the run has rows for, then the closing lines. */
  static void print(RunSummary summary, PrintWriter out) {
    new RunSummaryText(summary, out).print();
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
        columns, summary.tables().cohorts());
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
            new TextColumn<>("month", 8, month -> month.month().toString()),
            new TextColumn<>("start", 9, month -> count(month.start())),
            new TextColumn<>("new", 7, month -> count(month.acquired())),
            new TextColumn<>("lost", 7, month -> count(month.lost())),
            new TextColumn<>("reactivated", 12, month -> count(month.reactivated())),
            new TextColumn<>("end", 9, month -> count(month.end())),
            new TextColumn<>(
                "retention",
                11,
                month -> month.retention() == null ? UNKNOWN : percent(month.retention()))),
        oldestFirst);
  }

  private void segments() {
    table(
        "Segments (rfm)",
        List.of(
            new TextColumn<>("segment", 20, RunSummary.Segment::name),
            new TextColumn<>("customers", 9, segment -> count(segment.customers())),
            new TextColumn<>("net " + summary.currency(), 16, segment -> money(segment.net()))),
        summary.tables().segments());
  }

  private void models() {
    List<RunSummary.Model> models = summary.tables().models();
    if (models.isEmpty()) {
      return;
    }
    table(
        "Churn predicted for the unseen window from "
            + models.get(0).origin()
            + " (churn_backtest)",
        List.of(
            new TextColumn<>("model", 13, RunSummary.Model::kind),
            new TextColumn<>("customers", 9, model -> count(model.customers())),
            new TextColumn<>(
                "AUC", 9, model -> model.auc() == null ? UNKNOWN : format("%.4f", model.auc())),
            new TextColumn<>("log loss", 9, model -> format("%.4f", model.logLoss())),
            new TextColumn<>(
                "calibration error", 17, model -> format("%.4f", model.calibrationError()))),
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
                "at risk " + summary.currency(),
                17,
                band -> band.valueAtRisk() == null ? UNKNOWN : money(band.valueAtRisk()))),
        summary.bands());
  }

  private void audiences() {
    table(
        "Audiences and whom they leave out (audience_suppressions)",
        List.of(
            new TextColumn<>("audience", 26, RunSummary.Audience::name),
            new TextColumn<>("segment", 8, audience -> count(audience.segment())),
            removed("no id", 7, Waterfall.Step.NO_IDENTIFIER),
            removed("no consent", 10, Waterfall.Step.NO_CONSENT),
            removed("suppressed", 10, Waterfall.Step.SUPPRESSED),
            removed("cool-off", 8, Waterfall.Step.COOL_OFF),
            removed("cap", 6, Waterfall.Step.CAP),
            removed("control", 7, Waterfall.Step.CONTROL_GROUP),
            new TextColumn<>("target", 7, audience -> count(audience.target()))),
        summary.tables().audiences());
  }

  private static TextColumn<RunSummary.Audience> removed(
      String head, int width, Waterfall.Step step) {
    return new TextColumn<>(
        head, width, audience -> count(audience.removed().getOrDefault(step.ordinal() + 1, 0L)));
  }

  private void campaigns() {
    List<RunSummary.Campaign> campaigns = summary.tables().campaigns();
    if (campaigns.isEmpty()) {
      return;
    }
    out.println();
    out.println("What campaigns changed, against those held out (campaign_lift)");
    campaigns.forEach(
        campaign ->
            out.printf(
                "%s, %d days: %s%n",
                campaign.experiment(), campaign.windowDays(), campaign.verdict()));
  }

  private <T> void table(String title, List<TextColumn<T>> columns, List<T> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(columns.stream().map(TextColumn::head).toList());
    rows.forEach(row -> cells.add(columns.stream().map(c -> c.cell().apply(row)).toList()));
    int[] widths = new int[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      int column = c;
      widths[c] =
          cells.stream()
              .mapToInt(row -> row.get(column).length())
              .reduce(columns.get(c).width(), Math::max);
    }
    Help.Column[] layout = new Help.Column[widths.length];
    for (int c = 0; c < widths.length; c++) {
      int gap = c == 0 ? 0 : 1;
      layout[c] = new Help.Column(widths[c] + gap, gap, Overflow.TRUNCATE);
    }
    TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), layout);
    for (List<String> row : cells) {
      String[] aligned = row.toArray(String[]::new);
      for (int c = 1; c < aligned.length; c++) {
        aligned[c] = " ".repeat(widths[c] - aligned[c].length()) + aligned[c];
      }
      table.addRowValues(aligned);
    }
    out.println();
    out.println(title);
    out.print(table);
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
    if (summary.members().audiences() > 0) {
      line(
          "audiences",
          format(
              "%,d with %,d members to address, %,d held out",
              summary.members().audiences(),
              summary.members().targets(),
              summary.members().controls()));
    }
    records(summary.records());
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
            month.month(),
            month.retention() == null ? "" : ", retention " + percent(month.retention()),
            month.acquired(),
            month.lost(),
            month.reactivated()));
    line(
        "net",
        format(
            "%s %s in %s, %s of it from customers who came back",
            money(month.netNew().add(month.netReturning())),
            summary.currency(),
            month.month(),
            money(month.netReturning())));
  }

  private void records(Records records) {
    String outcomes =
        records.outcomes().entrySet().stream()
            .filter(outcome -> outcome.getValue() > 0)
            .map(outcome -> format("%,d %s", outcome.getValue(), outcome.getKey()))
            .collect(Collectors.joining(", "));
    line(
        "records",
        format("%,d in %,d files", records.records(), records.files())
            + (outcomes.isEmpty() ? "" : ": " + outcomes));
    if (!records.rejectedFor().isEmpty()) {
      line(
          "rejected",
          records.rejectedFor().entrySet().stream()
              .map(
                  (Map.Entry<String, Long> reason) ->
                      format("%s (%,d)", reason.getKey(), reason.getValue()))
              .collect(Collectors.joining("; ", "most often for: ", "")));
    }
  }

  private void line(String label, String text) {
    out.printf("  %-10s %s%n", label, text);
  }

  private String money(BigDecimal amount) {
    return money(amount, summary.currency());
  }

  /** 1234.5 euros are 1,234.50, as many yen 1,235. */
  static String money(BigDecimal amount, Currency currency) {
    return format("%,." + Math.max(0, currency.getDefaultFractionDigits()) + "f", amount);
  }

  private static String percent(double share) {
    return format("%.1f %%", 100 * share);
  }

  private static String count(long number) {
    return format("%,d", number);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
