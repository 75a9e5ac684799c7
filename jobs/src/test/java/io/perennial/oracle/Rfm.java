package io.perennial.oracle;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tables {@code rfm} and {@code rfm_transitions}. */
public final class Rfm {

  /** The choice of dimension value for a customer who was not there: no segment. */
  static final String NO_SEGMENT = "(none)";

  /** Maps a cell to a segment's name. */
  public interface Scheme {
    String segment(int r, int f, int m);
  }

  /** One customer with a valid order in the window. */
  public record Row(
      LocalDate asOf,
      String customerId,
      long recencyDays,
      long frequency,
      BigDecimal monetary,
      int rScore,
      int fScore,
      int mScore,
      String rfmCell,
      String segment) {}

  /** How many customers went from a segment to a segment. */
  public record Transition(
      LocalDate asOf,
      LocalDate previousAsOf,
      String fromSegment,
      String toSegment,
      long customers) {}

  private record Figures(String customerId, long recency, long frequency, BigDecimal monetary) {}

  private Rfm() {}

  static List<Row> of(AsOfView known, int levels, Scheme scheme, OracleSettings settings) {
    List<Figures> all = figures(known, settings);
    List<Row> rows = new ArrayList<>();
    Map<Long, Long> worseR = worse(all.stream().map(f -> -f.recency()).toList());
    Map<Long, Long> worseF = worse(all.stream().map(Figures::frequency).toList());
    Map<BigDecimal, Long> worseM = worse(all.stream().map(Figures::monetary).toList());
    Map<Long, Long> equalR = equal(all.stream().map(f -> -f.recency()).toList());
    Map<Long, Long> equalF = equal(all.stream().map(Figures::frequency).toList());
    Map<BigDecimal, Long> equalM = equal(all.stream().map(Figures::monetary).toList());
    int n = all.size();
    for (Figures f : all) {
      int r = score(levels, worseR.get(-f.recency()), equalR.get(-f.recency()), n);
      int fs = score(levels, worseF.get(f.frequency()), equalF.get(f.frequency()), n);
      int m = score(levels, worseM.get(f.monetary()), equalM.get(f.monetary()), n);
      rows.add(
          new Row(
              known.asOf(),
              f.customerId(),
              f.recency(),
              f.frequency(),
              f.monetary(),
              r,
              fs,
              m,
              "" + r + fs + m,
              scheme.segment(r, fs, m)));
    }
    return rows;
  }

  /**
   * {@code 1 + (L * (2 * worse + equal)) div (2 * n)}: ties share the score of their middle rank.
   */
  static int score(int levels, long worse, long equal, long n) {
    return Math.toIntExact(1 + Math.floorDiv(levels * (2 * worse + equal), 2 * n));
  }

  static List<Transition> transitions(List<Row> previous, List<Row> current) {
    Map<String, String> before = new TreeMap<>();
    Map<String, String> now = new TreeMap<>();
    previous.forEach(row -> before.put(row.customerId(), row.segment()));
    current.forEach(row -> now.put(row.customerId(), row.segment()));
    Map<List<String>, Long> counts =
        new TreeMap<>(
            Comparator.<List<String>, String>comparing(p -> p.get(0)).thenComparing(p -> p.get(1)));
    // Choice: who is in one of the two only comes from, or goes to, no segment.
    Set<String> either = new TreeSet<>(before.keySet());
    either.addAll(now.keySet());
    for (String id : either) {
      counts.merge(
          List.of(before.getOrDefault(id, NO_SEGMENT), now.getOrDefault(id, NO_SEGMENT)),
          1L,
          Long::sum);
    }
    LocalDate asOf = current.get(0).asOf();
    LocalDate previousAsOf = previous.get(0).asOf();
    List<Transition> transitions = new ArrayList<>();
    counts.forEach(
        (pair, customers) ->
            transitions.add(
                new Transition(asOf, previousAsOf, pair.get(0), pair.get(1), customers)));
    return transitions;
  }

  private static List<Figures> figures(AsOfView known, OracleSettings settings) {
    Integer window = settings.rfmWindowDays();
    List<Figures> all = new ArrayList<>();
    for (Customer customer : known.customers().values()) {
      List<CustomerDay> days =
          known.days(customer).stream()
              .filter(d -> window == null || !d.day().isBefore(known.asOf().minusDays(window)))
              .toList();
      Totals sums = Totals.of(days);
      if (sums.orders() > 0) {
        LocalDate last =
            days.stream()
                .filter(day -> day.orders() > 0)
                .map(CustomerDay::day)
                .max(LocalDate::compareTo)
                .orElseThrow();
        all.add(
            new Figures(
                customer.customerId(),
                ChronoUnit.DAYS.between(last, known.asOf()),
                sums.orders(),
                sums.net()));
      }
    }
    return all;
  }

  /** Of each value, how many are strictly below it. */
  private static <T extends Comparable<T>> Map<T, Long> worse(List<T> values) {
    Map<T, Long> worse = new TreeMap<>();
    long below = 0;
    for (Map.Entry<T, Long> entry : equal(values).entrySet()) {
      worse.put(entry.getKey(), below);
      below += entry.getValue();
    }
    return worse;
  }

  /** Of each value, how often it occurs; a sorted map compares money by value, not by scale. */
  private static <T extends Comparable<T>> Map<T, Long> equal(List<T> values) {
    Map<T, Long> counts = new TreeMap<>();
    values.forEach(value -> counts.merge(value, 1L, Long::sum));
    return counts;
  }
}
