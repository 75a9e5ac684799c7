package io.perennial.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Generates the records of one order, as first exported. */
final class RandomOrders {

  private record Product(String id, String name, String category) {}

  private static final List<Product> PRODUCTS =
      List.of(
          new Product("p1", "Mug, blue", "kitchen"),
          new Product("p2", "Frame 7\" single", "home"),
          new Product("p3", "Lantern", "home"),
          new Product("p4", "Caf\u00e9 tray", "kitchen"),
          new Product("p5", "Card", "paper"));

  private static final List<String> QUANTITIES = List.of("1", "1", "2", "3", "0.125", "1.5", "12");

  private static final List<String> PRICES =
      List.of("9.99", "12.5", "3.333333", "100", "0.335", "0", "0.004", "1");

  private static final List<Column> ORDER_LEVEL =
      List.of(
          Column.CUSTOMER_ID,
          Column.STATUS,
          Column.IS_TEST,
          Column.IS_GUEST,
          Column.CHANNEL,
          Column.DISCOUNT_CODE,
          Column.COUNTRY);

  private final Random random;
  private final OracleSettings settings;
  private final boolean isUpdatedAtMapped;

  RandomOrders(Random random, OracleSettings settings, boolean isUpdatedAtMapped) {
    this.random = random;
    this.settings = settings;
    this.isUpdatedAtMapped = isUpdatedAtMapped;
  }

  boolean isUpdatedAtMapped() {
    return isUpdatedAtMapped;
  }

  /** A sale of one to four lines with random edge cases; its refund records come last. */
  List<RawRecord> sale(String orderId, String customerId, Instant time) {
    List<RawRecord> order = lines(orderId, customerId, time);
    RawRecord head = order.get(0);
    if (oneIn(6)) {
      order.add(order.get(order.size() - 1));
    }
    if (oneIn(8)) {
      head = cancelledInPart(order);
    }
    boolean isSpreadOverTime = oneIn(6);
    if (isSpreadOverTime) {
      for (int i = 1; i < order.size(); i++) {
        long seconds = List.of(300L, 10_800L, 86_400L, 1_728_000L).get(random.nextInt(4));
        order.set(i, order.get(i).with(Column.ORDERED_AT, time.plusSeconds(seconds)));
      }
    }
    if (oneIn(4)) {
      addOrderDiscount(order);
    }
    boolean hasBlanks = oneIn(4);
    if (hasBlanks) {
      for (int i = 1; i < order.size(); i++) {
        order.set(i, blank(order.get(i), !isSpreadOverTime && random.nextBoolean()));
      }
    }
    if (oneIn(6)) {
      addRefundAmount(order);
    }
    if (oneIn(6)) {
      Instant back = time.plusSeconds(86_400L * random.nextInt(120));
      // Lines with a blank time take that of the others, which must agree.
      boolean isTimeBlank = order.stream().anyMatch(line -> !line.has(Column.ORDERED_AT));
      RawRecord refund = refundOf(head, back, isTimeBlank || random.nextBoolean());
      order.add(hasBlanks ? blank(refund, false) : refund);
    }
    if (oneIn(12)) {
      order.add(
          head.with(Column.QUANTITY, "1")
              .with(Column.UNIT_PRICE, "-4.50")
              .without(Column.ORDER_DISCOUNT));
    }
    return numbered(order);
  }

  /** A refund with its own order id. */
  List<RawRecord> refund(String orderId, String customerId, Instant time) {
    return numbered(List.of(refundOf(lines(orderId, customerId, time).get(0), time, false)));
  }

  /** An order of 1970 or of 2999. */
  List<RawRecord> outOfRange(String orderId, String customerId) {
    Instant time =
        Instant.parse(random.nextBoolean() ? "1970-01-01T12:00:00Z" : "2999-06-01T12:00:00Z");
    return numbered(lines(orderId, customerId, time));
  }

  /** An order whose lines name two customers. */
  List<RawRecord> twoCustomers(String orderId, String customerId, String other, Instant time) {
    List<RawRecord> order = lines(orderId, customerId, time);
    order.add(order.get(0).with(Column.CUSTOMER_ID, other).with(Column.PRODUCT_ID, "p9"));
    return numbered(order);
  }

  private List<RawRecord> lines(String orderId, String customerId, Instant time) {
    String channel = random.nextInt(4) == 0 ? null : random.nextBoolean() ? "web" : "app";
    String country = List.of("GB", "DE", "").get(random.nextInt(3));
    String status = oneIn(14) ? "cancelled" : random.nextBoolean() ? "paid" : null;
    Boolean isTest = oneIn(14) ? Boolean.TRUE : random.nextBoolean() ? Boolean.FALSE : null;
    Boolean isGuest = random.nextBoolean() ? Boolean.valueOf(oneIn(5)) : null;
    boolean hasCategories = !oneIn(8);
    boolean hasDiscounts = oneIn(4);
    List<RawRecord> lines = new ArrayList<>();
    int number = 1 + random.nextInt(4);
    for (int i = 0; i < number; i++) {
      Product product = PRODUCTS.get(random.nextInt(PRODUCTS.size()));
      RawRecord line =
          RawRecord.sale(orderId, customerId, time, pick(QUANTITIES), pick(PRICES))
              .with(Column.PRODUCT_ID, product.id())
              .with(Column.PRODUCT_NAME, product.name())
              .with(Column.CATEGORY, hasCategories ? product.category() : null)
              .with(Column.CHANNEL, channel)
              .with(Column.COUNTRY, country.isEmpty() ? null : country)
              .with(Column.STATUS, status)
              .with(Column.IS_TEST, isTest)
              .with(Column.IS_GUEST, isGuest)
              .with(Column.KIND, random.nextBoolean() ? "sale" : null)
              .with(Column.SHIPPING, i == 0 && random.nextBoolean() ? money("4.95") : null)
              .with(Column.TAX, random.nextBoolean() ? money("1.21") : null)
              .with(Column.EMAIL, customerId == null ? null : customerId + "@example.com")
              .with(Column.UPDATED_AT, isUpdatedAtMapped ? time.plusSeconds(3_600) : null);
      BigDecimal amount = amount(line, settings);
      if (hasDiscounts && amount.signum() > 0) {
        line =
            line.with(
                    Column.DISCOUNT,
                    amount.multiply(new BigDecimal("0.15")).setScale(digits(), RoundingMode.UP))
                .with(Column.DISCOUNT_CODE, "SAVE15");
      } else if (hasDiscounts) {
        line = line.with(Column.DISCOUNT_CODE, "SAVE15");
      }
      lines.add(line);
    }
    return lines;
  }

  private RawRecord cancelledInPart(List<RawRecord> order) {
    for (int i = 0; i < order.size(); i++) {
      order.set(i, order.get(i).with(Column.STATUS, i > 0 ? "cancelled" : "paid"));
    }
    return order.get(0);
  }

  private void addOrderDiscount(List<RawRecord> order) {
    if (order.stream().noneMatch(line -> amount(line, settings).signum() > 0)) {
      return;
    }
    BigDecimal discount = new BigDecimal(1 + random.nextInt(500)).movePointLeft(digits());
    boolean isRepeated = random.nextBoolean();
    for (int i = 0; i < order.size(); i++) {
      if (i == 0 || isRepeated) {
        order.set(i, order.get(i).with(Column.ORDER_DISCOUNT, discount));
      }
    }
  }

  private void addRefundAmount(List<RawRecord> order) {
    int which = random.nextInt(order.size());
    RawRecord line = order.get(which);
    BigDecimal half =
        amount(line, settings).divide(BigDecimal.valueOf(2), digits(), RoundingMode.UP);
    if (half.signum() > 0 && line.has(Column.ORDERED_AT)) {
      Instant back = line.time(Column.ORDERED_AT).plusSeconds(86_400L * random.nextInt(100));
      order.set(
          which,
          line.with(Column.REFUND_AMOUNT, half)
              .with(Column.REFUNDED_AT, random.nextInt(3) == 0 ? null : back));
    }
  }

  private RawRecord refundOf(RawRecord sale, Instant time, boolean isOrderTimeKept) {
    RawRecord refund =
        sale.without(Column.DISCOUNT)
            .without(Column.ORDER_DISCOUNT)
            .without(Column.REFUND_AMOUNT)
            .without(Column.REFUNDED_AT)
            .without(Column.SHIPPING);
    RawRecord dated =
        isOrderTimeKept
            ? refund.with(Column.REFUNDED_AT, time)
            : refund.with(Column.ORDERED_AT, time);
    return switch (random.nextInt(3)) {
      case 0 ->
          dated
              .with(Column.QUANTITY, dated.number(Column.QUANTITY).negate())
              .with(Column.KIND, null);
      case 1 ->
          dated
              .with(Column.KIND, "refund")
              .with(Column.UNIT_PRICE, dated.number(Column.UNIT_PRICE).negate());
      default -> dated.with(Column.KIND, "refund").with(Column.REFUND_AMOUNT, money("2.35"));
    };
  }

  private static RawRecord blank(RawRecord record, boolean isTimeBlank) {
    RawRecord blank = record;
    for (Column column : ORDER_LEVEL) {
      blank = blank.without(column);
    }
    return isTimeBlank ? blank.without(Column.ORDERED_AT) : blank;
  }

  private List<RawRecord> numbered(List<RawRecord> order) {
    List<RawRecord> numbered = new ArrayList<>();
    for (RawRecord record : order) {
      numbered.add(
          settings.lineIdMapped()
              ? record.with(Column.LINE_ID, "L" + (numbered.size() + 1))
              : record);
    }
    return numbered;
  }

  /** The amount of a line, the limit of its discount and refund. */
  static BigDecimal amount(RawRecord line, OracleSettings settings) {
    return line.number(Column.QUANTITY)
        .multiply(line.number(Column.UNIT_PRICE))
        .setScale(settings.minorDigits(), RoundingMode.HALF_UP);
  }

  private BigDecimal money(String text) {
    return new BigDecimal(text).setScale(digits(), RoundingMode.HALF_UP);
  }

  private int digits() {
    return settings.minorDigits();
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private String pick(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
