package io.perennial.report;

import io.perennial.report.CampaignFigures.Campaign;
import io.perennial.report.ChurnFigures.Backtest;
import io.perennial.report.ChurnFigures.Band;
import io.perennial.report.CohortFigures.CurvePoint;
import io.perennial.report.RetentionFigures.Month;
import io.perennial.report.SegmentFigures.Segment;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What happened, in sentences. */
final class Insights {

  /** Days; most customers who order again do so within a year. */
  static final int YEAR = 365;

  private static final int DECILES = 10;
  private static final int RISKIEST = 3;

  private Insights() {}

  static List<String> happened(ReportModel model, NumberFormats numbers) {
    List<String> sentences = new ArrayList<>();
    RetentionFigures retention = model.get(RetentionFigures.class);
    Optional<Month> newest = retention.newestComplete();
    if (newest.isEmpty()) {
      sentences.add(
          "No month is complete as of "
              + NumberFormats.day(model.about().asOf())
              + " yet: there is little to say before one is.");
    }
    newest.ifPresent(
        month -> {
          sentences.add(stayed(month, retention, numbers));
          sentences.add(net(month, retention, numbers));
        });
    secondOrder(model.get(CohortFigures.class), numbers).ifPresent(sentences::add);
    moved(model.get(SegmentFigures.class), numbers).ifPresent(sentences::add);
    atRisk(model.get(ChurnFigures.class), numbers).ifPresent(sentences::add);
    model.get(CampaignFigures.class).campaigns().stream()
        .filter(Campaign::hasInterval)
        .findFirst()
        .map(c -> campaign(c, numbers))
        .ifPresent(sentences::add);
    return sentences;
  }

  /** The result of the newest test window, in a sentence without AUC. */
  static String quality(List<Backtest> window, NumberFormats numbers) {
    Optional<Backtest> model = window.stream().filter(Backtest::isModel).findFirst();
    Optional<Backtest> recency =
        window.stream().filter(b -> b.kind().equals("recency_only")).findFirst();
    if (model.isEmpty() || recency.isEmpty()) {
      return "There is no test of a model beside its baselines.";
    }
    double better = 1 - model.get().logLoss() / recency.get().logLoss();
    return "In the window from %s, which training had not seen, the model was %s %s than a rule that knows only when the last order was (log loss %s against %s), and its probabilities were off by %s points on average.%s"
        .formatted(
            NumberFormats.day(model.get().origin()),
            numbers.percent(Math.abs(better)),
            better >= 0 ? "better" : "WORSE",
            numbers.number(model.get().logLoss(), 3),
            numbers.number(recency.get().logLoss(), 3),
            numbers.number(100 * model.get().calibrationError(), 1),
            reach(model.get(), numbers));
  }

  private static String stayed(Month month, RetentionFigures retention, NumberFormats numbers) {
    if (month.retention() == null) {
      return "In %s %s customers were new; a retention rate needs more months before it."
          .formatted(NumberFormats.month(month.month()), numbers.count(month.acquired()));
    }
    String compared =
        retention
            .before(month)
            .filter(b -> b.retention() != null)
            .map(b -> " (" + numbers.percent(b.retention()) + " the month before)")
            .orElse("");
    return "In %s %s of the active customers stayed%s: %s left, %s came back and %s were new, so that %s are active now."
        .formatted(
            NumberFormats.month(month.month()),
            numbers.percent(month.retention()),
            compared,
            numbers.count(month.lost()),
            numbers.count(month.reactivated()),
            numbers.count(month.acquired()),
            numbers.count(month.end()));
  }

  private static String net(Month month, RetentionFigures retention, NumberFormats numbers) {
    LocalDate lastYear = month.month().minusYears(1);
    List<String> compared = new ArrayList<>();
    retention
        .before(month)
        .filter(b -> b.net().signum() > 0)
        .ifPresent(b -> compared.add(changed(month, b, numbers) + " on the month before"));
    retention.months().stream()
        .filter(m -> m.month().equals(lastYear) && m.net().signum() > 0)
        .forEach(
            m ->
                compared.add(changed(month, m, numbers) + " on " + NumberFormats.month(m.month())));
    String share =
        month.net().signum() <= 0
            ? ""
            : "; returning customers brought "
                + numbers.percent(month.netReturning().doubleValue() / month.net().doubleValue(), 0)
                + " of it";
    return "Net revenue of the month was %s%s%s."
        .formatted(
            numbers.money(month.net()),
            compared.isEmpty() ? "" : ", " + String.join(" and ", compared),
            share);
  }

  private static String changed(Month now, Month was, NumberFormats numbers) {
    return numbers.change(now.net().doubleValue(), was.net().doubleValue());
  }

  private static Optional<String> secondOrder(CohortFigures cohorts, NumberFormats numbers) {
    List<CurvePoint> curve = RepurchaseCurves.ofSecondOrder(cohorts.repurchase());
    Double by90 = RepurchaseCurves.at(curve, 90);
    return Optional.ofNullable(by90)
        .map(
            share ->
                "Of new customers %s order again within 90 days%s."
                    .formatted(
                        numbers.percent(share),
                        Optional.ofNullable(RepurchaseCurves.at(curve, YEAR))
                            .map(year -> ", " + numbers.percent(year) + " within a year")
                            .orElse("")));
  }

  private static Optional<String> moved(SegmentFigures segments, NumberFormats numbers) {
    return segments.isFirstSnapshot()
        ? Optional.empty()
        : segments.now().stream()
            .max(
                Comparator.comparingLong((Segment s) -> Math.abs(s.growth()))
                    .thenComparing(Segment::name))
            .filter(s -> s.growth() != 0)
            .map(
                s ->
                    "The segment %s %s by %s since %s and has %s now."
                        .formatted(
                            s.name(),
                            s.growth() > 0 ? "grew" : "shrank",
                            numbers.customers(Math.abs(s.growth())),
                            NumberFormats.day(segments.previousAsOf()),
                            numbers.count(s.customers())));
  }

  private static Optional<String> atRisk(ChurnFigures churn, NumberFormats numbers) {
    List<Band> bands = churn.bands().stream().filter(b -> b.valueAtRisk() != null).toList();
    if (bands.isEmpty()) {
      return Optional.empty();
    }
    BigDecimal all = bands.stream().map(Band::valueAtRisk).reduce(BigDecimal.ZERO, BigDecimal::add);
    long customers = bands.stream().mapToLong(Band::customers).sum();
    return Optional.of(
        "%s ordered recently enough to be scored; %s of net is at risk with them in the next %s days."
            .formatted(
                numbers.customers(customers),
                numbers.money(all),
                churn.horizonDays() == null ? "" : churn.horizonDays()));
  }

  private static String campaign(Campaign campaign, NumberFormats numbers) {
    return "The campaign %s %s: orders within its window, target against control group, %s (95 %% interval %s to %s)."
        .formatted(
            campaign.experiment(),
            switch (campaign.effect()) {
              case POSITIVE -> "worked";
              case NEGATIVE -> "did harm";
              default -> "showed no effect";
            },
            numbers.points(campaign.lift()),
            numbers.signed(100 * campaign.low(), 1),
            numbers.signed(100 * campaign.high(), 1));
  }

  private static String reach(Backtest model, NumberFormats numbers) {
    List<Double> lift = model.decileLift();
    return lift.size() != DECILES
        ? ""
        : " The riskiest three tenths of the customers were %s of those who left."
            .formatted(
                numbers.percent(
                    lift.stream().limit(RISKIEST).mapToDouble(Double::doubleValue).sum() / DECILES,
                    0));
  }
}
