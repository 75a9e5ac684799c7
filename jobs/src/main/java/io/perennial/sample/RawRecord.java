package io.perennial.sample;

/**
 * One record of the lake, independent of its format.
 *
 * @param order the values that all records of the order share
 * @param lineId unique in the order; the refund of line 2 is R2
 * @param product what was bought or refunded
 * @param quantity negative in a refund
 * @param unitPrice cents; in a refund, the price of one piece after all discounts
 * @param discount cents off the line
 * @param basket order-level amounts, on the first sale line of the order; null on others
 * @param person the buyer, on the first sale line of the order; null on others and if anonymous
 * @param refundedAt local seconds, {@link ShopClock#NEVER} on a sale line
 * @param corruption how the record is corrupted; null for a clean record
 */
record RawRecord(
    Order order,
    String lineId,
    Catalogue.Product product,
    int quantity,
    long unitPrice,
    long discount,
    Basket basket,
    Person person,
    long refundedAt,
    Corruption corruption) {

  /** The currency of the shop, except where {@link Corruption} replaces it. */
  static final String CURRENCY = "USD";

  /**
   * Values that all records of an order share.
   *
   * @param orderedAt local seconds
   * @param updatedAt local seconds of the last change
   */
  record Order(
      String id,
      Customer customer,
      long orderedAt,
      boolean isCancelled,
      long updatedAt,
      String channel,
      String discountCode) {}

  boolean isRefund() {
    return refundedAt != ShopClock.NEVER;
  }
}
