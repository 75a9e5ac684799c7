package io.perennial.sample;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.temporal.TemporalAdjusters;

/**
 * Seasonality of orders: month (November and December peak), weekday, Black Friday and Cyber
 * Monday, and hour. The daily factor has mean 1 over each calendar year. Order times are drawn on a
 * steady clock and mapped to the season (time change), so that the orders of a customer with rate x
 * are exactly a Poisson process with intensity x times the factor.
 */
final class Seasonality {

  private static final double[] MONTHS = {
    0.85, 0.82, 0.92, 0.95, 0.98, 0.92, 0.88, 0.90, 0.96, 1.02, 1.45, 1.35
  };
  private static final double[] WEEKDAYS = {1.05, 1.00, 0.98, 1.00, 0.97, 0.92, 1.08};
  private static final double[] HOURS = {
    0.5, 0.3, 0.2, 0.1, 0.1, 0.2, 0.5, 1.0, 1.5, 1.9, 2.1, 2.2, 2.3, 2.1, 2.0, 1.9, 1.9, 2.0, 2.2,
    2.6, 2.8, 2.5, 1.7, 1.0
  };
  private static final double BLACK_FRIDAY = 2.2;
  private static final double CYBER_MONDAY = 1.8;
  private static final double GIFT_MONTHS = 6;

  private final ShopClock clock;
  private final double[] elapsed;
  private final double[] arrivals;
  private final double[] giftArrivals;
  private final double[] hours = SeededRandom.cumulate(HOURS);

  Seasonality(SampleSettings settings, ShopClock clock) {
    this.clock = clock;
    LocalDate first = settings.firstDay();
    double[] factors = new double[clock.days()];
    double[] arriving = new double[clock.days()];
    double[] giftArriving = new double[clock.days()];
    int year = -1;
    double mean = 1;
    for (int i = 0; i < factors.length; i++) {
      LocalDate day = first.plusDays(i);
      if (day.getYear() != year) {
        year = day.getYear();
        mean = meanOf(year);
      }
      factors[i] = factor(day) / mean;
      arriving[i] = factors[i] * StrictMath.exp(Population.YEARLY_GROWTH * i / 365.25);
      giftArriving[i] = arriving[i] * (day.getMonthValue() >= 11 ? GIFT_MONTHS : 1);
    }
    elapsed = SeededRandom.cumulate(factors);
    arrivals = SeededRandom.cumulate(arriving);
    giftArrivals = SeededRandom.cumulate(giftArriving);
  }

  private static double factor(LocalDate day) {
    double factor = MONTHS[day.getMonthValue() - 1] * WEEKDAYS[day.getDayOfWeek().getValue() - 1];
    LocalDate thanksgiving =
        LocalDate.of(day.getYear(), Month.NOVEMBER, 1)
            .with(TemporalAdjusters.dayOfWeekInMonth(4, DayOfWeek.THURSDAY));
    if (day.equals(thanksgiving.plusDays(1))) {
      return factor * BLACK_FRIDAY;
    }
    return day.equals(thanksgiving.plusDays(4)) ? factor * CYBER_MONDAY : factor;
  }

  private static double meanOf(int year) {
    LocalDate first = LocalDate.of(year, 1, 1);
    double sum = 0;
    for (int i = 0; i < first.lengthOfYear(); i++) {
      sum += factor(first.plusDays(i));
    }
    return sum / first.lengthOfYear();
  }

  /** Length of the lake in days of the steady clock. */
  double length() {
    return elapsed[elapsed.length - 1];
  }

  /** Time of the first order of a new customer on the steady clock. */
  double arrival(SeededRandom random, boolean isGiftBuyer) {
    double[] sums = isGiftBuyer ? giftArrivals : arrivals;
    double target = random.uniform() * sums[sums.length - 1];
    int day = SeededRandom.search(sums, target);
    double before = day == 0 ? 0 : sums[day - 1];
    double share = (target - before) / (sums[day] - before);
    double start = day == 0 ? 0 : elapsed[day - 1];
    return start + share * (elapsed[day] - start);
  }

  /** Local seconds of a time on the steady clock, in days. */
  long moment(double days) {
    int day = SeededRandom.search(elapsed, days);
    double start = day == 0 ? 0 : elapsed[day - 1];
    double share = Math.min((days - start) / (elapsed[day] - start), Math.nextDown(1.0));
    double target = share * hours[hours.length - 1];
    int hour = SeededRandom.search(hours, target);
    double from = hour == 0 ? 0 : hours[hour - 1];
    int second = (int) (3600 * (hour + (target - from) / (hours[hour] - from)));
    return clock.shown(clock.midnight(day) + Math.min(second, ShopClock.DAY - 1));
  }
}
