package io.perennial.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.perennial.cli.RunSummary.Band;
import io.perennial.cli.RunSummary.Places;
import io.perennial.cli.RunSummary.Segment;
import io.perennial.cli.RunSummary.Tables;
import io.perennial.report.HealthFigures.Files;
import io.perennial.report.RetentionFigures.Month;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.State;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunSummaryTextTest {

  private static final RunSummary SUMMARY =
      new RunSummary(
          new RunRecord(
              "run-1",
              "run",
              Optional.of(LocalDate.of(2026, 1, 1)),
              Instant.EPOCH,
              Optional.of(1.25),
              State.PUBLISHED,
              "",
              Map.of(),
              List.of(),
              Map.of(),
              Optional.empty(),
              "test"),
          Currency.getInstance("EUR"),
          List.of(month(YearMonth.of(2025, 12), 0.9), month(YearMonth.of(2025, 11), null)),
          List.of(
              new Band("high", 2, 0.91, new BigDecimal("1234.50")), new Band("low", 1, 0.2, null)),
          "high",
          List.of(),
          new Files(1, 5, Map.of("accepted", 5L), null),
          Map.of(),
          new Places("warehouse", null, null));

  private static final Tables TABLES =
      new Tables(
          List.of(),
          List.of(new Segment("A segment of a very long name", 1_234_567, money("12.00"))),
          List.of(),
          List.of());

  private static Month month(YearMonth month, Double retention) {
    return new Month(
        month.atDay(1),
        true,
        10,
        12L,
        3,
        1L,
        0,
        retention,
        null,
        0,
        null,
        money("1000.00"),
        money("500.50"),
        null);
  }

  private static BigDecimal money(String amount) {
    return new BigDecimal(amount);
  }

  @Test
  void tablesAlignAndWidenForTheirLongestCell() {
    StringWriter out = new StringWriter();
    RunSummaryText.print(SUMMARY, TABLES, new PrintWriter(out, true));

    assertThat(out.toString().lines())
        .containsSubsequence(
            "Customers by month (retention_summary)",
            "month        start     new    lost  reactivated       end   retention",
            "2025-11         10       3       1            0        12           -",
            "2025-12         10       3       1            0        12      90.0 %",
            "",
            "Segments (rfm)",
            "segment                       customers          net EUR",
            "A segment of a very long name 1,234,567            12.00",
            "",
            "Risk of churn (churn_scores)",
            "band          customers probability       at risk EUR",
            "high                  2      91.0 %          1,234.50",
            "low                   1      20.0 %                 -",
            "",
            "Perennial as of 2026-01-01 (run run-1, 1.3 s)",
            "  customers  12 active at the end of 2025-12, retention 90.0 %: 3 new, 1 lost, 0 back",
            "  net        1,500.50 EUR in 2025-12, 500.50 of it from customers who came back",
            "  at risk    1,234.50 EUR of 3 customers, 2 of them at high risk",
            "  records    5 in 1 files: 5 accepted",
            "  tables     warehouse")
        .as("nothing of what the run has no figures for")
        .noneMatch(line -> line.contains("Audiences") || line.contains("report"));
  }

  @Test
  void fieldsForProgramsHaveMoneyAsText() {
    assertThat(RunSummaryJson.fields(SUMMARY))
        .containsEntry("month", "2025-12")
        .containsEntry("net_new", "1000.00")
        .containsEntry("customers_scored", 3L)
        .containsEntry("customers_at_highest_risk", 2L)
        .containsEntry("value_at_risk", "1234.50")
        .doesNotContainKeys("audiences", "rejected_for", "report", "exports");
  }

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
