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
 * The sufficient statistics of the BG/NBD likelihood at one origin: the number of customers with
 * each (x, t_x, T), in whole days. The groups are sorted, so sums over them are the same for any
 * partitioning.
 */
record BgNbdStatistics(List<Group> groups) {

  /** Limit of the rows that {@link #collect} brings to the driver, over all origins: some 50 MB. */
  static final int MAX_GROUPS = 400_000;

  /** Widths in days that t_x and T are rounded to, tried in this order. */
  private static final int[] WIDTHS = {1, 7, 28, 112, 448};

  /**
   * Customers with equal histories.
   *
   * @param x repeat orders: purchase days - 1
   * @param recencyDays t_x, days from first to last order
   * @param ageDays T, days from first order to the last observed day
   * @param customers number of such customers, positive
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

  private static final Field X = Field.integer("x", "Repeat orders.");
  private static final Field RECENCY_DAYS = Field.integer("recency_days", "t_x in days.");
  private static final Field AGE_DAYS = Field.integer("age_days", "T in days.");
  private static final Field CUSTOMERS = Field.count("customers", "Customers with these.");

  BgNbdStatistics {
    groups =
        groups.stream()
            .sorted(
                Comparator.comparingInt(Group::x)
                    .thenComparingInt(Group::recencyDays)
                    .thenComparingInt(Group::ageDays))
            .toList();
  }

  long customers() {
    return groups.stream().mapToLong(Group::customers).sum();
  }

  /**
   * One row per origin and (x, t_x, T), with the number of customers.
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
            origin.as(History.ORIGIN.name()),
            purchaseDays.minus(1).cast("int").as(X.name()),
            datediff(lastDay, firstDay).as(RECENCY_DAYS.name()),
            datediff(date_sub(origin, 1), firstDay).as(AGE_DAYS.name()))
        .agg(count(lit(1)).as(CUSTOMERS.name()));
  }

  /**
   * Collects the groups by origin. Above {@code maxGroups}, t_x and T are rounded to the nearest
   * week, then to wider steps until the groups fit. At such numbers of customers rounding moves the
   * maximum far less than its standard error.
   *
   * @param groups rows of {@link #group}
   * @param maxGroups usually {@link #MAX_GROUPS}
   * @throws IllegalStateException if even the widest step leaves too many groups
   */
  static SortedMap<LocalDate, BgNbdStatistics> collect(Dataset<Row> groups, int maxGroups) {
    for (int width : WIDTHS) {
      List<Row> rows = rounded(groups, width).limit(maxGroups + 1).collectAsList();
      if (rows.size() <= maxGroups) {
        return byOrigin(rows);
      }
    }
    throw new IllegalStateException(
        "Cannot fit BG/NBD: histories have more than %d different (x, t_x, T) in steps of %d days"
            .formatted(maxGroups, WIDTHS[WIDTHS.length - 1]));
  }

  private static Dataset<Row> rounded(Dataset<Row> groups, int width) {
    if (width == 1) {
      return groups;
    }
    return groups
        .groupBy(
            History.ORIGIN.col(),
            X.col(),
            nearest(RECENCY_DAYS.col(), width).as(RECENCY_DAYS.name()),
            nearest(AGE_DAYS.col(), width).as(AGE_DAYS.name()))
        .agg(sum(CUSTOMERS.col()).as(CUSTOMERS.name()));
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
    groups.forEach((origin, list) -> statistics.put(origin, new BgNbdStatistics(list)));
    return statistics;
  }
}
