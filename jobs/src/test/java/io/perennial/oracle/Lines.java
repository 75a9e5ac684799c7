package io.perennial.oracle;

import io.perennial.oracle.RecordVersions.Kept;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The sale and refund lines of one order's accepted records. */
final class Lines {

  private Lines() {}

  static List<Line> of(List<Kept> order, OracleSettings settings) {
    boolean isCounted = isCounted(order);
    Map<String, BigDecimal> shares = orderDiscountShares(order, settings);
    List<Line> lines = new ArrayList<>();
    for (Kept kept : order) {
      RawRecord record = kept.record();
      if (record.isRefund()) {
        lines.add(refund(kept, isCounted, false, settings));
      } else {
        lines.add(
            sale(kept, isCounted, shares.getOrDefault(kept.lineId(), BigDecimal.ZERO), settings));
        if (record.amount(Column.REFUND_AMOUNT).signum() > 0) {
          lines.add(refund(kept, isCounted, true, settings));
        }
      }
    }
    lines.sort(Comparator.comparing(Line::lineId).thenComparing(Line::isDerived));
    return lines;
  }

  /**
   * Not a test order, and not cancelled in full. Choice: one record that says test makes the order
   * a test; cancelled in full means that every sale of the order is cancelled, or every record
   * where nothing was sold.
   */
  private static boolean isCounted(List<Kept> order) {
    boolean isTest = order.stream().anyMatch(k -> isTrue(k.record(), Column.IS_TEST));
    List<Kept> sales = order.stream().filter(k -> !k.record().isRefund()).toList();
    boolean isCancelled =
        (sales.isEmpty() ? order : sales)
            .stream().allMatch(k -> "cancelled".equals(k.record().text(Column.STATUS)));
    return !isTest && !isCancelled;
  }

  private static Line sale(
      Kept kept, boolean isCounted, BigDecimal share, OracleSettings settings) {
    RawRecord record = kept.record();
    return line(
        kept,
        record.time(Column.ORDERED_AT),
        "sale",
        isCounted,
        record.number(Column.QUANTITY),
        amount(record, settings),
        record.amount(Column.DISCOUNT).add(share),
        share,
        false,
        settings);
  }

  private static Line refund(
      Kept kept, boolean isCounted, boolean isDerived, OracleSettings settings) {
    RawRecord record = kept.record();
    BigDecimal back =
        record.has(Column.REFUND_AMOUNT)
            ? record.number(Column.REFUND_AMOUNT)
            : amount(record, settings).abs();
    return line(
        kept,
        record.has(Column.REFUNDED_AT)
            ? record.time(Column.REFUNDED_AT)
            : record.time(Column.ORDERED_AT),
        "refund",
        isCounted,
        isDerived ? null : record.number(Column.QUANTITY).abs().negate(),
        back.negate(),
        BigDecimal.ZERO,
        BigDecimal.ZERO,
        isDerived,
        settings);
  }

  private static Line line(
      Kept kept,
      Instant time,
      String kind,
      boolean isCounted,
      BigDecimal quantity,
      BigDecimal amount,
      BigDecimal discount,
      BigDecimal orderDiscount,
      boolean isDerived,
      OracleSettings settings) {
    RawRecord record = kept.record();
    return new Line(
        record.orderId(),
        kept.lineId(),
        record.text(Column.CUSTOMER_ID),
        time,
        settings.month(time),
        kind,
        record.text(Column.PRODUCT_ID),
        record.text(Column.PRODUCT_NAME),
        record.text(Column.CATEGORY),
        isCounted,
        quantity,
        isDerived ? null : record.number(Column.UNIT_PRICE).abs(),
        amount,
        discount,
        orderDiscount,
        isDerived ? BigDecimal.ZERO : record.amount(Column.SHIPPING),
        isDerived ? BigDecimal.ZERO : record.amount(Column.TAX),
        record.text(Column.CURRENCY),
        record.text(Column.STATUS),
        isTrue(record, Column.IS_TEST),
        isTrue(record, Column.IS_GUEST),
        record.text(Column.CHANNEL),
        record.text(Column.DISCOUNT_CODE),
        record.text(Column.COUNTRY),
        record.time(Column.UPDATED_AT),
        isDerived,
        record.file());
  }

  private static boolean isTrue(RawRecord record, Column flag) {
    return Boolean.TRUE.equals(record.flag(flag));
  }

  private static BigDecimal amount(RawRecord record, OracleSettings settings) {
    return record
        .number(Column.QUANTITY)
        .multiply(record.number(Column.UNIT_PRICE))
        .setScale(settings.minorDigits(), RoundingMode.HALF_UP);
  }

  /** The order's one discount, the greatest that a record states, spread over its sale lines. */
  private static Map<String, BigDecimal> orderDiscountShares(
      List<Kept> order, OracleSettings settings) {
    BigDecimal discount = BigDecimal.ZERO;
    List<LargestRemainder.Part> parts = new ArrayList<>();
    for (Kept kept : order) {
      discount = discount.max(kept.record().amount(Column.ORDER_DISCOUNT));
      if (!kept.record().isRefund()) {
        parts.add(new LargestRemainder.Part(kept.lineId(), amount(kept.record(), settings)));
      }
    }
    return LargestRemainder.spread(discount, parts, settings.minorDigits());
  }
}
