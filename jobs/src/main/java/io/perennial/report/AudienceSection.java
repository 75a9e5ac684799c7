package io.perennial.report;

import io.perennial.report.AudienceFigures.Audience;
import java.util.List;

/** Audiences, their sizes, and how many customers each suppression removed. */
final class AudienceSection {

  private AudienceSection() {}

  static Html render(ReportModel model, NumberFormats numbers) {
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
            audiences,
            audience ->
                List.of(
                    audience.name(),
                    numbers.count(audience.target()),
                    numbers.count(audience.control()),
                    numbers.count(audience.target() + audience.control()))));
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
    return Html.table(
        "Suppression of " + audience.name(),
        List.of("Step", "Customers in", "Taken out", "", "Left"),
        audience.steps(),
        step -> {
          long out = step.customersOut();
          return List.of(
              step.step(),
              numbers.count(step.customersIn()),
              out == 0 ? "0" : "−" + numbers.count(out),
              Html.of(
                  "<span class=\"bar wide\"><i class=\"left\" style=\"width:{}%\"></i>"
                      + "<i class=\"gone\" style=\"width:{}%\"></i></span>",
                  Blocks.percent(step.left() / most), Blocks.percent(out / most)),
              numbers.count(step.left()));
        });
  }
}
