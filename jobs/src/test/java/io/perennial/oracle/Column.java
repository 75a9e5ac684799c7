package io.perennial.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Locale;

/** The target columns of a source mapping, with the properties that the ingest rules need. */
public enum Column {
  ORDER_ID(Type.TEXT, Role.LINE),
  LINE_ID(Type.TEXT, Role.LINE),
  CUSTOMER_ID(Type.TEXT, Role.ORDER),
  ORDERED_AT(Type.TIME, Role.ORDER),
  PRODUCT_ID(Type.TEXT, Role.LINE),
  PRODUCT_NAME(Type.TEXT, Role.LINE),
  CATEGORY(Type.TEXT, Role.LINE),
  QUANTITY(Type.QUANTITY, Role.LINE),
  UNIT_PRICE(Type.PRICE, Role.LINE),
  DISCOUNT(Type.MONEY, Role.LINE),
  ORDER_DISCOUNT(Type.MONEY, Role.LINE),
  SHIPPING(Type.MONEY, Role.LINE),
  TAX(Type.MONEY, Role.LINE),
  REFUND_AMOUNT(Type.MONEY, Role.LINE),
  REFUNDED_AT(Type.TIME, Role.LINE),
  UPDATED_AT(Type.TIME, Role.VERSION),
  CURRENCY(Type.TEXT, Role.ORDER),
  KIND(Type.TEXT, Role.LINE),
  STATUS(Type.TEXT, Role.STATE),
  IS_TEST(Type.FLAG, Role.ORDER),
  IS_GUEST(Type.FLAG, Role.ORDER),
  CHANNEL(Type.TEXT, Role.ORDER),
  DISCOUNT_CODE(Type.TEXT, Role.ORDER),
  COUNTRY(Type.TEXT, Role.ORDER),
  EMAIL(Type.TEXT, Role.CONTACT);

  /** How a cell is typed. */
  enum Type {
    TEXT,
    QUANTITY,
    PRICE,
    MONEY,
    TIME,
    FLAG
  }

  /** The level of a cell. Status is order-level too, but no part of a line's identity. */
  private enum Role {
    LINE,
    ORDER,
    STATE,
    VERSION,
    CONTACT
  }

  private final Type type;
  private final Role role;

  Column(Type type, Role role) {
    this.type = type;
    this.role = role;
  }

  Type type() {
    return type;
  }

  /** Whether a blank cell takes the value of the order's other records. */
  boolean isOrderLevel() {
    return role == Role.ORDER || role == Role.STATE;
  }

  /** Whether two records that differ only here are still the same line. */
  boolean isIdentity() {
    return role == Role.LINE || role == Role.ORDER;
  }

  /** The name in mappings and tables. */
  public String columnName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Parses text by the column's type; other values pass through. */
  Object read(Object value) {
    if (!(value instanceof String text)) {
      return value;
    }
    return switch (type) {
      case TEXT -> text;
      case QUANTITY, PRICE, MONEY -> new BigDecimal(text);
      case TIME -> Instant.parse(text);
      case FLAG -> Boolean.valueOf(text);
    };
  }

  /**
   * The cell at its column's type: trimmed text, decimals rounded half up to their scale, blank
   * text null.
   */
  Object typed(Object value, int minorDigits) {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case TEXT -> ((String) value).isBlank() ? null : ((String) value).strip();
      case QUANTITY -> scaled(value, 3);
      case PRICE -> scaled(value, 6);
      case MONEY -> scaled(value, minorDigits);
      case TIME, FLAG -> value;
    };
  }

  private static BigDecimal scaled(Object value, int digits) {
    return ((BigDecimal) value).setScale(digits, RoundingMode.HALF_UP);
  }
}
