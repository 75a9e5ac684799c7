package io.perennial.sample;

import java.math.BigDecimal;

/**
 * The ways an export spoils a record, each so that ingest must reject it: the share of spoilt
 * records is therefore the share of rejects. Which record is spoilt depends on seed, order and line
 * only; a repeated record is spoilt again the same way.
 */
enum Corruption {
  UNREADABLE_DATE(RawColumn.ORDERED_AT, false, "31/02/2024 10:15", "yesterday", "#REF!"),
  YEAR_1970(RawColumn.ORDERED_AT, true, "1970-01-01 00:00:00"),
  NO_NUMBER_AS_QUANTITY(RawColumn.QUANTITY, false, "two", "n/a", "1 pc", "-"),
  NO_NUMBER_AS_PRICE(RawColumn.UNIT_PRICE, false, "free", "12.50 USD", "N/A"),
  NO_NUMBER_AS_DISCOUNT(RawColumn.DISCOUNT, false, "10%", "none", "staff price"),
  MISSING_ORDER_ID(RawColumn.ORDER_ID, false),
  MISSING_QUANTITY(RawColumn.QUANTITY, false),
  MISSING_PRICE(RawColumn.UNIT_PRICE, false),
  NEGATIVE_PRICE(RawColumn.UNIT_PRICE, true),
  WRONG_CURRENCY(RawColumn.CURRENCY, false, "EUR", "GBP", "XXX");

  private static final Corruption[] IN_TEXT = {
    UNREADABLE_DATE,
    YEAR_1970,
    NO_NUMBER_AS_QUANTITY,
    NO_NUMBER_AS_PRICE,
    NO_NUMBER_AS_DISCOUNT,
    MISSING_ORDER_ID,
    NEGATIVE_PRICE,
    WRONG_CURRENCY
  };
  private static final Corruption[] IN_TYPES = {
    YEAR_1970, MISSING_ORDER_ID, MISSING_QUANTITY, MISSING_PRICE, NEGATIVE_PRICE, WRONG_CURRENCY
  };

  private final RawColumn column;
  private final boolean onSalesOnly;
  private final String[] texts;

  Corruption(RawColumn column, boolean onSalesOnly, String... texts) {
    this.column = column;
    this.onSalesOnly = onSalesOnly;
    this.texts = texts;
  }

  /** The dirt on a record of an order; null on a clean one. */
  static Corruption on(
      SampleSettings settings, long customer, int order, int line, boolean isRefund) {
    if (settings.dirtyShare() == 0) {
      return null;
    }
    SeededRandom dice =
        new SeededRandom(
            settings.seed(),
            SeededRandom.Topic.DIRT,
            customer,
            order * 1_000L + line * 2L + (isRefund ? 1 : 0));
    if (!dice.chance(settings.dirtyShare())) {
      return null;
    }
    Corruption[] kinds = settings.isText() ? IN_TEXT : IN_TYPES;
    Corruption dirt = kinds[dice.below(kinds.length)];
    return isRefund && dirt.onSalesOnly ? MISSING_ORDER_ID : dirt;
  }

  /** Spoils the cells of a record of text. */
  void spoilText(Object[] cells) {
    int at = column.ordinal();
    if (this == NEGATIVE_PRICE) {
      String price = (String) cells[at];
      cells[at] = price.equals("0.00") ? "-1.00" : "-" + price;
    } else {
      cells[at] =
          texts.length == 0
              ? null
              : texts[
                  Math.floorMod(cells[RawColumn.UPDATED_AT.ordinal()].hashCode(), texts.length)];
    }
  }

  /** Spoils the cells of a record of native types, with timestamps in microseconds. */
  void spoilTyped(Object[] cells) {
    int at = column.ordinal();
    switch (this) {
      case NEGATIVE_PRICE -> {
        BigDecimal price = (BigDecimal) cells[at];
        cells[at] = price.signum() == 0 ? BigDecimal.valueOf(-100, 2) : price.negate();
      }
      case YEAR_1970 -> cells[at] = 0L;
      case WRONG_CURRENCY -> cells[at] = texts[0];
      default -> cells[at] = null;
    }
  }
}
