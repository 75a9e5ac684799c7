package io.perennial.report;

import io.perennial.report.Cohorts.CurvePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads curves of the time to the next order. */
final class RepurchaseCurves {

  /** Where fewer customers are observed, one order moves the curve by more than three points. */
  static final int FEW = 30;

  private static final int POINTS = 120;

  private RepurchaseCurves() {}

  /** The curves by order number, as far as enough customers are observed. */
  static Map<Integer, List<CurvePoint>> known(List<CurvePoint> points) {
    Map<Integer, List<CurvePoint>> curves =
        points.stream()
            .filter(point -> point.atRisk() >= FEW)
            .collect(
                Collectors.groupingBy(CurvePoint::orderNumber, TreeMap::new, Collectors.toList()));
    curves.values().removeIf(curve -> curve.size() < 2);
    return curves;
  }

  static List<CurvePoint> ofSecondOrder(List<CurvePoint> points) {
    return known(points).getOrDefault(2, List.of());
  }

  /** The probability by the end of a day, or null where nobody is observed so long. */
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

  /** The first day by which a share of a curve's end is reached. */
  static int dayOf(List<CurvePoint> curve, double probability) {
    return curve.stream()
        .filter(point -> point.probability() >= probability)
        .mapToInt(CurvePoint::day)
        .findFirst()
        .orElse(curve.get(curve.size() - 1).day());
  }

  /** As many points as a chart can show; a curve's first and last stay. */
  static List<CurvePoint> thinned(List<CurvePoint> curve) {
    int step = Math.max(1, curve.size() / POINTS);
    List<CurvePoint> points = new ArrayList<>();
    for (int i = 0; i < curve.size(); i += step) {
      points.add(curve.get(i));
    }
    CurvePoint last = curve.get(curve.size() - 1);
    if (points.get(points.size() - 1) != last) {
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
