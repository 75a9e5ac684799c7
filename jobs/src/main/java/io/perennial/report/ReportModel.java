package io.perennial.report;

import io.perennial.table.RunRecord;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Locale;

/**
 * What the report shows, as plain values of one published run.
 *
 * @param figures one record of each section that reads tables, such as {@link ChurnFigures}. Their
 *     lists are in the order they are shown; an empty list means that the run has no such figures
 *     yet
 */
public record ReportModel(About about, List<Record> figures) {

  /**
   * The run, and the settings that the report's sentences name.
   *
   * @param activeWindow cohorts.active-window, in months
   * @param repeatDays cohorts.repeat-days
   * @param isConfigUnchanged whether the configuration is still the one of the run
   */
  public record About(
      RunRecord run,
      int activeWindow,
      int repeatDays,
      boolean isConfigUnchanged,
      ZoneId timeZone,
      Locale locale,
      Currency currency) {

    LocalDate asOf() {
      return run.asOf().orElseThrow();
    }
  }

  /**
   * A section's figures.
   *
   * @throws java.util.NoSuchElementException if no section has read them
   */
  <T extends Record> T get(Class<T> type) {
    return figures.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }
}
