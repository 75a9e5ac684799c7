package io.perennial.sample;

import java.math.BigDecimal;
import java.util.EnumSet;

/**
 * The ways an export corrupts a record. Ingest must reject each of them, so the share of corrupted
 * records is the share of rejects. Whether a record is corrupted depends on seed, order and line
 * only; a repeated record is corrupted in the same way.
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

  private static final Corruption[] IN_TEXT =
      EnumSet.complementOf(EnumSet.of(MISSING_QUANTITY, MISSING_PRICE)).toArray(Corruption[]::new);
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

  /** The corruption of a record, or null for a clean record. */
  static Corruption on(
      SampleSettings settings, long customer, int order, int line, boolean isRefund) {
    if (settings.dirtyShare() == 0) {
      return null;
    }
    SeededRandom random =
        new SeededRandom(
            settings.seed(),
            SeededRandom.Topic.CORRUPTION,
            customer,
            order * 1_000L + line * 2L + (isRefund ? 1 : 0));
    if (!random.chance(settings.dirtyShare())) {
      return null;
    }
    Corruption[] kinds = settings.isText() ? IN_TEXT : IN_TYPES;
    Corruption corruption = kinds[random.below(kinds.length)];
    return isRefund && corruption.onSalesOnly ? MISSING_ORDER_ID : corruption;
  }

  /** Corrupts the cells of a text record. */
  void applyToText(Object[] cells) {
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

  /** Corrupts the cells of a record with native types, timestamps in microseconds. */
  void applyToTyped(Object[] cells) {
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
