package io.perennial.report;

import io.perennial.config.Settings;
import io.perennial.report.AudienceFigures.Audience;
import io.perennial.report.AudienceFigures.Suppression;
import io.perennial.table.PublishedTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Audiences, their sizes, and how many customers each suppression removed. */
final class AudienceSection implements Section {

  @Override
  public Heading heading() {
    return new Heading("audiences", "Who will be contacted?", "Audiences");
  }

  @Override
  public Optional<Record> read(PublishedTables tables, Settings settings) {
    return Optional.of(AudienceFigures.read(tables));
  }

  @Override
  public Html render(ReportModel model, NumberFormats numbers) {
    List<Audience> audiences = model.get(AudienceFigures.class).audiences();
    return audiences.isEmpty()
        ? Blocks.nothing(
            "This run has no audiences: define them under `audiences` of the configuration.")
        : Html.of("{}{}", sizes(audiences, numbers), waterfalls(audiences, numbers));
  }

  private static Html sizes(List<Audience> audiences, NumberFormats numbers) {
    return Blocks.block(
        "Audiences",
        "Target: who is contacted. Control: who is like them and is not, so that the effect can be"
            + " measured (audience_members).",
        Html.table(
            "Audiences",
            List.of("Audience", "Target", "Control group", "Members"),
            audiences.stream()
                .map(
                    audience ->
                        List.<Object>of(
                            audience.name(),
                            numbers.count(audience.target()),
                            numbers.count(audience.control()),
                            numbers.count(audience.target() + audience.control())))
                .toList()));
  }

  private static List<Html> waterfalls(List<Audience> audiences, NumberFormats numbers) {
    return audiences.stream()
        .filter(audience -> !audience.steps().isEmpty())
        .map(
            audience ->
                Blocks.block(
                    "How “" + audience.name() + "” came about",
                    "Each step takes out whom it must, and every customer is counted once, at the"
                        + " first step that takes it out (audience_suppressions).",
                    waterfall(audience, numbers)))
        .toList();
  }

  private static Html waterfall(Audience audience, NumberFormats numbers) {
    double most = Math.max(1, audience.steps().get(0).customersIn());
    List<List<Object>> rows = new ArrayList<>();
    for (Suppression step : audience.steps()) {
      long out = step.customersOut();
      rows.add(
          List.of(
              step.step(),
              numbers.count(step.customersIn()),
              out == 0 ? "0" : "−" + numbers.count(out),
              Html.of(
                  "<span class=\"bar wide\"><i class=\"left\" style=\"width:{}%\"></i>"
                      + "<i class=\"gone\" style=\"width:{}%\"></i></span>",
                  Blocks.percent(step.left() / most), Blocks.percent(out / most)),
              numbers.count(step.left())));
    }
    return Html.table(
        "Suppression of " + audience.name(),
        List.of("Step", "Customers in", "Taken out", "", "Left"),
        rows);
  }
}
