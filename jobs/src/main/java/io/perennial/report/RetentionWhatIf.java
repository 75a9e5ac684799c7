package io.perennial.report;

import io.perennial.report.RetentionFigures.Month;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The value of five points more retention: net of the next twelve months at the retention of the
 * last twelve, and at a higher one. No table holds these figures, since they are hypothetical.
 *
 * <p>Month by month, {@code net = net_new + v x active} and {@code active' = r x active + acquired
 * + reactivated}. All but {@code r} are means of the months seen, with {@code r} = sum(S - lost) /
 * sum(S) and {@code v} = sum(net_returning) / sum(S).
 *
 * @param monthsSeen complete months that are averaged, at most twelve
 * @param active customers at the start, E of the newest complete month
 * @param acquired new customers of a month
 * @param reactivated customers won back in a month
 * @param netPerCustomer net of a month per customer active at its start
 * @param asIs at r
 * @param monthly at r + 0.05, at most 1
 * @param yearly at the r that keeps five points more of today's customers over twelve months
 */
record RetentionWhatIf(
    int monthsSeen,
    double active,
    double acquired,
    double reactivated,
    double netPerCustomer,
    Path asIs,
    Path monthly,
    Path yearly) {

  static final int MONTHS = 12;
  static final double POINTS = 0.05;

  /**
   * A projection of the next twelve months.
   *
   * @param retention per month, 0 to 1
   * @param net of each month
   */
  record Path(double retention, List<Double> net) {

    double total() {
      return net.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Share of today's customers kept over the whole year without a break. */
    double keptOverTheYear() {
      return Math.pow(retention, MONTHS);
    }
  }

  /**
   * Empty where no month has a retention rate yet, or net of returning customers is not positive.
   */
  static Optional<RetentionWhatIf> of(List<Month> months) {
    List<Month> known =
        months.stream().filter(m -> m.isComplete() && m.retention() != null).toList();
    List<Month> seen = known.subList(Math.max(0, known.size() - MONTHS), known.size());
    double start = seen.stream().mapToLong(Month::start).sum();
    double returning = seen.stream().mapToDouble(m -> m.netReturning().doubleValue()).sum();
    if (start <= 0 || returning <= 0) {
      return Optional.empty();
    }
    double lost = seen.stream().mapToLong(Month::lost).sum();
    double rate = (start - lost) / start;
    double acquired = seen.stream().mapToLong(Month::acquired).average().orElseThrow();
    double reactivated = seen.stream().mapToLong(Month::reactivated).average().orElseThrow();
    double netNew =
        seen.stream().mapToDouble(m -> m.netNew().doubleValue()).average().orElseThrow();
    double active = seen.get(seen.size() - 1).end();
    Projection year = new Projection(active, acquired + reactivated, netNew, returning / start);
    double keptMore = Math.min(1, Math.pow(rate, MONTHS) + POINTS);
    return Optional.of(
        new RetentionWhatIf(
            seen.size(),
            active,
            acquired,
            reactivated,
            returning / start,
            year.at(rate),
            year.at(Math.min(1, rate + POINTS)),
            year.at(Math.pow(keptMore, 1.0 / MONTHS))));
  }

  double gain(Path path) {
    return path.total() - asIs.total();
  }

  private record Projection(double active, double joining, double netNew, double netPerCustomer) {

    Path at(double retention) {
      List<Double> net = new ArrayList<>();
      double customers = active;
      for (int month = 0; month < MONTHS; month++) {
        net.add(netNew + netPerCustomer * customers);
        customers = retention * customers + joining;
      }
      return new Path(retention, List.copyOf(net));
    }
  }
}
