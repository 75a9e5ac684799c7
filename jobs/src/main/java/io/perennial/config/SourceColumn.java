package io.perennial.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A column that a source may map, with the type that its expression is cast to. */
public enum SourceColumn {
  ORDER_ID(Kind.TEXT, Role.ORDER_KEY, true),
  LINE_ID(Kind.TEXT, Role.LINE, false),
  CUSTOMER_ID(Kind.TEXT, Role.ORDER, true),
  ORDERED_AT(Kind.TIMESTAMP, Role.LINE, true),
  PRODUCT_ID(Kind.TEXT, Role.LINE, false),
  PRODUCT_NAME(Kind.TEXT, Role.LINE, false),
  CATEGORY(Kind.TEXT, Role.LINE, false),
  QUANTITY(Kind.QUANTITY, Role.LINE, true),
  UNIT_PRICE(Kind.PRICE, Role.LINE, true),
  DISCOUNT(Kind.MONEY, Role.LINE, false),
  ORDER_DISCOUNT(Kind.MONEY, Role.LINE, false),
  SHIPPING(Kind.MONEY, Role.LINE, false),
  TAX(Kind.MONEY, Role.LINE, false),
  REFUND_AMOUNT(Kind.MONEY, Role.LINE, false),
  REFUNDED_AT(Kind.TIMESTAMP, Role.LINE, false),
  UPDATED_AT(Kind.TIMESTAMP, Role.VERSION, false),
  CURRENCY(Kind.TEXT, Role.ORDER, false),
  KIND(Kind.TEXT, Role.LINE, false),
  STATUS(Kind.TEXT, Role.STATUS, false),
  IS_TEST(Kind.BOOLEAN, Role.ORDER, false),
  IS_GUEST(Kind.BOOLEAN, Role.ORDER, false),
  CHANNEL(Kind.TEXT, Role.ORDER, false),
  DISCOUNT_CODE(Kind.TEXT, Role.ORDER, false),
  COUNTRY(Kind.TEXT, Role.ORDER, false),
  EMAIL(Kind.TEXT, Role.CONTACT, false),
  PHONE(Kind.TEXT, Role.CONTACT, false),
  FIRST_NAME(Kind.TEXT, Role.CONTACT, false),
  LAST_NAME(Kind.TEXT, Role.CONTACT, false),
  CITY(Kind.TEXT, Role.CONTACT, false),
  STATE(Kind.TEXT, Role.CONTACT, false),
  ZIP(Kind.TEXT, Role.CONTACT, false),
  BIRTH_DATE(Kind.DATE, Role.CONTACT, false),
  EMAIL_CONSENT(Kind.BOOLEAN, Role.CONSENT, false),
  SMS_CONSENT(Kind.BOOLEAN, Role.CONSENT, false),
  ADS_CONSENT(Kind.BOOLEAN, Role.CONSENT, false);

  /** Type that an expression is cast to. */
  public enum Kind {
    TEXT("text"),
    TIMESTAMP("a timestamp"),
    DATE("a date"),
    QUANTITY("a number"),
    PRICE("a number"),
    MONEY("an amount of money"),
    BOOLEAN("true or false");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** The type in reject reasons, such as "quantity is not a number". */
    public String words() {
      return words;
    }
  }

  /** Whether a column belongs to the line, the order or the person. */
  public enum Role {
    ORDER_KEY,
    ORDER,
    LINE,
    STATUS,
    VERSION,
    CONTACT,
    CONSENT
  }

  private final Kind kind;
  private final Role role;
  private final boolean required;

  SourceColumn(Kind kind, Role role, boolean required) {
    this.kind = kind;
    this.role = role;
    this.required = required;
  }

  public Kind kind() {
    return kind;
  }

  public Role role() {
    return role;
  }

  /** Whether every source must map it. */
  public boolean required() {
    return required;
  }

  /** The name in {@code columns} of a source file. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Part of the identity of a line where {@code line_id} is not mapped (see the definitions). */
  public boolean isIdentity() {
    return role == Role.ORDER_KEY || role == Role.ORDER || (role == Role.LINE && this != LINE_ID);
  }

  /** Whether it is an address or a consent of a person. */
  public boolean isPersonal() {
    return role == Role.CONTACT || role == Role.CONSENT;
  }

  static Optional<SourceColumn> of(String label) {
    return Arrays.stream(values()).filter(column -> column.label().equals(label)).findFirst();
  }
}
