package io.perennial.report;

import io.perennial.config.SegmentScheme.Segment;
import io.perennial.config.Settings;
import io.perennial.report.ReportModel.About;
import io.perennial.report.ReportModel.RetentionMonth;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Reads what the report shows. Each table is added up in Spark; only charts reach the driver. */
public final class ReportData {

  /** Small queries spend their time in planning, so that several at once share the cores well. */
  private static final int AT_ONCE = 4;

  private ReportData() {}

  /**
   * @param sameSettings whether {@code settings} are those that the run was made with
   */
  public static ReportModel read(PublishedTables tables, Settings settings, boolean sameSettings) {
    ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
    try {
      Map<String, String> advice =
          settings.rfm().scheme().segments().stream()
              .collect(Collectors.toMap(Segment::name, Segment::doc));
      Future<ReportModel.Churn> churn = pool.submit(() -> ChurnRows.read(tables));
      Future<ReportModel.Segments> segments = pool.submit(() -> SegmentRows.read(tables, advice));
      Future<TreeMap<LocalDate, List<RetentionMonth>>> months =
          pool.submit(() -> CohortRows.months(tables));
      Future<List<ReportModel.CohortCell>> cells = pool.submit(() -> CohortRows.cells(tables));
      Future<List<ReportModel.AverageCell>> averages =
          pool.submit(() -> CohortRows.averages(tables));
      Future<List<ReportModel.CurvePoint>> repurchase =
          pool.submit(() -> CohortRows.repurchase(tables));
      Future<List<ReportModel.Audience>> audiences =
          pool.submit(() -> AudienceRows.audiences(tables));
      Future<List<ReportModel.Campaign>> campaigns =
          pool.submit(() -> AudienceRows.campaigns(tables));
      Future<ReportModel.Health> health = pool.submit(() -> HealthRows.read(tables));
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
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("Cannot read the report's figures", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot read the report's figures: interrupted", e);
    } finally {
      pool.shutdownNow();
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
