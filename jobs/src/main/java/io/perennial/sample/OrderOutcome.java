package io.perennial.sample;

/**
 * What becomes of one order after it was placed.
 *
 * @param cancelledAt local seconds of the cancellation, or {@link ShopClock#NEVER}
 * @param cancelledLater whether the order was exported before it was cancelled
 * @param refundedAt local seconds of the refund, or {@link ShopClock#NEVER}; a cancelled order has
 *     none
 * @param refundsAll whether the refund is of the whole order
 * @param refundDraw uniform in [0, 1): which line and how much of it a partial refund is of
 * @param isLate whether its records miss the export of their month, in a month that has a late file
 */
record OrderOutcome(
    long cancelledAt,
    boolean cancelledLater,
    long refundedAt,
    boolean refundsAll,
    double refundDraw,
    boolean isLate) {

  static OrderOutcome of(
      SampleSettings settings, ShopClock clock, long customer, int order, long orderedAt) {
    SeededRandom dice = new SeededRandom(settings.seed(), SeededRandom.Topic.FATE, customer, order);
    double draw = dice.uniform();
    long minutes = dice.between(5 * 60, 120 * 60);
    long days = dice.between(ShopClock.DAY, 20 * ShopClock.DAY);
    long weeks = dice.between(3 * ShopClock.DAY, 45 * ShopClock.DAY);
    boolean all = dice.chance(Population.FULL_REFUND_SHARE);
    double refundDraw = dice.uniform();
    boolean late = dice.chance(Population.LATE_SHARE);
    long cancelled = ShopClock.NEVER;
    long refunded = ShopClock.NEVER;
    boolean later = false;
    if (draw < Population.CANCELLED_SHARE) {
      cancelled = within(clock, orderedAt + minutes);
    } else if (draw < Population.CANCELLED_SHARE + Population.CANCELLED_LATER_SHARE) {
      cancelled = within(clock, orderedAt + days);
      later = cancelled != ShopClock.NEVER;
    } else if (draw > 1 - Population.REFUND_SHARE) {
      refunded = within(clock, orderedAt + weeks);
    }
    return new OrderOutcome(cancelled, later, refunded, all, refundDraw, late);
  }

  /** What happens after the end of the lake isn't known to it. */
  private static long within(ShopClock clock, long local) {
    long shown = clock.shown(local);
    return clock.covers(shown) ? shown : ShopClock.NEVER;
  }

  boolean isCancelled() {
    return cancelledAt != ShopClock.NEVER;
  }

  boolean isRefunded() {
    return refundedAt != ShopClock.NEVER;
  }
}
