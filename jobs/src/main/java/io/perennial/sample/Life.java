package io.perennial.sample;

import java.util.stream.LongStream;

/**
 * The lifetime of one customer: the first order at acquisition, each next one after an exponential
 * wait, until the customer drops out after an order or the lake ends. This is the buy-till-you-die
 * process (BG/NBD) of Fader, Hardie and Lee, with seasons and with dropout possible after the first
 * order.
 *
 * @param orders local seconds of each order, ascending
 * @param aliveUntil local seconds of the order after which the customer dropped out, {@link
 *     ShopClock#NEVER} for a customer who is alive at the end
 */
record Life(long[] orders, long aliveUntil) {

  static Life of(SampleSettings settings, Seasonality season, Customer customer) {
    SeededRandom random =
        new SeededRandom(settings.seed(), SeededRandom.Topic.LIFE, customer.number(), 0);
    LongStream.Builder orders = LongStream.builder();
    double clock = customer.acquired();
    do {
      long moment = season.moment(clock);
      orders.add(moment);
      if (random.chance(customer.dropout())) {
        return new Life(orders.build().toArray(), moment);
      }
      clock += random.exponential() / customer.rate();
    } while (clock < season.length());
    return new Life(orders.build().toArray(), ShopClock.NEVER);
  }
}
