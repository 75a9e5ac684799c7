package io.perennial.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * One row of {@code order_lines}, in the order of its columns.
 *
 * @param lineId as mapped; if not mapped, an id of the oracle that no table holds
 * @param orderedAt for a refund line the time of the refund
 * @param orderMonth the month of {@code orderedAt}. Choice: the line's own, also where the order
 *     books earlier
 * @param quantity negative on a refund line; null, like the unit price, if the line is derived from
 *     a sale's refund_amount
 * @param amount signed, before discount
 * @param discount including the share of the order's discount; zero on a refund line (choice)
 */
public record Line(
    String orderId,
    String lineId,
    String customerId,
    Instant orderedAt,
    LocalDate orderMonth,
    String kind,
    String productId,
    String productName,
    String category,
    boolean isCounted,
    BigDecimal quantity,
    BigDecimal unitPrice,
    BigDecimal amount,
    BigDecimal discount,
    BigDecimal orderDiscount,
    BigDecimal shipping,
    BigDecimal tax,
    String currency,
    String status,
    boolean isTest,
    boolean isGuest,
    String channel,
    String discountCode,
    String country,
    Instant updatedAt,
    boolean isDerived,
    String sourceFile) {

  boolean isSale() {
    return kind.equals("sale");
  }

  /** Sales - discounts - refunds of this line. */
  BigDecimal net() {
    return amount.subtract(discount);
  }
}
