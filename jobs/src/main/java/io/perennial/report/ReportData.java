package io.perennial.report;

import io.perennial.config.Settings;
import io.perennial.report.ReportModel.About;
import io.perennial.spark.ParallelQueries;
import io.perennial.table.PublishedTables;
import java.util.List;
import java.util.Optional;

/**
 * Reads the figures of all sections. Small queries spend their time in planning, so that several at
 * once share the cores well.
 */
public final class ReportData {

  private ReportData() {}

  /**
   * @param isConfigUnchanged whether the run was made with {@code settings}
   * @throws IllegalStateException if a table's version can no longer be read
   */
  public static ReportModel read(
      PublishedTables tables, Settings settings, boolean isConfigUnchanged) {
    List<Record> figures =
        ParallelQueries.map(Section.ALL, section -> section.figures().apply(tables, settings))
            .stream()
            .flatMap(Optional::stream)
            .toList();
    return new ReportModel(
        new About(
            tables.run(),
            settings.cohorts().activeWindow(),
            settings.cohorts().repeatDays(),
            isConfigUnchanged,
            settings.shop().timeZone(),
            settings.report().locale(),
            settings.shop().currency()),
        figures);
  }
}
