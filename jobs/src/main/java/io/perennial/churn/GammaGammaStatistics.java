package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.table.Field;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The sufficient statistics of the Gamma-Gamma likelihood at one origin: the number of customers
 * with each number of orders and total value. The groups are sorted, so sums over them are the same
 * for any partitioning.
 */
record GammaGammaStatistics(List<Group> groups) {

  /** Limit of the rows that {@link #collect} brings to the driver, over all origins. */
  static final int MAX_GROUPS = 100_000;

  /** Steps per factor of e that totals are rounded to, tried in this order; 0: not rounded. */
  private static final int[] STEPS = {0, 1_000, 100, 10, 1};

  /**
   * Customers with equally many orders and an equal total.
   *
   * @param x orders, at least 1
   * @param totalMinor their total value in minor units of the currency, positive
   * @param customers number of such customers, positive
   */
  record Group(int x, long totalMinor, long customers) {

    Group {
      if (x < 1 || totalMinor < 1 || customers < 1) {
        throw new IllegalArgumentException(
            "Cannot use %d customers of %d orders worth %d: all must be positive"
                .formatted(customers, x, totalMinor));
      }
    }
  }

  private static final Field X = Field.integer("x", "Orders.");
  private static final Field TOTAL_MINOR = Field.count("total_minor", "Their value, minor units.");
  private static final Field CUSTOMERS = Field.count("customers", "Customers with these.");

  GammaGammaStatistics {
    groups =
        groups.stream()
            .sorted(Comparator.comparingInt(Group::x).thenComparingLong(Group::totalMinor))
            .toList();
  }

  long customers() {
    return groups.stream().mapToLong(Group::customers).sum();
  }

  /**
   * One row per origin, number of orders and total value, with the number of customers. The model
   * cannot describe customers without a positive value; they are left out.
   *
   * @param histories one row per origin and customer
   * @param origin DATE
   * @param x orders that are valued; customers with none are left out
   * @param totalMinor BIGINT, their total value in minor units
   */
  static Dataset<Row> group(Dataset<Row> histories, Column origin, Column x, Column totalMinor) {
    return histories
        .where(x.gt(0).and(totalMinor.gt(0)))
        .groupBy(
            origin.as(History.ORIGIN.name()),
            x.cast("int").as(X.name()),
            totalMinor.as(TOTAL_MINOR.name()))
        .agg(count(lit(1)).as(CUSTOMERS.name()));
  }

  /**
   * Collects the groups by origin. Above {@code maxGroups}, totals are rounded to a thousandth of
   * their size, then to wider steps until the groups fit. Even a hundredth is far below the spread
   * of order values.
   *
   * @param groups rows of {@link #group}
   * @param maxGroups usually {@link #MAX_GROUPS}
   * @throws IllegalStateException if even the widest step leaves too many groups
   */
  static SortedMap<LocalDate, GammaGammaStatistics> collect(Dataset<Row> groups, int maxGroups) {
    for (int steps : STEPS) {
      List<Row> rows = rounded(groups, steps).limit(maxGroups + 1).collectAsList();
      if (rows.size() <= maxGroups) {
        return byOrigin(rows);
      }
    }
    throw new IllegalStateException(
        "Cannot fit Gamma-Gamma: there are more than %d different numbers and sizes of orders"
            .formatted(maxGroups));
  }

  private static Dataset<Row> rounded(Dataset<Row> groups, int steps) {
    if (steps == 0) {
      return groups;
    }
    Column step = floor(log(TOTAL_MINOR.col()).multiply(steps)).plus(0.5).divide(steps);
    return groups
        .groupBy(
            History.ORIGIN.col(),
            X.col(),
            greatest(exp(step).cast("bigint"), lit(1L)).as(TOTAL_MINOR.name()))
        .agg(sum(CUSTOMERS.col()).as(CUSTOMERS.name()));
  }

  private static SortedMap<LocalDate, GammaGammaStatistics> byOrigin(List<Row> rows) {
    SortedMap<LocalDate, List<Group>> groups = new TreeMap<>();
    for (Row row : rows) {
      groups
          .computeIfAbsent(row.getDate(0).toLocalDate(), origin -> new ArrayList<>())
          .add(new Group(row.getInt(1), row.getLong(2), row.getLong(3)));
    }
    SortedMap<LocalDate, GammaGammaStatistics> statistics = new TreeMap<>();
    groups.forEach((origin, list) -> statistics.put(origin, new GammaGammaStatistics(list)));
    return statistics;
  }
}
