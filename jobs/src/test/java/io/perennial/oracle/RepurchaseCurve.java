package io.perennial.oracle;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table {@code repurchase_curve}: Kaplan-Meier on the days from one order to the next. */
public final class RepurchaseCurve {

  /** One day on which somebody ordered or was last seen. */
  public record Point(
      LocalDate asOf,
      int orderNumber,
      long day,
      long atRisk,
      long ordered,
      long censored,
      double probability) {}

  private record Duration(long days, boolean isOrdered) {}

  private RepurchaseCurve() {}

  static List<Point> of(AsOfView known, OracleSettings settings) {
    List<Point> points = new ArrayList<>();
    for (int number = 2; number <= settings.maxOrderNumber(); number++) {
      List<Duration> durations = new ArrayList<>();
      for (Customer customer : known.customers().values()) {
        List<LocalDate> orderDays = orderDays(customer, known);
        if (orderDays.size() >= number - 1) {
          LocalDate previous = orderDays.get(number - 2);
          boolean isOrdered = orderDays.size() >= number;
          LocalDate until = isOrdered ? orderDays.get(number - 1) : known.asOf().minusDays(1);
          durations.add(new Duration(ChronoUnit.DAYS.between(previous, until), isOrdered));
        }
      }
      points.addAll(curve(number, durations, known.asOf()));
    }
    return points;
  }

  /** The day of each valid order; several on one day are that day several times. */
  private static List<LocalDate> orderDays(Customer customer, AsOfView known) {
    List<LocalDate> orderDays = new ArrayList<>();
    for (CustomerDay day : known.days(customer)) {
      for (long order = 0; order < day.orders(); order++) {
        orderDays.add(day.day());
      }
    }
    orderDays.sort(LocalDate::compareTo);
    return orderDays;
  }

  private static List<Point> curve(int number, List<Duration> durations, LocalDate asOf) {
    Map<Long, List<Duration>> byDay = new TreeMap<>();
    durations.forEach(d -> byDay.computeIfAbsent(d.days(), day -> new ArrayList<>()).add(d));
    List<Point> points = new ArrayList<>();
    double survival = 1;
    long atRisk = durations.size();
    for (Map.Entry<Long, List<Duration>> entry : byDay.entrySet()) {
      long ordered = entry.getValue().stream().filter(Duration::isOrdered).count();
      long censored = entry.getValue().size() - ordered;
      survival *= 1 - (double) ordered / atRisk;
      points.add(new Point(asOf, number, entry.getKey(), atRisk, ordered, censored, 1 - survival));
      atRisk -= entry.getValue().size();
    }
    return points;
  }
}
