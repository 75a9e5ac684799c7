package io.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Currency;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunSummaryTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "1234.50 EUR 1,234.50",
        "1234.50 JPY 1,235",
        "-1234.5678 BHD -1,234.568",
        "0 GBP 0.00"
      })
  void moneyHasTheDigitsOfItsCurrency(BigDecimal amount, Currency currency, String text) {
    assertThat(RunSummaryText.money(amount, currency)).isEqualTo(text);
  }
}
