package io.perennial.cli;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;

/** Money in words for the terminal: with as many digits as its currency has. */
final class MoneyText {

  private MoneyText() {}

  /** 1234.5 euros are 1,234.50, as many yen 1,235. */
  static String of(BigDecimal amount, Currency currency) {
    int digits = Math.max(0, currency.getDefaultFractionDigits());
    return String.format(Locale.ROOT, "%,." + digits + "f", amount);
  }
}
