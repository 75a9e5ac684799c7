package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

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
 * What the Gamma-Gamma likelihood needs to know of all customers of an origin: how many have each
 * number of orders and total value. Sorted, so that sums over it are the same for any partitioning.
 */
final class GammaGammaStatistics {

  /** Rows brought to the driver at most, over all origins. */
  static final int MOST_GROUPS = 100_000;

  /** Steps per factor e that totals are rounded to, if there are too many; 0 is not at all. */
  private static final int[] STEPS = {0, 1_000, 100, 10, 1};

  /**
   * @param x orders, at least 1
   * @param totalMinor their total value in minor units of the currency, positive
   * @param customers how many have these
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
   * One row per origin, number of orders and total value: origin, x, total_minor, customers; the
   * total is 0 for whoever has no positive value.
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
            origin.as("origin"),
            x.cast("int").as("x"),
            greatest(totalMinor, lit(0L)).as("total_minor"))
        .agg(count(lit(1)).as("customers"));
  }

  /**
   * Brings the groups to the driver. Where there are more than {@link #MOST_GROUPS}, totals are
   * rounded to a thousandth of their size first, and to wider steps until they fit: against what
   * order values differ by, even a hundredth is nothing.
   *
   * @param groups what {@link #group} gives
   */
  static SortedMap<LocalDate, GammaGammaStatistics> collect(Dataset<Row> groups) {
    return collect(groups, MOST_GROUPS);
  }

  static SortedMap<LocalDate, GammaGammaStatistics> collect(Dataset<Row> groups, int most) {
    for (int steps : STEPS) {
      List<Row> rows = rounded(groups, steps).limit(most + 1).collectAsList();
      if (rows.size() <= most) {
        return byOrigin(rows);
      }
    }
    throw new IllegalStateException(
        "Cannot fit Gamma-Gamma: there are more than %d different numbers and sizes of orders"
            .formatted(most));
  }

  private static Dataset<Row> rounded(Dataset<Row> groups, int steps) {
    if (steps == 0) {
      return groups;
    }
    Column total = col("total_minor");
    Column step = floor(log(total).multiply(steps)).plus(0.5).divide(steps);
    return groups
        .groupBy(
            col("origin"),
            col("x"),
            when(total.gt(0), greatest(exp(step).cast("bigint"), lit(1L)))
                .otherwise(0L)
                .as("total_minor"))
        .agg(sum(col("customers")).as("customers"));
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
