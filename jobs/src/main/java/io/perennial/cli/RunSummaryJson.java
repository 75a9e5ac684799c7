package io.perennial.cli;

import io.perennial.cli.RunSummary.Exports;
import io.perennial.report.RetentionFigures.Month;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.Map;

/** A run's figures as fields for a program. Money is text, so that no digit is lost. */
final class RunSummaryJson {

  private RunSummaryJson() {}

  /** Fields of figures that the run has not are left out. */
  static Map<String, Object> fields(RunSummary summary) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("run_id", summary.run().runId());
    fields.put("command", summary.run().command());
    fields.put("as_of", summary.run().asOf().orElseThrow().toString());
    fields.put("seconds", summary.run().seconds().orElseThrow());
    fields.put("currency", summary.currency().getCurrencyCode());
    if (!summary.months().isEmpty()) {
      Month newest = summary.months().get(0);
      fields.put("month", YearMonth.from(newest.month()).toString());
      fields.put("customers_end", newest.end());
      fields.put("new", newest.acquired());
      fields.put("lost", newest.lost());
      fields.put("reactivated", newest.reactivated());
      fields.put("retention_rate", newest.retention());
      fields.put("net_new", newest.netNew().toPlainString());
      fields.put("net_returning", newest.netReturning().toPlainString());
    }
    if (!summary.bands().isEmpty()) {
      fields.put("customers_scored", summary.scored());
      fields.put("customers_at_highest_risk", summary.atHighestRisk());
      fields.put("value_at_risk", summary.valueAtRisk().toPlainString());
    }
    if (summary.audiencesWithMembers() > 0) {
      fields.put("audiences", summary.audiencesWithMembers());
      fields.put("targets", summary.targets());
      fields.put("controls", summary.controls());
    }
    fields.put("files", summary.files().files());
    fields.put("records", summary.files().records());
    fields.putAll(summary.files().outcomes());
    if (!summary.rejectedFor().isEmpty()) {
      fields.put("rejected_for", summary.rejectedFor());
    }
    fields.put("warehouse", summary.places().warehouse());
    if (summary.places().report() != null) {
      fields.put("report", summary.places().report());
    }
    Exports exports = summary.places().exports();
    if (exports != null) {
      fields.put("exports", exports.path());
      fields.put("lists", exports.lists());
    }
    return fields;
  }
}
