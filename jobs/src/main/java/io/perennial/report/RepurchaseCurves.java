package io.perennial.report;

import io.perennial.report.CohortFigures.CurvePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads curves of the time to the next order. */
final class RepurchaseCurves {

  /** Least customers observed: among fewer, one order moves the curve by over three points. */
  static final int MIN_CUSTOMERS = 30;

  private static final int POINTS = 120;

  private RepurchaseCurves() {}

  /**
   * Curves by order number, up to the day on which {@link #MIN_CUSTOMERS} customers are observed.
   */
  static Map<Integer, List<CurvePoint>> known(List<CurvePoint> points) {
    Map<Integer, List<CurvePoint>> curves =
        points.stream()
            .filter(point -> point.atRisk() >= MIN_CUSTOMERS)
            .collect(
                Collectors.groupingBy(CurvePoint::orderNumber, TreeMap::new, Collectors.toList()));
    curves.values().removeIf(curve -> curve.size() < 2);
    return curves;
  }

  static List<CurvePoint> ofSecondOrder(List<CurvePoint> points) {
    return known(points).getOrDefault(2, List.of());
  }

  /** Probability of the order by the end of a day; null beyond the curve's end. */
  static Double at(List<CurvePoint> curve, int day) {
    if (curve.isEmpty() || curve.get(curve.size() - 1).day() < day) {
      return null;
    }
    double probability = 0;
    for (CurvePoint point : curve) {
      if (point.day() <= day) {
        probability = point.probability();
      }
    }
    return probability;
  }

  /** The first day on which a probability is reached; the last day if none. */
  static int dayOf(List<CurvePoint> curve, double probability) {
    return curve.stream()
        .filter(point -> point.probability() >= probability)
        .mapToInt(CurvePoint::day)
        .findFirst()
        .orElse(curve.get(curve.size() - 1).day());
  }

  /** About {@value #POINTS} points of a curve, among them its first and its last. */
  static List<CurvePoint> thinned(List<CurvePoint> curve) {
    int step = Math.max(1, curve.size() / POINTS);
    List<CurvePoint> points = new ArrayList<>();
    for (int i = 0; i < curve.size(); i += step) {
      points.add(curve.get(i));
    }
    CurvePoint last = curve.get(curve.size() - 1);
    if (!points.get(points.size() - 1).equals(last)) {
      points.add(last);
    }
    return points;
  }

  static String ordinal(int number) {
    return switch (number) {
      case 2 -> "2nd";
      case 3 -> "3rd";
      default -> number + "th";
    };
  }
}
