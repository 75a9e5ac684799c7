package io.perennial.cli;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.CampaignLiftTable;
import io.perennial.churn.ChurnScoresTable;
import io.perennial.cohorts.CohortMatrix;
import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.config.Settings;
import io.perennial.config.Settings.RiskBand;
import io.perennial.export.AudienceExportsTable;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.report.AudienceFigures;
import io.perennial.report.AudienceFigures.Audience;
import io.perennial.report.CampaignFigures.Campaign;
import io.perennial.report.ChurnFigures;
import io.perennial.report.ChurnFigures.Backtest;
import io.perennial.report.CohortFigures;
import io.perennial.report.HealthFigures;
import io.perennial.report.HealthFigures.Files;
import io.perennial.report.RetentionFigures.Month;
import io.perennial.rfm.RfmTable;
import io.perennial.table.PublishedTables;
import io.perennial.table.RunRecord;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * Figures of a published run, read once. Lists are empty where the run has none yet.
 *
 * @param months complete months of all customers, newest first
 * @param bands by mean probability, highest first
 * @param highestBand name of the band of highest risk
 * @param audiences by name
 * @param files what became of the lake's records
 * @param rejectedFor records by the most frequent reasons, most first
 */
record RunSummary(
    RunRecord run,
    Currency currency,
    List<Month> months,
    List<Band> bands,
    String highestBand,
    List<Audience> audiences,
    Files files,
    Map<String, Long> rejectedFor,
    Places places) {

  private static final int MONTHS = 6;
  private static final int REASONS = 3;
  private static final int COHORTS = 12;

  /**
   * Customers of a risk band.
   *
   * @param valueAtRisk null where no value could be fitted
   */
  record Band(String name, long customers, double probability, BigDecimal valueAtRisk) {}

  /**
   * Where everything is.
   *
   * @param report null where none was written
   * @param exports null where no export was configured or nothing was exported
   */
  record Places(String warehouse, String report, Exports exports) {}

  /** Files of the run's export. */
  record Exports(String path, long lists, long rows) {}

  /**
   * What only a terminal shows.
   *
   * @param cohorts the newest cohorts, oldest first
   * @param segments by net, greatest first
   * @param models on the newest test window, by log loss
   * @param campaigns by experiment and window
   */
  record Tables(
      List<Cohort> cohorts,
      List<Segment> segments,
      List<Backtest> models,
      List<Campaign> campaigns) {}

  /**
   * A cohort of all customers.
   *
   * @param cells by month index; months that have not begun have none
   */
  record Cohort(YearMonth month, long customers, TreeMap<Integer, Cell> cells) {

    /** Month indexes that are shown: from 0 to below this. */
    static final int SHOWN = 7;
  }

  /** Retention in a month since acquisition, which may not be over. */
  record Cell(double retention, boolean isPartial) {}

  /** An RFM segment. */
  record Segment(String name, long customers, BigDecimal net) {}

  /**
   * Reads the figures that every output has.
   *
   * @param report path of the report; null where none was written
   */
  static RunSummary read(PublishedTables tables, Settings settings, String report) {
    List<RiskBand> bands = settings.churn().riskBands();
    Files files = HealthFigures.readFiles(tables);
    return new RunSummary(
        tables.run(),
        settings.shop().currency(),
        months(tables),
        bands(tables),
        bands.get(bands.size() - 1).name(),
        AudienceFigures.read(tables).audiences(),
        files,
        files.count(IngestedFilesTable.REJECTED) > 0 ? reasons(tables) : Map.of(),
        new Places(settings.warehouse().path(), report, exports(tables, settings)));
  }

  /** Reads the tables that only a terminal shows. */
  static Tables readTables(PublishedTables tables) {
    return new Tables(
        cohorts(tables),
        segments(tables),
        ChurnFigures.ofNewestWindow(ChurnFigures.readBacktest(tables)),
        campaigns(tables));
  }

  /** Customers with a churn score. */
  long scored() {
    return bands.stream().mapToLong(Band::customers).sum();
  }

  long atHighestRisk() {
    return bands.stream()
        .filter(band -> band.name().equals(highestBand))
        .mapToLong(Band::customers)
        .sum();
  }

  BigDecimal valueAtRisk() {
    return bands.stream()
        .map(Band::valueAtRisk)
        .filter(Objects::nonNull)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Audiences with members. */
  long audiencesWithMembers() {
    return audiences.stream().filter(a -> a.target() + a.control() > 0).count();
  }

  long targets() {
    return audiences.stream().mapToLong(Audience::target).sum();
  }

  long controls() {
    return audiences.stream().mapToLong(Audience::control).sum();
  }

  private static List<Month> months(PublishedTables tables) {
    return tables
        .snapshot(RetentionSummaryTable.TABLE)
        .where(RetentionSummaryTable.STATE.col().equalTo(CohortMatrix.COMPLETE))
        .where(CohortFigures.ALL)
        .orderBy(RetentionSummaryTable.MONTH.col().desc())
        .limit(MONTHS)
        .collectAsList()
        .stream()
        .map(Month::of)
        .toList();
  }

  private static List<Band> bands(PublishedTables tables) {
    return tables
        .snapshot(ChurnScoresTable.TABLE)
        .groupBy(ChurnScoresTable.RISK_BAND.col())
        .agg(
            count(lit(1)),
            avg(ChurnScoresTable.CHURN_PROBABILITY.col()),
            sum(ChurnScoresTable.VALUE_AT_RISK.col()))
        .collectAsList()
        .stream()
        .map(row -> new Band(row.getString(0), row.getLong(1), row.getDouble(2), row.getDecimal(3)))
        .sorted(Comparator.comparingDouble(Band::probability).reversed())
        .toList();
  }

  private static Map<String, Long> reasons(PublishedTables tables) {
    Map<String, Long> reasons = new LinkedHashMap<>();
    HealthFigures.readRejects(tables).stream()
        .limit(REASONS)
        .forEach(rejected -> reasons.put(rejected.reason(), rejected.records()));
    return reasons;
  }

  private static Exports exports(PublishedTables tables, Settings settings) {
    Optional<String> path = settings.export().path();
    if (path.isEmpty()) {
      return null;
    }
    Row row =
        tables
            .snapshot(AudienceExportsTable.TABLE)
            .where(AudienceExportsTable.RUN_ID.col().equalTo(tables.run().runId()))
            .agg(count(lit(1)), coalesce(sum(AudienceExportsTable.ROWS.col()), lit(0L)))
            .first();
    return row.getLong(0) == 0 ? null : new Exports(path.get(), row.getLong(0), row.getLong(1));
  }

  private static List<Cohort> cohorts(PublishedTables tables) {
    List<Row> rows =
        tables
            .snapshot(CohortMatrixTable.TABLE)
            .where(CohortFigures.ALL)
            .where(CohortMatrixTable.MONTH_INDEX.col().lt(Cohort.SHOWN))
            .select(
                CohortMatrixTable.COHORT_MONTH.col(),
                CohortMatrixTable.MONTH_INDEX.col(),
                CohortMatrixTable.COHORT_SIZE.col(),
                CohortMatrixTable.RETENTION_RATE.col())
            .collectAsList();
    TreeMap<LocalDate, Cohort> cohorts = new TreeMap<>();
    for (Row row : rows) {
      LocalDate month = row.getDate(0).toLocalDate();
      int index = row.getInt(1);
      cohorts
          .computeIfAbsent(
              month, m -> new Cohort(YearMonth.from(m), row.getLong(2), new TreeMap<>()))
          .cells()
          .put(
              index, new Cell(row.getDouble(3), !CohortMatrix.isOver(month, index, tables.asOf())));
    }
    return cohorts.values().stream().skip(Math.max(0, cohorts.size() - COHORTS)).toList();
  }

  private static List<Segment> segments(PublishedTables tables) {
    return tables
        .snapshot(RfmTable.TABLE)
        .groupBy(RfmTable.SEGMENT.col())
        .agg(count(lit(1)), sum(RfmTable.MONETARY.col()))
        .collectAsList()
        .stream()
        .map(row -> new Segment(row.getString(0), row.getLong(1), row.getDecimal(2)))
        .sorted(Comparator.comparing(Segment::net).reversed())
        .toList();
  }

  private static List<Campaign> campaigns(PublishedTables tables) {
    return tables.rowsAsOf(CampaignLiftTable.TABLE, rows -> rows).stream()
        .map(Campaign::of)
        .sorted(Comparator.comparing(Campaign::experiment).thenComparing(Campaign::windowDays))
        .toList();
  }
}
