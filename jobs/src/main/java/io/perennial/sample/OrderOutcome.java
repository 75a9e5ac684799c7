package io.perennial.sample;

/**
 * What happens to an order after it was placed.
 *
 * @param cancelledAt local seconds of the cancellation, or {@link ShopClock#NEVER}
 * @param cancelledLater whether the order was exported before it was cancelled
 * @param refundedAt local seconds of the refund, or {@link ShopClock#NEVER}; a cancelled order is
 *     not refunded
 * @param refundsAll whether the whole order is refunded
 * @param refundDraw uniform in [0, 1): selects line and quantity of a partial refund
 * @param isLate whether its records are in the late file of their month, if the month has one
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
    SeededRandom random =
        new SeededRandom(settings.seed(), SeededRandom.Topic.OUTCOME, customer, order);
    double draw = random.uniform();
    long minutes = random.between(5 * 60, 120 * 60);
    long days = random.between(ShopClock.DAY, 20 * ShopClock.DAY);
    long weeks = random.between(3 * ShopClock.DAY, 45 * ShopClock.DAY);
    boolean all = random.chance(Population.FULL_REFUND_SHARE);
    double refundDraw = random.uniform();
    boolean late = random.chance(Population.LATE_SHARE);
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

  /** The lake knows nothing that happens after its end. */
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
