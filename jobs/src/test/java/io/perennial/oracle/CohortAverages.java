package io.perennial.oracle;

import io.perennial.oracle.CohortMatrix.Cell;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The table {@code cohort_averages}: sums of numerators by sums of denominators where a month is
 * complete.
 */
public final class CohortAverages {

  /** One month index of a dimension value, over the cohorts for which it is complete. */
  public record Average(
      LocalDate asOf,
      String dimension,
      String dimensionValue,
      int monthIndex,
      long cohorts,
      long cohortSize,
      double retentionRate,
      double retentionLow,
      double retentionHigh,
      Double revenueRetentionRate,
      BigDecimal ltv) {}

  private record Key(String dimension, String value, int monthIndex) {}

  private record Cohort(String dimension, String value, LocalDate month) {}

  private CohortAverages() {}

  static List<Average> of(List<Cell> matrix) {
    Map<Key, List<Cell>> columns =
        new TreeMap<>(
            Comparator.comparing(Key::dimension)
                .thenComparing(Key::value)
                .thenComparing(Key::monthIndex));
    Map<Cohort, BigDecimal> firstNet = new HashMap<>();
    for (Cell cell : matrix) {
      if (cell.monthIndex() == 0) {
        firstNet.put(cohort(cell), cell.net());
      }
      if (cell.state().equals("complete")) {
        Key key = new Key(cell.dimension(), cell.dimensionValue(), cell.monthIndex());
        columns.computeIfAbsent(key, k -> new ArrayList<>()).add(cell);
      }
    }
    List<Average> averages = new ArrayList<>();
    columns.forEach((key, cells) -> averages.add(one(key, cells, firstNet)));
    return averages;
  }

  private static Average one(Key key, List<Cell> cells, Map<Cohort, BigDecimal> firstNet) {
    long size = cells.stream().mapToLong(Cell::cohortSize).sum();
    long active = cells.stream().mapToLong(Cell::activeCustomers).sum();
    WilsonInterval interval = WilsonInterval.of(active, size);
    return new Average(
        cells.get(0).asOf(),
        key.dimension(),
        key.value(),
        key.monthIndex(),
        cells.size(),
        size,
        Totals.rate(active, size),
        interval.low(),
        interval.high(),
        Totals.rate(sum(cells, Cell::net), sum(cells, cell -> firstNet.get(cohort(cell)))),
        Totals.quotient(sum(cells, Cell::cumulativeNet), BigDecimal.valueOf(size)));
  }

  private static Cohort cohort(Cell cell) {
    return new Cohort(cell.dimension(), cell.dimensionValue(), cell.cohortMonth());
  }

  private static BigDecimal sum(List<Cell> cells, Function<Cell, BigDecimal> figure) {
    return cells.stream().map(figure).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
