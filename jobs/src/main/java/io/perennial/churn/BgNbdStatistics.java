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
 * What the BG/NBD likelihood needs to know of all customers of an origin: how many have each (x,
 * t_x, T), in whole days. Sorted, so that sums over it are the same for any partitioning.
 */
final class BgNbdStatistics {

  /** Rows brought to the driver at most, over all origins: some 50 MB. */
  static final int MOST_GROUPS = 400_000;

  private static final int[] WIDTHS = {1, 7, 28, 112, 448};

  /**
   * @param x repeat orders: purchase days - 1
   * @param recencyDays t_x, days from first to last order
   * @param ageDays T, days from first order to the last observed day
   * @param customers how many have these
   */
  record Group(int x, int recencyDays, int ageDays, long customers) {

    Group {
      if (x < 0 || recencyDays < 0 || ageDays < recencyDays || customers <= 0) {
        throw new IllegalArgumentException(
            "Cannot use a history of x %d, t_x %d, T %d of %d customers: 0 <= t_x <= T wanted"
                .formatted(x, recencyDays, ageDays, customers));
      }
    }
  }

  private final List<Group> groups;
  private final long customers;

  private BgNbdStatistics(List<Group> groups) {
    List<Group> sorted = new ArrayList<>(groups);
    sorted.sort(
        Comparator.comparingInt(Group::x)
            .thenComparingInt(Group::recencyDays)
            .thenComparingInt(Group::ageDays));
    this.groups = List.copyOf(sorted);
    this.customers = groups.stream().mapToLong(Group::customers).sum();
  }

  static BgNbdStatistics of(List<Group> groups) {
    return new BgNbdStatistics(groups);
  }

  List<Group> groups() {
    return groups;
  }

  long customers() {
    return customers;
  }

  /**
   * One row per origin and history: origin, x, recency_days, age_days, customers.
   *
   * @param histories one row per origin and customer with a purchase day before it
   * @param origin DATE: the first day not observed
   * @param firstDay DATE of the first purchase day
   * @param lastDay DATE of the last purchase day before the origin
   * @param purchaseDays distinct purchase days before the origin, at least 1
   */
  static Dataset<Row> group(
      Dataset<Row> histories, Column origin, Column firstDay, Column lastDay, Column purchaseDays) {
    return histories
        .groupBy(
            origin.as("origin"),
            purchaseDays.minus(1).cast("int").as("x"),
            datediff(lastDay, firstDay).as("recency_days"),
            datediff(date_sub(origin, 1), firstDay).as("age_days"))
        .agg(count(lit(1)).as("customers"));
  }

  /**
   * Brings the groups to the driver. Where there are more than {@link #MOST_GROUPS}, t_x and T are
   * rounded to weeks first, and to wider steps until they fit: rounding is to the nearest, which
   * moves the maximum far less than its standard error at such numbers of customers.
   *
   * @param groups what {@link #group} gives
   */
  static SortedMap<LocalDate, BgNbdStatistics> collect(Dataset<Row> groups) {
    return collect(groups, MOST_GROUPS);
  }

  static SortedMap<LocalDate, BgNbdStatistics> collect(Dataset<Row> groups, int most) {
    for (int width : WIDTHS) {
      List<Row> rows = rounded(groups, width).limit(most + 1).collectAsList();
      if (rows.size() <= most) {
        return byOrigin(rows);
      }
    }
    throw new IllegalStateException(
        "Cannot fit BG/NBD: histories have more than %d different (x, t_x, T) in steps of %d days"
            .formatted(most, WIDTHS[WIDTHS.length - 1]));
  }

  private static Dataset<Row> rounded(Dataset<Row> groups, int width) {
    if (width == 1) {
      return groups;
    }
    return groups
        .groupBy(
            col("origin"),
            col("x"),
            nearest(col("recency_days"), width).as("recency_days"),
            nearest(col("age_days"), width).as("age_days"))
        .agg(sum(col("customers")).as("customers"));
  }

  private static Column nearest(Column days, int width) {
    return days.plus(width / 2).minus(days.plus(width / 2).mod(width));
  }

  private static SortedMap<LocalDate, BgNbdStatistics> byOrigin(List<Row> rows) {
    SortedMap<LocalDate, List<Group>> groups = new TreeMap<>();
    for (Row row : rows) {
      groups
          .computeIfAbsent(row.getDate(0).toLocalDate(), origin -> new ArrayList<>())
          .add(new Group(row.getInt(1), row.getInt(2), row.getInt(3), row.getLong(4)));
    }
    SortedMap<LocalDate, BgNbdStatistics> statistics = new TreeMap<>();
    groups.forEach((origin, list) -> statistics.put(origin, of(list)));
    return statistics;
  }
}
