package io.perennial.cli;

import static org.apache.spark.sql.functions.*;

import io.perennial.audiences.AudienceMembersTable;
import io.perennial.audiences.AudienceSuppressionsTable;
import io.perennial.audiences.CampaignLiftTable;
import io.perennial.churn.ChurnBacktestTable;
import io.perennial.churn.ChurnScoresTable;
import io.perennial.cohorts.CohortMatrix;
import io.perennial.cohorts.CohortMatrixTable;
import io.perennial.cohorts.RetentionSummaryTable;
import io.perennial.config.Settings;
import io.perennial.config.Settings.RiskBand;
import io.perennial.export.AudienceExportsTable;
import io.perennial.ingest.IngestedFilesTable;
import io.perennial.ingest.RejectsTable;
import io.perennial.rfm.RfmTable;
import io.perennial.table.Field;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * Figures of a published run, read once. Lists are empty where the run has none yet.
 *
 * @param months complete months of all customers, newest first
 * @param bands by mean probability, highest first
 * @param highestBand name of the band of highest risk
 */
record RunSummary(
    RunRecord run,
    Currency currency,
    List<Month> months,
    List<Band> bands,
    String highestBand,
    Members members,
    Records records,
    Places places,
    Tables tables) {

  private static final int MONTHS = 6;
  private static final int REASONS = 3;
  private static final int COHORTS = 12;
  private static final int MODELS = 4;

  private static final Field REASON = Field.text("reason", "A reason of a rejected record.");
  private static final Field RECORDS = Field.count("records", "Records with the reason.");
  private static final Column ALL = CohortMatrixTable.DIMENSION.col().equalTo("all");

  /**
   * A month of retention_summary.
   *
   * @param retention null where no customer was active at the start
   */
  record Month(
      YearMonth month,
      long start,
      long acquired,
      long lost,
      long reactivated,
      long end,
      Double retention,
      BigDecimal netNew,
      BigDecimal netReturning) {}

  /**
   * Customers of a risk band.
   *
   * @param valueAtRisk null where no value could be fitted
   */
  record Band(String name, long customers, double probability, BigDecimal valueAtRisk) {}

  /** Sizes of audience_members. */
  record Members(long audiences, long targets, long controls) {}

  /**
   * What became of the lake's records.
   *
   * @param outcomes records by outcome, in the order of ingested_files
   * @param rejectedFor records by the most frequent reasons, most first
   */
  record Records(
      long files, long records, Map<String, Long> outcomes, Map<String, Long> rejectedFor) {}

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
   * @param audiences by name
   * @param campaigns by experiment and window
   */
  record Tables(
      List<Cohort> cohorts,
      List<Segment> segments,
      List<Model> models,
      List<Audience> audiences,
      List<Campaign> campaigns) {

    static final Tables NONE = new Tables(List.of(), List.of(), List.of(), List.of(), List.of());
  }

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
   * A kind of model on a test window.
   *
   * @param origin first day of the window
   * @param auc null where it is undefined
   */
  record Model(
      String kind,
      LocalDate origin,
      long customers,
      Double auc,
      double logLoss,
      double calibrationError) {}

  /**
   * An audience's waterfall.
   *
   * @param segment customers in its segment
   * @param removed customers by the order of the step that removed them
   * @param target members to address
   */
  record Audience(String name, long segment, TreeMap<Integer, Long> removed, long target) {}

  /** What a campaign changed, as a sentence. */
  record Campaign(String experiment, int windowDays, String verdict) {}

  /**
   * Reads the figures that every output has.
   *
   * @param report path of the report; null where none was written
   */
  static RunSummary read(PublishedTables tables, Settings settings, String report) {
    List<RiskBand> bands = settings.churn().riskBands();
    return new RunSummary(
        tables.run(),
        settings.shop().currency(),
        months(tables),
        bands(tables),
        bands.get(bands.size() - 1).name(),
        members(tables),
        records(tables),
        new Places(settings.warehouse().path(), report, exports(tables, settings)),
        Tables.NONE);
  }

  /** These figures, with the tables that a terminal shows. */
  RunSummary withTables(PublishedTables published) {
    return new RunSummary(
        run,
        currency,
        months,
        bands,
        highestBand,
        members,
        records,
        places,
        new Tables(
            cohorts(published),
            segments(published),
            models(published),
            audiences(published),
            campaigns(published)));
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

  private static List<Month> months(PublishedTables tables) {
    return tables
        .snapshot(RetentionSummaryTable.TABLE)
        .where(RetentionSummaryTable.STATE.col().equalTo(CohortMatrix.COMPLETE))
        .where(ALL)
        .orderBy(RetentionSummaryTable.MONTH.col().desc())
        .limit(MONTHS)
        .collectAsList()
        .stream()
        .map(
            row ->
                new Month(
                    month(row, RetentionSummaryTable.MONTH),
                    get(row, RetentionSummaryTable.CUSTOMERS_START),
                    get(row, RetentionSummaryTable.NEW),
                    get(row, RetentionSummaryTable.LOST),
                    get(row, RetentionSummaryTable.REACTIVATED),
                    get(row, RetentionSummaryTable.CUSTOMERS_END),
                    get(row, RetentionSummaryTable.RETENTION_RATE),
                    get(row, RetentionSummaryTable.NET_NEW),
                    get(row, RetentionSummaryTable.NET_RETURNING)))
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

  private static Members members(PublishedTables tables) {
    Row row =
        tables
            .snapshot(AudienceMembersTable.TABLE)
            .agg(
                countDistinct(AudienceMembersTable.AUDIENCE.col()),
                count_if(AudienceMembersTable.ARM.col().equalTo(AudienceMembersTable.TARGET)),
                count_if(AudienceMembersTable.ARM.col().equalTo(AudienceMembersTable.CONTROL)))
            .first();
    return new Members(row.getLong(0), row.getLong(1), row.getLong(2));
  }

  private static Records records(PublishedTables tables) {
    Row row =
        tables
            .read(IngestedFilesTable.TABLE)
            .agg(
                count(lit(1)),
                Stream.concat(
                        Stream.of(IngestedFilesTable.RECORDS), IngestedFilesTable.OUTCOMES.stream())
                    .map(counted -> coalesce(sum(counted.col()), lit(0L)))
                    .toArray(Column[]::new))
            .first();
    Map<String, Long> outcomes = new LinkedHashMap<>();
    for (Field outcome : IngestedFilesTable.OUTCOMES) {
      outcomes.put(outcome.name(), row.getLong(outcomes.size() + 2));
    }
    boolean hasRejects = outcomes.get(IngestedFilesTable.REJECTED.name()) > 0;
    return new Records(
        row.getLong(0), row.getLong(1), outcomes, hasRejects ? reasons(tables) : Map.of());
  }

  private static Map<String, Long> reasons(PublishedTables tables) {
    Map<String, Long> reasons = new LinkedHashMap<>();
    tables
        .read(RejectsTable.TABLE)
        .select(explode(RejectsTable.REASONS.col()).as(REASON.name()))
        .groupBy(RejectsTable.ruleOf(REASON.col()).as(REASON.name()))
        .agg(count(lit(1)).as(RECORDS.name()))
        .orderBy(RECORDS.col().desc(), REASON.col())
        .limit(REASONS)
        .collectAsList()
        .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
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
            .where(ALL)
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

  private static List<Model> models(PublishedTables tables) {
    List<Model> models =
        tables
            .snapshot(ChurnBacktestTable.TABLE)
            .orderBy(ChurnBacktestTable.ORIGIN.col().desc(), ChurnBacktestTable.LOG_LOSS.col())
            .limit(MODELS)
            .collectAsList()
            .stream()
            .map(
                row ->
                    new Model(
                        get(row, ChurnBacktestTable.MODEL_KIND),
                        day(row, ChurnBacktestTable.ORIGIN),
                        get(row, ChurnBacktestTable.CUSTOMERS),
                        get(row, ChurnBacktestTable.AUC),
                        get(row, ChurnBacktestTable.LOG_LOSS),
                        get(row, ChurnBacktestTable.ECE)))
            .toList();
    return models.stream().filter(m -> m.origin().equals(models.get(0).origin())).toList();
  }

  private static List<Audience> audiences(PublishedTables tables) {
    Map<String, List<Row>> steps =
        tables.snapshot(AudienceSuppressionsTable.TABLE).collectAsList().stream()
            .sorted(Comparator.comparing(RunSummary::stepOrder))
            .collect(
                Collectors.groupingBy(
                    row -> get(row, AudienceSuppressionsTable.AUDIENCE),
                    TreeMap::new,
                    Collectors.toList()));
    return steps.entrySet().stream().map(a -> audience(a.getKey(), a.getValue())).toList();
  }

  private static Audience audience(String name, List<Row> steps) {
    TreeMap<Integer, Long> removed = new TreeMap<>();
    steps.forEach(
        step -> removed.put(stepOrder(step), get(step, AudienceSuppressionsTable.CUSTOMERS_OUT)));
    return new Audience(name, left(steps.get(0)), removed, left(steps.get(steps.size() - 1)));
  }

  private static int stepOrder(Row step) {
    return get(step, AudienceSuppressionsTable.STEP_ORDER);
  }

  private static long left(Row step) {
    long in = get(step, AudienceSuppressionsTable.CUSTOMERS_IN);
    long out = get(step, AudienceSuppressionsTable.CUSTOMERS_OUT);
    return in - out;
  }

  private static List<Campaign> campaigns(PublishedTables tables) {
    return tables.snapshot(CampaignLiftTable.TABLE).collectAsList().stream()
        .map(
            row ->
                new Campaign(
                    get(row, CampaignLiftTable.EXPERIMENT),
                    get(row, CampaignLiftTable.WINDOW_DAYS),
                    get(row, CampaignLiftTable.VERDICT)))
        .sorted(Comparator.comparing(Campaign::experiment).thenComparing(Campaign::windowDays))
        .toList();
  }

  private static <T> T get(Row row, Field field) {
    return row.getAs(field.name());
  }

  private static LocalDate day(Row row, Field field) {
    return row.<java.sql.Date>getAs(field.name()).toLocalDate();
  }

  private static YearMonth month(Row row, Field field) {
    return YearMonth.from(day(row, field));
  }
}
