package io.perennial.report;

import io.perennial.report.CampaignFigures.Campaign;
import java.util.List;

/** What the last campaigns changed, against their control groups. */
final class CampaignSection {

  private CampaignSection() {}

  static Html render(ReportModel model, NumberFormats numbers) {
    List<Campaign> campaigns = model.get(CampaignFigures.class).campaigns();
    return campaigns.isEmpty()
        ? Blocks.nothing(
            "No campaign has been measured yet: send an audience that has a control group, and"
                + " run `perennial lift` when its window is over.")
        : table(campaigns, numbers);
  }

  private static String verdict(Campaign campaign) {
    return switch (campaign.effect()) {
      case POSITIVE -> "worked";
      case NEGATIVE -> "did harm";
      case NOT_SHOWN -> "no effect shown";
      case UNKNOWN -> "not known";
    };
  }

  private static Html table(List<Campaign> campaigns, NumberFormats numbers) {
    double widest =
        campaigns.stream()
            .filter(Campaign::hasInterval)
            .mapToDouble(c -> Math.max(Math.abs(c.low()), Math.abs(c.high())))
            .max()
            .orElse(1);
    String caption = "Lift of the last campaigns";
    return Blocks.block(
        caption,
        "Share of the target that ordered within the window, less that of the control group, by"
            + " intent to treat, with its 95 % interval; an interval across 0 shows no effect."
            + " Found from: the least lift that groups of this size show four times in five"
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
            campaigns,
            c ->
                List.of(
                    Html.of("{}<small>{}</small>", c.experiment(), c.verdict()),
                    NumberFormats.day(c.sentAsOf()),
                    c.windowDays(),
                    numbers.percent(c.targetRate()) + " of " + numbers.count(c.target()),
                    numbers.percent(c.controlRate()) + " of " + numbers.count(c.control()),
                    lift(c, numbers),
                    interval(c, widest, numbers),
                    numbers.wholeMoney(c.incrementalNet()),
                    Html.of("<b class=\"whole\">{}</b>", verdict(c)))));
  }

  private static Html lift(Campaign campaign, NumberFormats numbers) {
    return Html.of(
        "{}<small>{}</small>",
        campaign.lift() == null ? NumberFormats.NOTHING : numbers.points(campaign.lift()),
        campaign.minimumDetectable() == null
            ? ""
            : "found from " + numbers.number(100 * campaign.minimumDetectable(), 1) + " points on");
  }

  private static Html interval(Campaign campaign, double widest, NumberFormats numbers) {
    if (!campaign.hasInterval()) {
      return Html.text(NumberFormats.NOTHING);
    }
    double low = position(campaign.low(), widest);
    double high = position(campaign.high(), widest);
    return Html.of(
        "<span class=\"interval\"><i class=\"zero\"></i><i class=\"range\""
            + " style=\"left:{}%;width:{}%\"></i><i class=\"dot\" style=\"left:{}%\"></i></span>"
            + "<small>{} to {}</small>",
        low,
        high - low,
        position(campaign.lift(), widest),
        numbers.signed(100 * campaign.low(), 1),
        numbers.signed(100 * campaign.high(), 1));
  }

  /** Position in percent of the width, with zero in the middle. */
  private static double position(double points, double widest) {
    return widest == 0 ? 50 : Math.round(10 * (50 + 48 * points / widest)) / 10.0;
  }
}
