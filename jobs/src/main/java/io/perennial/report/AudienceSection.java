package io.perennial.report;

import io.perennial.report.ReportModel.Audience;
import io.perennial.report.ReportModel.Suppression;
import java.util.ArrayList;
import java.util.List;

/** Audiences, their sizes, and what kept customers out of them. */
final class AudienceSection {

  private AudienceSection() {}

  static Section of(ReportModel model, NumberFormats numbers) {
    Html body =
        model.audiences().isEmpty()
            ? Section.nothing(
                "This run has no audiences: define them under `audiences` of the configuration.")
            : Html.of("{}{}", sizes(model.audiences(), numbers), waterfalls(model, numbers));
    return new Section("audiences", "Who will be contacted?", "Audiences", body, List.of());
  }

  private static Html sizes(List<Audience> audiences, NumberFormats numbers) {
    return Section.block(
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

  private static List<Html> waterfalls(ReportModel model, NumberFormats numbers) {
    return model.audiences().stream()
        .filter(audience -> !audience.steps().isEmpty())
        .map(
            audience ->
                Section.block(
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
                  width(step.left() / most), width(out / most)),
              numbers.count(step.left())));
    }
    return Html.table(
        "Suppression of " + audience.name(),
        List.of("Step", "Customers in", "Taken out", "", "Left"),
        rows);
  }

  private static double width(double share) {
    return Math.round(1000 * Math.max(0, Math.min(1, share))) / 10.0;
  }
}
