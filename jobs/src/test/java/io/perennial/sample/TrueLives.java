package io.perennial.sample;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The customers of a synthetic lake, without the lake: their orders, and the probability of no
 * order by the true process.
 */
public final class TrueLives {

  /**
   * One customer.
   *
   * @param id customer key
   * @param rate orders per day of the steady clock
   * @param dropout probability to drop out after each order
   * @param orderDays local days of the orders, ascending; several orders may share one
   * @param spend factor on the basket size, 1 on average
   */
  public record Life(
      String id, double rate, double dropout, List<LocalDate> orderDays, double spend) {}

  private final SampleSettings settings;
  private final double[] steady;
  private final List<Life> lives = new ArrayList<>();

  /** Customers with a key over three years from 2023. */
  public TrueLives(long customers, long seed) {
    settings = Samples.usual("unwritten", "parquet", customers, seed);
    OrderRecords records = new OrderRecords(settings);
    steady = steadyDays(records);
    for (long number = 0; number < customers; number++) {
      Customer customer = records.customer(number);
      lives.add(
          new Life(
              customer.id(),
              customer.rate(),
              customer.dropout(),
              Arrays.stream(records.life(customer).orders()).mapToObj(ShopClock::date).toList(),
              customer.spend()));
    }
  }

  public List<Life> lives() {
    return lives;
  }

  /** The first day after the lake. */
  public LocalDate end() {
    return settings.endDay();
  }

  /**
   * Probability of no order in the horizon, given the process, the customer's rate, dropout and
   * orders so far, but not whether the customer dropped out already. By Bayes, the odds of being
   * alive after a wait of w steady days are {@code (1-p) exp(-rate w) : p}.
   */
  public double probabilityOfNoOrder(Life life, LocalDate origin, int horizonDays) {
    LocalDate last =
        life.orderDays().stream().filter(day -> day.isBefore(origin)).reduce((a, b) -> b).get();
    double waited = (at(last) + at(last.plusDays(1))) / 2;
    double alive = (1 - life.dropout()) * Math.exp(-life.rate() * (at(origin) - waited));
    double isAlive = alive / (alive + life.dropout());
    double coming = at(origin.plusDays(horizonDays)) - at(origin);
    return 1 - isAlive * (1 - Math.exp(-life.rate() * coming));
  }

  /**
   * Probability of no order in the horizon, given the process, the season and the set of all true
   * rates and dropouts, but not which customer has which: the best possible from order days alone.
   * By Bayes, with the parameters of all customers as equally likely.
   */
  public double probabilityByDaysAlone(Life life, LocalDate origin, int horizonDays) {
    double[] orders =
        life.orderDays().stream()
            .filter(day -> day.isBefore(origin))
            .mapToDouble(day -> (at(day) + at(day.plusDays(1))) / 2)
            .toArray();
    int repeats = orders.length - 1;
    double span = orders[repeats] - orders[0];
    double waited = at(origin) - orders[repeats];
    double coming = at(origin.plusDays(horizonDays)) - at(origin);
    double none = 0;
    double all = 0;
    for (Life other : lives) {
      double lost = other.dropout();
      double stays =
          repeats == 0
              ? 1
              : Math.exp(repeats * Math.log(other.rate() * (1 - lost)) - other.rate() * span);
      double waiting = (1 - lost) * Math.exp(-other.rate() * waited);
      all += stays * (lost + waiting);
      none += stays * (lost + waiting * Math.exp(-other.rate() * coming));
    }
    return none / all;
  }

  private double at(LocalDate day) {
    return steady[(int) ChronoUnit.DAYS.between(settings.firstDay(), day)];
  }

  /** The steady clock at each midnight: the inverse of {@link Seasonality#moment}. */
  private double[] steadyDays(OrderRecords records) {
    double[] result = new double[records.clock().days() + 1];
    for (int day = 1; day < result.length; day++) {
      double low = result[day - 1];
      double high = records.season().length();
      for (int i = 0; i < 60 && day < result.length - 1; i++) {
        double middle = (low + high) / 2;
        if (records.season().moment(middle) < records.clock().midnight(day)) {
          low = middle;
        } else {
          high = middle;
        }
      }
      result[day] = high;
    }
    return result;
  }
}
