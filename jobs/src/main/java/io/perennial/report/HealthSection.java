package io.perennial.report;

import io.perennial.ingest.IngestedFilesTable;
import io.perennial.report.HealthFigures.Files;
import io.perennial.report.ReportModel.About;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Whether the figures can be trusted: reconciliation, rejected records, freshness. */
final class HealthSection {

  /** Nightly deliveries arrive up to two days late. */
  private static final int FRESH_DAYS = 3;

  private HealthSection() {}

  static Html render(ReportModel model, NumberFormats numbers) {
    HealthFigures health = model.get(HealthFigures.class);
    return Html.of(
        "{}<div class=\"pair\">{}{}</div>{}",
        freshness(model.about(), health.files(), numbers),
        records(health, numbers),
        rejects(health, numbers),
        reconciliation(health));
  }

  private static Html freshness(About about, Files files, NumberFormats numbers) {
    List<Html> facts = new ArrayList<>();
    facts.add(
        fact(
            "Known up to",
            "everything dated before " + NumberFormats.day(about.asOf()) + " (as_of)"));
    facts.add(
        fact(
            "Made by",
            "run "
                + about.run().runId()
                + " of "
                + NumberFormats.time(about.run().started(), about.timeZone())
                + about
                    .run()
                    .seconds()
                    .map(s -> ", " + numbers.number(s, 0) + " seconds")
                    .orElse("")
                + "; Perennial "
                + about.run().version()));
    facts.add(
        fact(
            "Newest file",
            files.newest() == null
                ? "no file was read"
                : "modified " + NumberFormats.time(files.newest(), about.timeZone())));
    long age =
        ChronoUnit.DAYS.between(
            about.asOf(), LocalDate.ofInstant(about.run().started(), about.timeZone()));
    if (age > FRESH_DAYS) {
      facts.add(
          fact(
              "Age",
              numbers.count(age)
                  + " days from as_of to the run: is a delivery missing, or is this history?"));
    }
    if (!about.isConfigUnchanged()) {
      facts.add(
          fact(
              "Configuration",
              "has changed since this run: lengths that definitions name ("
                  + about.activeWindow()
                  + " months, "
                  + about.repeatDays()
                  + " days) are those of now"));
    }
    return Blocks.block(
        "Freshness",
        "What the run knew: everything dated before as_of that lay in the lake when it read it"
            + " (runs, ingested_files).",
        Html.of("<dl class=\"facts\">{}</dl>", facts));
  }

  private static Html fact(String name, String text) {
    return Html.of("<dt>{}</dt><dd>{}</dd>", name, text);
  }

  private static Html records(HealthFigures health, NumberFormats numbers) {
    Files files = health.files();
    String caption =
        "%s records of %s files"
            .formatted(numbers.count(files.records()), numbers.count(files.files()));
    return Blocks.block(
        caption,
        "Every raw record of the lake is one of these five, exactly: duplicates repeat another"
            + " record, superseded ones were replaced by a later version (ingested_files).",
        Html.table(
            caption,
            List.of("Became", "Records", "Share"),
            IngestedFilesTable.OUTCOMES,
            outcome -> {
              long records = files.count(outcome);
              double share = files.records() == 0 ? 0 : (double) records / files.records();
              return List.of(
                  outcome.name(),
                  numbers.count(records),
                  Blocks.bar(share, "blue", numbers.percent(share, 2)));
            }));
  }

  private static Html rejects(HealthFigures health, NumberFormats numbers) {
    String caption = "Rejected, by reason";
    return Blocks.block(
        caption,
        "Records that could not be used, with every reason that applies to them; they are kept in"
            + " the table rejects for as long as lake.rejects-retention says.",
        health.rejects().isEmpty()
            ? Blocks.nothing("No rejected record is kept.")
            : Html.table(
                caption,
                List.of("Reason", "Records"),
                health.rejects(),
                r -> List.of(r.reason(), numbers.count(r.records()))));
  }

  private static Html reconciliation(HealthFigures health) {
    String caption = "Reconciliation";
    return Blocks.block(
        caption,
        "Identities that must hold to the cent, or the run publishes nothing"
            + " (runs.reconciliation).",
        health.reconciliation().isEmpty()
            ? Blocks.nothing("The run recorded no identities.")
            : Html.table(
                caption,
                List.of("Identity", "Left", "Right", "Holds"),
                health.reconciliation(),
                check ->
                    List.of(
                        check.identity(),
                        check.left(),
                        check.right(),
                        Html.of("<b class=\"whole\">{}</b>", check.holds() ? "✓ yes" : "✗ NO"))));
  }
}
