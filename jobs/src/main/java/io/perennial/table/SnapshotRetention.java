package io.perennial.table;

import io.perennial.config.Settings;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which snapshots are kept: {@code warehouse.keep-snapshots}. */
public final class SnapshotRetention {

  private SnapshotRetention() {}

  /**
   * The as_of dates whose snapshots have expired. Kept are those of the newest {@code days} days,
   * and the last one of each of the newest {@code monthEnds} months.
   */
  public static Set<LocalDate> expired(Set<LocalDate> snapshots, int days, int monthEnds) {
    TreeSet<LocalDate> sorted = new TreeSet<>(snapshots);
    if (sorted.isEmpty()) {
      return Set.of();
    }
    LocalDate newest = sorted.last();
    Map<YearMonth, LocalDate> lastOfMonth = new TreeMap<>();
    sorted.forEach(day -> lastOfMonth.put(YearMonth.from(day), day));
    YearMonth oldestMonth = YearMonth.from(newest).minusMonths(monthEnds);
    return sorted.stream()
        .filter(day -> !day.isAfter(newest.minusDays(days)))
        .filter(
            day ->
                !(lastOfMonth.get(YearMonth.from(day)).equals(day)
                    && YearMonth.from(day).isAfter(oldestMonth)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Removes expired snapshots from the snapshot tables, never that of {@code asOf}.
   *
   * @return the tables from which some were removed
   */
  public static Set<Table> apply(
      TableStore store, List<Table> tables, Settings.Warehouse settings, LocalDate asOf) {
    Set<Table> shortened = new LinkedHashSet<>();
    store
        .snapshots(tables)
        .forEach(
            (table, snapshots) -> {
              Set<LocalDate> expired =
                  new TreeSet<>(
                      expired(snapshots, settings.snapshotDays(), settings.snapshotMonthEnds()));
              expired.remove(asOf);
              if (!expired.isEmpty()) {
                shortened.add(table);
                store.delete(table, Months.of(expired).among(Table.AS_OF));
              }
            });
    return shortened;
  }
}
