package io.perennial.sample;

/**
 * One record of the lake before it takes the form of a format.
 *
 * @param order what all records of the order have in common
 * @param lineId unique in the order; a refund of line 2 is R2
 * @param product what was bought or given back
 * @param quantity negative when given back
 * @param unitPrice cents; of a refund, what was paid for one piece after all discounts
 * @param discount cents off the line
 * @param head on the order's first sale line: its order-level amounts; null on the others
 * @param person on the order's first sale line: who ordered; null on the others and when anonymous
 * @param refundedAt local seconds, {@link ShopClock#NEVER} on a sale line
 * @param dirt how the record is spoilt; null if it isn't
 */
record RawRecord(
    Order order,
    String lineId,
    Catalogue.Product product,
    int quantity,
    long unitPrice,
    long discount,
    Basket head,
    Person person,
    long refundedAt,
    Corruption dirt) {

  /** The currency of the shop, in all records but those that are spoilt by another. */
  static final String CURRENCY = "USD";

  /**
   * The order-level cells.
   *
   * @param orderedAt local seconds
   * @param updatedAt local seconds of the newest change that the record shows
   */
  record Order(
      String id,
      Customer customer,
      long orderedAt,
      boolean isCancelled,
      long updatedAt,
      String channel,
      String discountCode) {

    boolean isTest() {
      return customer.kind() == Customer.Kind.STAFF;
    }

    boolean isGuest() {
      return customer.kind() == Customer.Kind.GUEST;
    }

    String status() {
      return isCancelled ? "cancelled" : "fulfilled";
    }

    String country() {
      return Residences.country(customer.place()).name();
    }
  }

  boolean isRefund() {
    return refundedAt != ShopClock.NEVER;
  }

  String kind() {
    return isRefund() ? "refund" : "sale";
  }

  RawRecord spoilt(Corruption how) {
    return new RawRecord(
        order, lineId, product, quantity, unitPrice, discount, head, person, refundedAt, how);
  }
}
