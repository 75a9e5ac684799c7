package io.perennial.cli;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AudienceSuppressionsTable;
import io.perennial.audiences.CampaignLiftTable;
import io.perennial.churn.ChurnBacktestTable;
import io.perennial.churn.ChurnScoresTable;
import io.perennial.cohorts.CohortMatrix;
import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.rfm.RfmTable;
import io.perennial.table.PublishedTables;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The first look at what a run made: newest cohorts, the last months' retention, the segments,
 * churn, audiences.
 */
final class TerminalSummary {

  private static final int COHORTS = 12;
  private static final int MONTHS = 7;

  private TerminalSummary() {}

  static void print(PublishedTables tables, Currency currency, PrintWriter out) {
    cohorts(tables.snapshot(CohortMatrixTable.TABLE), tables.run().asOf().orElseThrow(), out);
    retention(tables.snapshot(RetentionSummaryTable.TABLE), out);
    segments(tables.snapshot(RfmTable.TABLE), currency, out);
    ChurnSummary.print(
        tables.snapshot(ChurnBacktestTable.TABLE),
        tables.snapshot(ChurnScoresTable.TABLE),
        currency,
        out);
    AudienceSummary.print(
        tables.snapshot(AudienceSuppressionsTable.TABLE),
        tables.snapshot(CampaignLiftTable.TABLE),
        out);
  }

  private static void cohorts(Dataset<Row> matrix, LocalDate asOf, PrintWriter out) {
    List<Row> cells =
        matrix
            .where(CohortMatrixTable.DIMENSION.col().equalTo("all"))
            .where(CohortMatrixTable.MONTH_INDEX.col().lt(MONTHS))
            .select(
                CohortMatrixTable.COHORT_MONTH.col(),
                CohortMatrixTable.MONTH_INDEX.col(),
                CohortMatrixTable.COHORT_SIZE.col(),
                CohortMatrixTable.RETENTION_RATE.col())
            .collectAsList();
    if (cells.isEmpty()) {
      return;
    }
    TreeMap<String, String[]> lines = new TreeMap<>();
    for (Row cell : cells) {
      String[] line =
          lines.computeIfAbsent(
              cell.getDate(0).toString().substring(0, 7), month -> new String[MONTHS + 1]);
      line[0] = String.format(Locale.ROOT, "%,d", cell.getLong(2));
      boolean isPartial = !CohortMatrix.isOver(cell.getDate(0).toLocalDate(), cell.getInt(1), asOf);
      line[cell.getInt(1) + 1] =
          String.format(Locale.ROOT, "%.1f%s", 100 * cell.getDouble(3), isPartial ? "*" : " ");
    }
    while (lines.size() > COHORTS) {
      lines.pollFirstEntry();
    }
    out.println();
    out.println("Retention in % by month since acquisition (cohort_matrix; * month not over)");
    StringBuilder head = new StringBuilder(String.format("%-8s %9s", "cohort", "customers"));
    for (int k = 0; k < MONTHS; k++) {
      head.append(String.format(Locale.ROOT, " %7d ", k));
    }
    out.println(head.toString().stripTrailing());
    lines.forEach(
        (month, line) -> {
          StringBuilder text = new StringBuilder(String.format("%-8s %9s", month, line[0]));
          for (int k = 1; k <= MONTHS; k++) {
            text.append(String.format(" %8s", line[k] == null ? "" : line[k]));
          }
          out.println(text.toString().stripTrailing());
        });
  }

  private static void retention(Dataset<Row> summary, PrintWriter out) {
    List<Row> months = CompleteMonths.newest(summary, 6);
    if (months.isEmpty()) {
      return;
    }
    out.println();
    out.println("Customers by month (retention_summary)");
    out.printf(
        "%-8s %9s %7s %7s %12s %9s %11s%n",
        "month", "start", "new", "lost", "reactivated", "end", "retention");
    for (int i = months.size() - 1; i >= 0; i--) {
      Row row = months.get(i);
      Double rate = row.getAs(RetentionSummaryTable.RETENTION_RATE.name());
      out.printf(
          Locale.ROOT,
          "%-8s %,9d %,7d %,7d %,12d %,9d %11s%n",
          row.getAs(RetentionSummaryTable.MONTH.name()).toString().substring(0, 7),
          row.<Long>getAs(RetentionSummaryTable.CUSTOMERS_START.name()),
          row.<Long>getAs(RetentionSummaryTable.NEW.name()),
          row.<Long>getAs(RetentionSummaryTable.LOST.name()),
          row.<Long>getAs(RetentionSummaryTable.REACTIVATED.name()),
          row.<Long>getAs(RetentionSummaryTable.CUSTOMERS_END.name()),
          rate == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * rate));
    }
  }

  private static void segments(Dataset<Row> rfm, Currency currency, PrintWriter out) {
    List<Row> segments =
        rfm.groupBy(RfmTable.SEGMENT.col())
            .agg(count(lit(1)).as("customers"), sum(RfmTable.MONETARY.col()).as("net"))
            .orderBy(col("net").desc())
            .collectAsList();
    if (segments.isEmpty()) {
      return;
    }
    out.println();
    out.println("Segments (rfm)");
    out.printf("%-20s %9s %16s%n", "segment", "customers", "net " + currency.getCurrencyCode());
    for (Row segment : segments) {
      out.printf(
          Locale.ROOT,
          "%-20s %,9d %16s%n",
          segment.getString(0),
          segment.getLong(1),
          MoneyText.of(segment.getAs(2), currency));
    }
  }
}
