package io.perennial.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.YearMonth;
import org.junit.jupiter.api.Test;

class SampleSettingsTest {

  @Test
  void everyImpossibleSettingIsReportedAtOnce() {
    assertThatThrownBy(
            () ->
                new SampleSettings(
                    "lake",
                    "xml",
                    0,
                    0,
                    YearMonth.of(1970, 1),
                    1,
                    SampleSettings.DEFAULT_ZONE,
                    Double.NaN,
                    true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot write a sample lake: format is 'xml', allowed are csv, json, parquet, delta,"
                + " orc; customers is 0, allowed are 1 to 1000000000; months is 0, allowed are 1 to"
                + " 240; start is 1970-01, allowed are months from 1990-01 to 2099-12; dirty share"
                + " is NaN, allowed are 0 to 0.5");
  }

  @Test
  void theGroundTruthPathIgnoresATrailingSlashOfThePath() {
    assertThat(Samples.usual("data/lake/", "csv", 10, 1).truthPath()).isEqualTo("data/lake-truth");
  }

  @Test
  void aLakeEndsBeforeTheMonthAfterItsLast() {
    assertThat(Samples.usual("lake", "csv", 10, 1).endDay()).hasToString("2026-01-01");
  }
}
