package io.perennial.report;

import io.perennial.config.SegmentScheme.Segment;
import io.perennial.config.Settings;
import io.perennial.report.ReportModel.About;
import io.perennial.report.ReportModel.RetentionMonth;
import io.perennial.spark.ParallelQueries;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads what the report shows. Each table is added up in Spark; only charts reach the driver. */
public final class ReportData {

  private ReportData() {}

  /**
   * @param sameSettings whether {@code settings} are those that the run was made with
   */
  public static ReportModel read(PublishedTables tables, Settings settings, boolean sameSettings) {
    try (ParallelQueries queries = new ParallelQueries()) {
      Map<String, String> advice =
          settings.rfm().scheme().segments().stream()
              .collect(Collectors.toMap(Segment::name, Segment::doc));
      Supplier<ReportModel.Churn> churn = queries.start(() -> ChurnRows.read(tables));
      Supplier<ReportModel.Segments> segments =
          queries.start(() -> SegmentRows.read(tables, advice));
      Supplier<TreeMap<LocalDate, List<RetentionMonth>>> months =
          queries.start(() -> CohortRows.months(tables));
      Supplier<List<ReportModel.CohortCell>> cells = queries.start(() -> CohortRows.cells(tables));
      Supplier<List<ReportModel.AverageCell>> averages =
          queries.start(() -> CohortRows.averages(tables));
      Supplier<List<ReportModel.CurvePoint>> repurchase =
          queries.start(() -> CohortRows.repurchase(tables));
      Supplier<List<ReportModel.Audience>> audiences =
          queries.start(() -> AudienceRows.audiences(tables));
      Supplier<List<ReportModel.Campaign>> campaigns =
          queries.start(() -> AudienceRows.campaigns(tables));
      Supplier<ReportModel.Health> health = queries.start(() -> HealthRows.read(tables));
      TreeMap<LocalDate, List<RetentionMonth>> summaries = months.get();
      Optional<LocalDate> previous = Optional.ofNullable(summaries.lowerKey(tables.asOf()));
      return new ReportModel(
          about(tables.run(), settings, previous, sameSettings),
          summaries.getOrDefault(tables.asOf(), List.of()),
          previous.map(summaries::get).orElse(List.of()),
          cells.get(),
          averages.get(),
          repurchase.get(),
          segments.get(),
          churn.get(),
          audiences.get(),
          campaigns.get(),
          health.get());
    }
  }

  private static About about(
      RunRecord run, Settings settings, Optional<LocalDate> previous, boolean sameSettings) {
    return new About(
        run.runId(),
        run.asOf().orElseThrow(),
        previous,
        run.started(),
        run.seconds(),
        run.version(),
        run.tables(),
        settings.cohorts().activeWindow(),
        settings.cohorts().repeatDays(),
        sameSettings,
        settings.shop().timeZone(),
        settings.report().locale(),
        settings.shop().currency());
  }
}
