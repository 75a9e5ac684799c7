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
final class GammaGammaStatistics {

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

  private final List<Group> groups;
  private final long excluded;

  private GammaGammaStatistics(List<Group> groups, long excluded) {
    this.groups =
        groups.stream()
            .sorted(Comparator.comparingInt(Group::x).thenComparingLong(Group::totalMinor))
            .toList();
    this.excluded = excluded;
  }

  /**
   * @param excluded customers with orders but no positive value
   */
  static GammaGammaStatistics of(List<Group> groups, long excluded) {
    return new GammaGammaStatistics(groups, excluded);
  }

  List<Group> groups() {
    return groups;
  }

  /** Customers that the model is fitted on. */
  long customers() {
    return groups.stream().mapToLong(Group::customers).sum();
  }

  /** Customers with orders but without a positive value, which the model cannot describe. */
  long excluded() {
    return excluded;
  }

  /**
   * One row per origin, number of orders and total value, with the number of customers; a total
   * that is not positive is 0.
   *
   * @param histories one row per origin and customer
   * @param origin DATE
   * @param x orders that are valued; customers with none are left out
   * @param totalMinor BIGINT, their total value in minor units
   */
  static Dataset<Row> group(Dataset<Row> histories, Column origin, Column x, Column totalMinor) {
    return histories
        .where(x.gt(0))
        .groupBy(
            origin.as(History.ORIGIN.name()),
            x.cast("int").as(X.name()),
            greatest(totalMinor, lit(0L)).as(TOTAL_MINOR.name()))
        .agg(count(lit(1)).as(CUSTOMERS.name()));
  }

  /**
   * Collects the groups by origin. Above {@link #MAX_GROUPS}, totals are rounded to a thousandth of
   * their size, then to wider steps until the groups fit. Even a hundredth is far below the spread
   * of order values.
   *
   * @param groups rows of {@link #group}
   * @throws IllegalStateException if even the widest step leaves too many groups
   */
  static SortedMap<LocalDate, GammaGammaStatistics> collect(Dataset<Row> groups) {
    return collect(groups, MAX_GROUPS);
  }

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
    Column total = TOTAL_MINOR.col();
    Column step = floor(log(total).multiply(steps)).plus(0.5).divide(steps);
    return groups
        .groupBy(
            History.ORIGIN.col(),
            X.col(),
            when(total.gt(0), greatest(exp(step).cast("bigint"), lit(1L)))
                .otherwise(0L)
                .as(TOTAL_MINOR.name()))
        .agg(sum(CUSTOMERS.col()).as(CUSTOMERS.name()));
  }

  private static SortedMap<LocalDate, GammaGammaStatistics> byOrigin(List<Row> rows) {
    SortedMap<LocalDate, List<Group>> groups = new TreeMap<>();
    SortedMap<LocalDate, Long> excluded = new TreeMap<>();
    for (Row row : rows) {
      LocalDate origin = row.getDate(0).toLocalDate();
      List<Group> list = groups.computeIfAbsent(origin, key -> new ArrayList<>());
      if (row.getLong(2) > 0) {
        list.add(new Group(row.getInt(1), row.getLong(2), row.getLong(3)));
      } else {
        excluded.merge(origin, row.getLong(3), Long::sum);
      }
    }
    SortedMap<LocalDate, GammaGammaStatistics> statistics = new TreeMap<>();
    groups.forEach(
        (origin, list) -> statistics.put(origin, of(list, excluded.getOrDefault(origin, 0L))));
    return statistics;
  }
}
