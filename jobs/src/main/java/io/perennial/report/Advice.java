package io.perennial.report;

import io.perennial.ingest.IngestedFilesTable;
import io.perennial.report.AudienceFigures.Audience;
import io.perennial.report.ChurnFigures.Band;
import io.perennial.report.CohortFigures.CurvePoint;
import io.perennial.report.SegmentFigures.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What to do about what happened, in sentences. */
final class Advice {

  private Advice() {}

  static List<String> of(ReportModel model, NumberFormats numbers) {
    List<String> sentences = new ArrayList<>();
    secondOrder(model.get(CohortFigures.class)).ifPresent(sentences::add);
    valueAtRisk(model.get(ChurnFigures.class), numbers).ifPresent(sentences::add);
    bySegment(model.get(SegmentFigures.class), numbers).forEach(sentences::add);
    audiences(model.get(AudienceFigures.class).audiences(), numbers).ifPresent(sentences::add);
    records(model.get(HealthFigures.class), numbers).ifPresent(sentences::add);
    if (sentences.isEmpty()) {
      sentences.add("Nothing yet: this shop needs more history before figures suggest anything.");
    }
    return sentences;
  }

  private static Optional<String> secondOrder(CohortFigures cohorts) {
    List<CurvePoint> curve = RepurchaseCurves.ofSecondOrder(cohorts.repurchase());
    if (curve.isEmpty()) {
      return Optional.empty();
    }
    int end = Math.min(Insights.YEAR, curve.get(curve.size() - 1).day());
    double reached = RepurchaseCurves.at(curve, end);
    if (reached <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "Ask for the second order early: of those who place it within %d days, half do so by day %d and three quarters by day %d."
            .formatted(
                end,
                RepurchaseCurves.dayOf(curve, reached / 2),
                RepurchaseCurves.dayOf(curve, reached * 3 / 4)));
  }

  private static Optional<String> valueAtRisk(ChurnFigures churn, NumberFormats numbers) {
    List<Band> bands =
        churn.bands().stream()
            .filter(b -> b.valueAtRisk() != null && b.valueAtRisk().signum() > 0)
            .sorted(Comparator.comparingDouble(Advice::perCustomer).reversed())
            .toList();
    return bands.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Write first to the customers with most value at risk, not to the likeliest leavers: a customer has at risk %s on average."
                .formatted(
                    bands.stream()
                        .map(
                            b ->
                                numbers.money(perCustomer(b))
                                    + " in the band of "
                                    + b.name()
                                    + " risk")
                        .collect(Collectors.joining(", "))));
  }

  private static double perCustomer(Band band) {
    return band.valueAtRisk().doubleValue() / band.customers();
  }

  /** The segment with most net, and the one that grew most, each with its scheme's advice. */
  private static List<String> bySegment(SegmentFigures segments, NumberFormats numbers) {
    List<String> sentences = new ArrayList<>();
    List<Segment> advised =
        segments.now().stream().filter(s -> s.customers() > 0 && !s.advice().isEmpty()).toList();
    advised.stream()
        .findFirst()
        .ifPresent(
            s ->
                sentences.add(
                    "%s hold most of the money (%s, %s): %s"
                        .formatted(
                            s.name(),
                            numbers.customers(s.customers()),
                            numbers.money(s.net()),
                            s.advice())));
    advised.stream()
        .skip(1)
        .max(Comparator.comparingLong(Segment::growth).thenComparing(Segment::name))
        .filter(s -> s.growth() > 0)
        .ifPresent(
            s ->
                sentences.add(
                    "%s grew most, by %s: %s"
                        .formatted(s.name(), numbers.customers(s.growth()), s.advice())));
    return sentences;
  }

  private static Optional<String> audiences(List<Audience> audiences, NumberFormats numbers) {
    return audiences.stream()
        .filter(a -> a.target() > 0)
        .max(Comparator.comparingLong(Audience::target).thenComparing(Audience::name))
        .map(
            a ->
                "Audiences ready: %s; the largest, %s, has %s to contact%s."
                    .formatted(
                        numbers.count(audiences.size()),
                        a.name(),
                        numbers.customers(a.target()),
                        a.control() > 0
                            ? " and a control group of " + numbers.count(a.control())
                            : " and no control group: its effect will not be known"));
  }

  private static Optional<String> records(HealthFigures health, NumberFormats numbers) {
    return health.rejects().stream()
        .findFirst()
        .filter(r -> health.files().records() > 0)
        .map(
            r ->
                "Have the data repaired: %s of %s records were rejected, most often because %s."
                    .formatted(
                        numbers.count(health.files().count(IngestedFilesTable.REJECTED)),
                        numbers.count(health.files().records()),
                        r.reason()));
  }
}
