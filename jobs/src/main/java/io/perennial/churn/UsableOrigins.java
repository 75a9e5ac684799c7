package io.perennial.churn;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Which origins there is something to learn from or to test on. */
final class UsableOrigins {

  private UsableOrigins() {}

  /** Origins without a gap, newest first, that have enough customers and both outcomes. */
  static List<LocalDate> of(
      RollingOrigins grid, SortedMap<LocalDate, OriginStatistics> statistics, int minCustomers) {
    List<LocalDate> usable = new ArrayList<>();
    for (int k = 1; ; k++) {
      OriginStatistics of = statistics.get(grid.number(k));
      if (of == null || of.customers() < minCustomers || !of.hasBothOutcomes()) {
        return usable;
      }
      usable.add(grid.number(k));
    }
  }

  /** Why there are less than two of them, in words. */
  static String tooFew(
      RollingOrigins grid, SortedMap<LocalDate, OriginStatistics> statistics, int minCustomers) {
    int usable = of(grid, statistics, minCustomers).size();
    LocalDate origin = grid.number(usable + 1);
    return "no model: training and testing take two complete windows of "
        + grid.horizonDays()
        + " days (churn.horizon) before as_of "
        + grid.asOf()
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
