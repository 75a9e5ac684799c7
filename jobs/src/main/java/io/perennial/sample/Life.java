package io.perennial.sample;

import java.util.Arrays;

/**
 * The orders that one customer places: the first at arrival, each next one after an exponential
 * wait, until the customer drops out after one of them or the lake ends. This is the
 * buy-till-you-die process of Fader, Hardie and Lee, with dropout possible after the first order
 * too and with seasons.
 *
 * @param orders local seconds of each order, ascending
 * @param aliveUntil local seconds of the order after which the customer was lost, {@link
 *     ShopClock#NEVER} if not lost by the end
 */
record Life(long[] orders, long aliveUntil) {

  static Life of(SampleSettings settings, Seasonality season, Customer customer) {
    SeededRandom dice =
        new SeededRandom(settings.seed(), SeededRandom.Topic.LIFE, customer.number(), 0);
    long[] orders = new long[4];
    int count = 0;
    double clock = customer.acquired();
    while (true) {
      long moment = season.moment(clock);
      if (count == orders.length) {
        orders = Arrays.copyOf(orders, 2 * count);
      }
      orders[count++] = moment;
      if (dice.chance(customer.dropout())) {
        return new Life(Arrays.copyOf(orders, count), moment);
      }
      clock += dice.exponential() / customer.rate();
      if (!(clock < season.length())) {
        return new Life(Arrays.copyOf(orders, count), ShopClock.NEVER);
      }
    }
  }
}
