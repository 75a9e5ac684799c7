package io.perennial.report;

import io.perennial.report.ReportModel.Audience;
import io.perennial.report.ReportModel.Band;
import io.perennial.report.ReportModel.CurvePoint;
import io.perennial.report.ReportModel.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What to do about what happened, in sentences. */
final class Advice {

  private Advice() {}

  static List<String> of(ReportModel model, NumberFormats numbers) {
    List<String> said = new ArrayList<>();
    writeInTime(model, numbers).ifPresent(said::add);
    save(model, numbers).ifPresent(said::add);
    bySegment(model, numbers).forEach(said::add);
    audiences(model.audiences(), numbers).ifPresent(said::add);
    records(model, numbers).ifPresent(said::add);
    if (said.isEmpty()) {
      said.add("Nothing yet: this shop needs more history before figures suggest anything.");
    }
    return said;
  }

  private static Optional<String> writeInTime(ReportModel model, NumberFormats numbers) {
    List<CurvePoint> curve = Insights.second(model);
    if (curve.isEmpty()) {
      return Optional.empty();
    }
    int end = Math.min(Insights.YEAR, curve.get(curve.size() - 1).day());
    double reached = NextOrder.at(curve, end);
    if (reached <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "Ask for the second order early: of those who place it within %d days, half do so by day %d and three quarters by day %d."
            .formatted(
                end, NextOrder.dayOf(curve, reached / 2), NextOrder.dayOf(curve, reached * 3 / 4)));
  }

  private static Optional<String> save(ReportModel model, NumberFormats numbers) {
    List<Band> bands =
        model.churn().bands().stream()
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
  private static List<String> bySegment(ReportModel model, NumberFormats numbers) {
    List<String> said = new ArrayList<>();
    List<Segment> segments =
        model.segments().now().stream()
            .filter(s -> s.customers() > 0 && !s.advice().isEmpty())
            .toList();
    segments.stream()
        .findFirst()
        .ifPresent(
            s ->
                said.add(
                    "%s hold most of the money (%s, %s): %s"
                        .formatted(
                            s.name(),
                            numbers.customers(s.customers()),
                            numbers.money(s.net()),
                            s.advice())));
    segments.stream()
        .skip(1)
        .max(Comparator.comparingLong(Insights::growth).thenComparing(Segment::name))
        .filter(s -> Insights.growth(s) > 0)
        .ifPresent(
            s ->
                said.add(
                    "%s grew most, by %s: %s"
                        .formatted(s.name(), numbers.customers(Insights.growth(s)), s.advice())));
    return said;
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

  private static Optional<String> records(ReportModel model, NumberFormats numbers) {
    return model.health().rejects().stream()
        .findFirst()
        .filter(r -> model.health().files().records() > 0)
        .map(
            r ->
                "Have the data repaired: %s of %s records were rejected, most often because %s."
                    .formatted(
                        numbers.count(model.health().files().rejected()),
                        numbers.count(model.health().files().records()),
                        r.reason()));
  }
}
