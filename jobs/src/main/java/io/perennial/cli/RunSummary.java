package io.perennial.cli;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AudienceMembersTable;
import io.perennial.churn.ChurnScoresTable;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.config.Settings;
import io.perennial.config.Settings.RiskBand;
import io.perennial.export.AudienceExportsTable;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.table.Field;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A published run in a few lines that can be pasted into a chat, or as fields for a program: the
 * figures that are asked for first, what was rejected and why, and where everything is.
 */
final class RunSummary {

  private static final int REASONS = 3;

  /** What is said, by its label; in the order of reading. */
  private final Map<String, String> said = new LinkedHashMap<>();

  private final Map<String, Object> fields = new LinkedHashMap<>();

  private RunSummary() {}

  static RunSummary of(PublishedTables tables, Settings settings, Optional<String> report) {
    RunSummary digest = new RunSummary();
    RunRecord run = tables.run();
    Currency currency = settings.shop().currency();
    digest.fields.put("run_id", run.runId());
    digest.fields.put("command", run.command());
    digest.fields.put("as_of", tables.asOf().toString());
    digest.fields.put("seconds", run.seconds().orElseThrow());
    digest.fields.put("currency", currency.getCurrencyCode());
    digest.customers(tables.snapshot(RetentionSummaryTable.TABLE), currency);
    digest.atRisk(tables.snapshot(ChurnScoresTable.TABLE), highestBand(settings), currency);
    digest.audiences(tables.snapshot(AudienceMembersTable.TABLE));
    digest.records(tables);
    digest.places(tables, settings, report);
    return digest;
  }

  /** For people: a heading and a line for each thing to know. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "Perennial as of %s (run %s, %.1f s)",
            fields.get("as_of"),
            fields.get("run_id"),
            fields.get("seconds")));
    said.forEach((label, words) -> lines.add(String.format("  %-10s %s", label, words)));
    return lines;
  }

  /** For programs. Money is text, so that no digit is lost. */
  Map<String, Object> fields() {
    return fields;
  }

  private void customers(Dataset<Row> months, Currency currency) {
    List<Row> newest = CompleteMonths.newest(months, 1);
    if (newest.isEmpty()) {
      return;
    }
    Row row = newest.get(0);
    String month = row.getAs(RetentionSummaryTable.MONTH.name()).toString().substring(0, 7);
    long active = row.<Long>getAs(RetentionSummaryTable.CUSTOMERS_END.name());
    long acquired = row.<Long>getAs(RetentionSummaryTable.NEW.name());
    long lost = row.<Long>getAs(RetentionSummaryTable.LOST.name());
    long back = row.<Long>getAs(RetentionSummaryTable.REACTIVATED.name());
    Double rate = row.getAs(RetentionSummaryTable.RETENTION_RATE.name());
    BigDecimal ofNew = row.getAs(RetentionSummaryTable.NET_NEW.name());
    BigDecimal ofReturning = row.getAs(RetentionSummaryTable.NET_RETURNING.name());
    fields.put("month", month);
    fields.put("customers_end", active);
    fields.put("new", acquired);
    fields.put("lost", lost);
    fields.put("reactivated", back);
    fields.put("retention_rate", rate);
    fields.put("net_new", ofNew.toPlainString());
    fields.put("net_returning", ofReturning.toPlainString());
    said.put(
        "customers",
        String.format(
            Locale.ROOT,
            "%,d active at the end of %s%s: %,d new, %,d lost, %,d back",
            active,
            month,
            rate == null ? "" : String.format(Locale.ROOT, ", retention %.1f %%", 100 * rate),
            acquired,
            lost,
            back));
    said.put(
        "net",
        String.format(
            Locale.ROOT,
            "%s %s in %s, %s of it from customers who came back",
            MoneyText.of(ofNew.add(ofReturning), currency),
            currency,
            month,
            MoneyText.of(ofReturning, currency)));
  }

  private static String highestBand(Settings settings) {
    List<RiskBand> bands = settings.churn().riskBands();
    return bands.get(bands.size() - 1).name();
  }

  private void atRisk(Dataset<Row> scores, String highest, Currency currency) {
    Row row =
        scores
            .agg(
                count(lit(1)),
                coalesce(count_if(ChurnScoresTable.RISK_BAND.col().equalTo(highest)), lit(0L)),
                sum(ChurnScoresTable.VALUE_AT_RISK.col()))
            .first();
    if (row.getLong(0) == 0) {
      return;
    }
    BigDecimal value = row.isNullAt(2) ? BigDecimal.ZERO : row.getDecimal(2);
    fields.put("customers_scored", row.getLong(0));
    fields.put("customers_at_highest_risk", row.getLong(1));
    fields.put("value_at_risk", value.toPlainString());
    said.put(
        "at risk",
        String.format(
            Locale.ROOT,
            "%s %s of %,d customers, %,d of them at %s risk",
            MoneyText.of(value, currency),
            currency,
            row.getLong(0),
            row.getLong(1),
            highest));
  }

  private void audiences(Dataset<Row> members) {
    Row row =
        members
            .agg(
                countDistinct(AudienceMembersTable.AUDIENCE.col()),
                count_if(AudienceMembersTable.ARM.col().equalTo(AudienceMembersTable.TARGET)),
                count_if(AudienceMembersTable.ARM.col().equalTo(AudienceMembersTable.CONTROL)))
            .first();
    if (row.getLong(0) == 0) {
      return;
    }
    fields.put("audiences", row.getLong(0));
    fields.put("targets", row.getLong(1));
    fields.put("controls", row.getLong(2));
    said.put(
        "audiences",
        String.format(
            Locale.ROOT,
            "%,d with %,d members to address, %,d held out",
            row.getLong(0),
            row.getLong(1),
            row.getLong(2)));
  }

  private void records(PublishedTables tables) {
    List<Field> outcomes = new ArrayList<>(List.of(IngestedFilesTable.RECORDS));
    outcomes.addAll(IngestedFilesTable.OUTCOMES);
    Row row =
        tables
            .read(IngestedFilesTable.TABLE)
            .agg(
                count(lit(1)),
                outcomes.stream()
                    .map(outcome -> coalesce(sum(outcome.col()), lit(0L)))
                    .toArray(org.apache.spark.sql.Column[]::new))
            .first();
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < outcomes.size(); i++) {
      counts.put(outcomes.get(i).name(), row.getLong(i + 1));
    }
    fields.put("files", row.getLong(0));
    fields.putAll(counts);
    String rest =
        outcomes.stream()
            .skip(1)
            .map(Field::name)
            .filter(name -> counts.get(name) > 0)
            .map(name -> String.format(Locale.ROOT, "%,d %s", counts.get(name), name))
            .collect(Collectors.joining(", "));
    said.put(
        "records",
        String.format(
            Locale.ROOT,
            "%,d in %,d files%s",
            counts.get(IngestedFilesTable.RECORDS.name()),
            row.getLong(0),
            rest.isEmpty() ? "" : ": " + rest));
    if (counts.get(IngestedFilesTable.REJECTED.name()) > 0) {
      Map<String, Long> reasons = reasons(tables);
      fields.put("rejected_for", reasons);
      said.put(
          "rejected",
          reasons.entrySet().stream()
              .map(
                  reason ->
                      String.format(Locale.ROOT, "%s (%,d)", reason.getKey(), reason.getValue()))
              .collect(Collectors.joining("; ", "most often for: ", "")));
    }
  }

  private static Map<String, Long> reasons(PublishedTables tables) {
    Map<String, Long> reasons = new LinkedHashMap<>();
    tables
        .read(RejectsTable.TABLE)
        .select(explode(RejectsTable.REASONS.col()).as("reason"))
        .groupBy(RejectsTable.ruleOf(col("reason")).as("rule"))
        .agg(count(lit(1)).as("records"))
        .orderBy(col("records").desc(), col("rule"))
        .limit(REASONS)
        .collectAsList()
        .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
    return reasons;
  }

  private void places(PublishedTables tables, Settings settings, Optional<String> report) {
    fields.put("warehouse", settings.warehouse().path());
    said.put("tables", settings.warehouse().path());
    report.ifPresent(
        path -> {
          fields.put("report", path);
          said.put("report", path);
        });
    settings
        .export()
        .path()
        .ifPresent(
            path -> {
              Row row =
                  tables
                      .snapshot(AudienceExportsTable.TABLE)
                      .where(AudienceExportsTable.RUN_ID.col().equalTo(tables.run().runId()))
                      .agg(count(lit(1)), coalesce(sum(AudienceExportsTable.ROWS.col()), lit(0L)))
                      .first();
              if (row.getLong(0) > 0) {
                fields.put("exports", path);
                fields.put("lists", row.getLong(0));
                said.put(
                    "files",
                    String.format(
                        Locale.ROOT,
                        "%s, %,d lists of %,d rows",
                        path,
                        row.getLong(0),
                        row.getLong(1)));
              }
            });
  }
}
