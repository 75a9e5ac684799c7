package io.perennial.churn;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** The origins with enough data to train or to test on. */
final class UsableOrigins {

  private UsableOrigins() {}

  /**
   * The origins from the newest known outcome back to the first one without enough customers or
   * without both outcomes, newest first.
   */
  static List<LocalDate> of(
      RollingOrigins origins, SortedMap<LocalDate, OriginStatistics> statistics, int minCustomers) {
    List<LocalDate> usable = new ArrayList<>();
    for (int k = 1; ; k++) {
      OriginStatistics of = statistics.get(origins.number(k));
      if (of == null || of.customers() < minCustomers || !of.hasBothOutcomes()) {
        return usable;
      }
      usable.add(origins.number(k));
    }
  }

  /** Why fewer than two origins are usable, in words. */
  static String shortage(
      RollingOrigins origins, SortedMap<LocalDate, OriginStatistics> statistics, int minCustomers) {
    int usable = of(origins, statistics, minCustomers).size();
    LocalDate origin = origins.number(usable + 1);
    return "no model: training and testing take two complete windows of "
        + origins.horizonDays()
        + " days (churn.horizon) before as_of "
        + origins.asOf()
        + ", and "
        + (usable == 0 ? "the newest" : "the second newest")
        + ", from "
        + origin
        + ", cannot be used: "
        + fault(statistics.get(origin), minCustomers);
  }

  private static String fault(OriginStatistics of, int minCustomers) {
    if (of == null) {
      return "nobody had ordered before it within churn.lookback";
    }
    if (of.customers() < minCustomers) {
      return "it has %,d customers (churn.min-customers = %d)"
          .formatted(of.customers(), minCustomers);
    }
    return (of.churned() == 0 ? "all of its %,d customers" : "none of its %,d customers")
            .formatted(of.customers())
        + " ordered again";
  }
}
