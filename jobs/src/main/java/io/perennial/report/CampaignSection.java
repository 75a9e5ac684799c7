package io.perennial.report;

import io.perennial.report.ReportModel.Campaign;
import java.util.List;

/** What the last campaigns changed, against their control groups. */
final class CampaignSection {

  private CampaignSection() {}

  static Section of(ReportModel model, Numbers numbers) {
    Html body =
        model.campaigns().isEmpty()
            ? Section.nothing(
                "No campaign has been measured yet: send an audience that has a control group, and"
                    + " run `perennial lift` when its window is over.")
            : table(model.campaigns(), numbers);
    return new Section("campaigns", "Did campaigns work?", "Campaigns", body, List.of());
  }

  /** What a campaign's interval allows to be said. */
  static String verdict(Campaign campaign) {
    if (campaign.lift().low() > 0) {
      return "worked";
    }
    return campaign.lift().high() < 0 ? "did harm" : "no effect shown";
  }

  private static Html table(List<Campaign> campaigns, Numbers numbers) {
    double widest =
        campaigns.stream()
            .mapToDouble(c -> Math.max(Math.abs(c.lift().low()), Math.abs(c.lift().high())))
            .max()
            .orElse(1);
    String caption = "Lift of the last campaigns";
    return Section.block(
        caption,
        "Share of the target that ordered within the window, less that of the control group, by"
            + " intent to treat, with its 95 % interval; an interval across 0 shows no effect"
            + " (campaign_lift).",
        Html.table(
            caption,
            List.of(
                "Campaign",
                "Sent",
                "Days",
                "Target",
                "Control",
                "Lift",
                "Interval",
                "Extra net",
                "Verdict"),
            campaigns.stream()
                .map(
                    c ->
                        List.<Object>of(
                            c.experiment(),
                            Numbers.day(c.sentAsOf()),
                            c.windowDays(),
                            numbers.percent(c.targetRate()) + " of " + numbers.count(c.target()),
                            numbers.percent(c.controlRate()) + " of " + numbers.count(c.control()),
                            numbers.points(c.lift().rate()),
                            interval(c, widest, numbers),
                            numbers.wholeMoney(c.incrementalNet()),
                            verdictAnd(c, numbers)))
                .toList()));
  }

  private static Html verdictAnd(Campaign campaign, Numbers numbers) {
    String verdict = verdict(campaign);
    return Html.of(
        "<b>{}</b><small>{}</small>",
        verdict,
        verdict.equals("no effect shown") && campaign.minimumDetectable() != null
            ? "could show from " + numbers.points(campaign.minimumDetectable()).substring(1)
            : "");
  }

  private static Html interval(Campaign campaign, double widest, Numbers numbers) {
    double low = place(campaign.lift().low(), widest);
    double high = place(campaign.lift().high(), widest);
    return Html.of(
        "<span class=\"interval\"><i class=\"zero\"></i><i class=\"range\""
            + " style=\"left:{}%;width:{}%\"></i><i class=\"dot\" style=\"left:{}%\"></i></span>"
            + "<small>{} to {}</small>",
        low,
        high - low,
        place(campaign.lift().rate(), widest),
        numbers.signed(100 * campaign.lift().low(), 1),
        numbers.signed(100 * campaign.lift().high(), 1));
  }

  /** In percent of the width, with zero in the middle. */
  private static double place(double points, double widest) {
    return widest == 0 ? 50 : Math.round(10 * (50 + 48 * points / widest)) / 10.0;
  }
}
