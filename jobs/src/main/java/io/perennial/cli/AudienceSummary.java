package io.perennial.cli;

import io.perennial.audiences.AudienceSuppressionsTable;
import io.perennial.audiences.CampaignLiftTable;
import io.perennial.audiences.Waterfall;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The first look at audiences: their sizes, what made them so, and what campaigns changed. */
final class AudienceSummary {

  private AudienceSummary() {}

  /**
   * @param suppressions rows of audience_suppressions of one as_of
   * @param lift rows of campaign_lift of it
   */
  static void print(Dataset<Row> suppressions, Dataset<Row> lift, PrintWriter out) {
    audiences(suppressions, out);
    lift(lift, out);
  }

  private static void audiences(Dataset<Row> suppressions, PrintWriter out) {
    Map<String, long[]> left = new LinkedHashMap<>();
    for (Row row :
        suppressions
            .orderBy(
                AudienceSuppressionsTable.AUDIENCE.col(),
                AudienceSuppressionsTable.STEP_ORDER.col())
            .collectAsList()) {
      long[] cells =
          left.computeIfAbsent(
              row.getAs(AudienceSuppressionsTable.AUDIENCE.name()),
              name -> new long[Waterfall.Step.values().length + 2]);
      int order = row.<Integer>getAs(AudienceSuppressionsTable.STEP_ORDER.name());
      long in = row.<Long>getAs(AudienceSuppressionsTable.CUSTOMERS_IN.name());
      long gone = row.<Long>getAs(AudienceSuppressionsTable.CUSTOMERS_OUT.name());
      cells[0] = order == 1 ? in - gone : cells[0];
      cells[order] = gone;
      cells[cells.length - 1] = in - gone;
    }
    if (left.isEmpty()) {
      return;
    }
    out.println();
    out.println("Audiences and whom they leave out (audience_suppressions)");
    out.printf(
        "%-26s %8s %7s %10s %10s %8s %6s %7s %7s%n",
        "audience",
        "segment",
        "no id",
        "no consent",
        "suppressed",
        "cool-off",
        "cap",
        "control",
        "target");
    left.forEach(
        (name, cells) ->
            out.printf(
                Locale.ROOT,
                "%-26s %,8d %,7d %,10d %,10d %,8d %,6d %,7d %,7d%n",
                name,
                cells[0],
                cells[2],
                cells[3],
                cells[4],
                cells[5],
                cells[6],
                cells[7],
                cells[8]));
  }

  private static void lift(Dataset<Row> lift, PrintWriter out) {
    List<Row> rows =
        lift.orderBy(CampaignLiftTable.EXPERIMENT.col(), CampaignLiftTable.WINDOW_DAYS.col())
            .collectAsList();
    if (rows.isEmpty()) {
      return;
    }
    out.println();
    out.println("What campaigns changed, against those held out (campaign_lift)");
    for (Row row : rows) {
      out.printf(
          "%s, %d days: %s%n",
          row.<String>getAs(CampaignLiftTable.EXPERIMENT.name()),
          row.<Integer>getAs(CampaignLiftTable.WINDOW_DAYS.name()),
          row.<String>getAs(CampaignLiftTable.VERDICT.name()));
    }
  }
}
