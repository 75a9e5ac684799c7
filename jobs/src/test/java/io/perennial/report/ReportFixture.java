package io.perennial.report;

import io.perennial.report.AudienceFigures.Audience;
import io.perennial.report.AudienceFigures.Suppression;
import io.perennial.report.CampaignFigures.Campaign;
import io.perennial.report.ChurnFigures.Backtest;
import io.perennial.report.ChurnFigures.Band;
import io.perennial.report.ChurnFigures.Bin;
import io.perennial.report.ChurnFigures.Reason;
import io.perennial.report.CohortFigures.Average;
import io.perennial.report.CohortFigures.Cell;
import io.perennial.report.CohortFigures.CurvePoint;
import io.perennial.report.CohortFigures.Interval;
import io.perennial.report.HealthFigures.Files;
import io.perennial.report.HealthFigures.Rejected;
import io.perennial.report.ReportModel.About;
import io.perennial.report.RetentionFigures.Month;
import io.perennial.report.SegmentFigures.Move;
import io.perennial.report.SegmentFigures.Segment;
import io.perennial.report.SegmentFigures.Size;
import io.perennial.table.RunRecord;
import io.perennial.table.RunRecord.IdentityCheck;
import io.perennial.table.RunRecord.State;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The report of an invented shop: figures are plausible and the same each time. */
final class ReportFixture {

  static final LocalDate AS_OF = LocalDate.of(2026, 1, 1);
  static final LocalDate BEFORE = LocalDate.of(2025, 12, 1);

  /** A name that would run a script if a page took it for markup. */
  static final String HOSTILE_NAME =
      "</script><img src=x onerror=\"document.title='owned'\">{b} & 'co'";

  private static final int WINDOW = 6;

  private Locale locale = Locale.UK;
  private Currency currency = Currency.getInstance("GBP");
  private int cohorts = 36;
  private int size = 400;
  private boolean withChurn = true;
  private boolean withBefore = true;
  private boolean withAudiences = true;
  private boolean withExisting;
  private boolean withLoss;
  private LocalDate asOf = AS_OF;

  static ReportFixture of(int cohorts) {
    ReportFixture fixture = new ReportFixture();
    fixture.cohorts = cohorts;
    return fixture;
  }

  /** Three customers and one month that is not over. */
  static ReportFixture tiny() {
    ReportFixture fixture = of(1).smaller(3).withoutChurn().withoutBefore().withoutAudiences();
    fixture.asOf = LocalDate.of(2025, 12, 20);
    return fixture;
  }

  ReportFixture smaller(int customersOfACohort) {
    this.size = customersOfACohort;
    return this;
  }

  ReportFixture withoutChurn() {
    this.withChurn = false;
    return this;
  }

  ReportFixture withoutBefore() {
    this.withBefore = false;
    return this;
  }

  ReportFixture withoutAudiences() {
    this.withAudiences = false;
    return this;
  }

  /** The first cohort may have been customers before the history began. */
  ReportFixture withExisting() {
    this.withExisting = true;
    return this;
  }

  /** More was refunded than sold in the month before the last. */
  ReportFixture withLoss() {
    this.withLoss = true;
    return this;
  }

  ReportFixture in(String languageTag, String currencyCode) {
    this.locale = Locale.forLanguageTag(languageTag);
    this.currency = Currency.getInstance(currencyCode);
    return this;
  }

  ReportModel model() {
    RunRecord run =
        new RunRecord(
            "20260101T031502Z-4f2a1c",
            "run",
            Optional.of(asOf),
            Instant.parse("2026-01-01T03:15:02Z"),
            Optional.of(212.4),
            State.PUBLISHED,
            "",
            Map.of("cohort_matrix", 41L, "retention_summary", 40L, "rfm", 40L),
            List.of(),
            Map.of(),
            Optional.empty(),
            "0.1.0");
    return new ReportModel(
        new About(run, WINDOW, 90, true, ZoneId.of("Europe/London"), locale, currency),
        List.of(
            retention(),
            new CohortFigures(cells(), averages(), repurchase()),
            segments(),
            withChurn
                ? churn()
                : new ChurnFigures(null, null, List.of(), List.of(), List.of(), List.of()),
            new AudienceFigures(withAudiences ? audiences() : List.of()),
            new CampaignFigures(withAudiences ? campaigns() : List.of()),
            health()));
  }

  private RetentionFigures retention() {
    TreeMap<LocalDate, List<Month>> snapshots = new TreeMap<>(Map.of(asOf, months(asOf)));
    if (withBefore) {
      snapshots.put(BEFORE, months(BEFORE));
    }
    return new RetentionFigures(asOf, snapshots);
  }

  private LocalDate first() {
    return AS_OF.minusMonths(cohorts);
  }

  private List<Month> months(LocalDate known) {
    List<Month> months = new ArrayList<>();
    long start = 0;
    for (int i = 0; i < cohorts; i++) {
      LocalDate month = first().plusMonths(i);
      boolean isComplete = !month.plusMonths(1).isAfter(known);
      if (!month.isBefore(known)) {
        break;
      }
      long acquired = size(i);
      long lost = i < WINDOW ? 0 : Math.round(start * (0.078 + 0.02 * wave(i)));
      long back = i < WINDOW ? 0 : Math.round(start * 0.011);
      long end = start + acquired + back - lost;
      boolean hasRate = isComplete && i >= WINDOW;
      double kept = start == 0 ? 0 : (double) (start - lost) / start;
      months.add(
          new Month(
              month,
              isComplete,
              start,
              isComplete ? end : null,
              acquired,
              isComplete ? lost : null,
              back,
              hasRate ? kept : null,
              hasRate ? 1 - kept : null,
              acquired + start / 5,
              61.20 + 3 * wave(i),
              money(acquired * (withLoss && i == cohorts - 2 ? -580.0 : 58.0)),
              money(start * 11.4 * (1 + 0.2 * wave(i))),
              month.plusMonths(1).plusDays(90).isBefore(known) ? 0.29 + 0.02 * wave(i) : null));
      start = end;
    }
    return months;
  }

  private long size(int i) {
    return Math.max(1, Math.round(size * (1 + 0.4 * wave(i) + i * 0.012)));
  }

  private static double wave(int i) {
    return Math.sin(i * 1.7) * 0.6 + Math.cos(i * 0.52) * 0.4;
  }

  private List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < cohorts; i++) {
      long customers = size(i);
      BigDecimal sum = BigDecimal.ZERO.setScale(2);
      for (int k = 0; i + k < cohorts; k++) {
        double rate = k == 0 ? 1 : 0.05 + 0.16 / Math.sqrt(k) + 0.02 * wave(i + 3 * k);
        double rolling = k == 0 ? 1 : Math.max(rate, 0.62 - 0.012 * k - 0.5 / (cohorts - i));
        long active = Math.round(customers * rate);
        BigDecimal net = money(active * (k == 0 ? 58.0 : 71.5));
        sum = sum.add(net);
        cells.add(
            new Cell(
                first().plusMonths(i),
                k,
                withExisting && i == 0
                    ? "existing"
                    : first().plusMonths(i + k + 1).isAfter(asOf) ? "partial" : "complete",
                customers,
                active,
                Math.max(active, Math.round(customers * rolling)),
                net,
                interval((double) active / customers, customers),
                interval(Math.max((double) active / customers, rolling), customers),
                sum.doubleValue() / customers));
      }
    }
    return cells;
  }

  private List<Average> averages() {
    List<Average> averages = new ArrayList<>();
    for (int k = 0; k < cohorts && asOf.equals(AS_OF); k++) {
      long customers = 0;
      for (int i = 0; i + k < cohorts; i++) {
        customers += size(i);
      }
      double rate = k == 0 ? 1 : 0.05 + 0.16 / Math.sqrt(k);
      averages.add(
          new Average(k, cohorts - k, customers, interval(rate, customers), 58 + 71.5 * 0.11 * k));
    }
    return averages;
  }

  private static Interval interval(double rate, long customers) {
    double half = 1.96 * Math.sqrt(Math.max(0.0001, rate * (1 - rate)) / customers);
    return new Interval(rate, Math.max(0, rate - half), Math.min(1, rate + half));
  }

  private List<CurvePoint> repurchase() {
    List<CurvePoint> points = new ArrayList<>();
    long observed = (long) size * cohorts;
    for (int order = 2; order <= 5; order++) {
      for (int day = 1; day < 30 * cohorts && day <= 730; day++) {
        double most = 0.4 + 0.12 * (order - 2);
        points.add(
            new CurvePoint(
                order,
                day,
                Math.round(observed / (order - 1.0) * (1 - day / (30.5 * cohorts))),
                most * (1 - Math.exp(-day / 80.0))));
      }
    }
    return points;
  }

  private SegmentFigures segments() {
    long all = (long) size * cohorts;
    String[] names = {
      "Champions", "Loyal Customers", "At Risk", HOSTILE_NAME, "Need Attention", "Promising", "Lost"
    };
    double[] shares = {0.12, 0.2, 0.14, 0.08, 0.11, 0.13, 0.22};
    double[] values = {410, 260, 180, 240, 90, 45, 52};
    double[] days = {14, 40, 170, 320, 95, 33, 510};
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      long customers = Math.max(1, Math.round(all * shares[i]));
      long before = Math.max(0, customers - Math.round(customers * 0.08 * (3 - i)));
      segments.add(
          new Segment(
              names[i],
              customers,
              money(customers * values[i]),
              days[i],
              withBefore ? new Size(before, money(before * values[i])) : null,
              "Advice for segment " + (i + 1) + ": do this."));
    }
    return new SegmentFigures(
        segments,
        withBefore ? BEFORE : null,
        withBefore
            ? List.of(
                new Move("(none)", "Promising", 412),
                new Move("Need Attention", "At Risk", 311),
                new Move("At Risk", HOSTILE_NAME, 122))
            : List.of());
  }

  private static ChurnFigures churn() {
    List<Bin> bins = new ArrayList<>();
    List<Double> lift = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      bins.add(new Bin(0.28 + 0.067 * i, 0.26 + 0.069 * i, 480));
      lift.add(1.33 - 0.001 * i * i * i + 0.02);
    }
    List<Backtest> tests = new ArrayList<>();
    for (int fold = 0; fold < 3; fold++) {
      LocalDate origin = AS_OF.minusDays(90L * (fold + 1));
      tests.add(new Backtest("logistic", origin, 4800, 0.76, 0.781, 0.431, 0.138, 0.012, lift));
      tests.add(new Backtest("bg_nbd", origin, 4800, 0.76, 0.774, 0.447, 0.142, 0.031, List.of()));
      tests.add(
          new Backtest("recency_only", origin, 4800, 0.76, 0.741, 0.472, 0.151, 0.022, List.of()));
      tests.add(
          new Backtest("base_rate", origin, 4800, 0.76, null, 0.551, 0.182, 0.009, List.of()));
    }
    return new ChurnFigures(
        90,
        null,
        tests,
        bins,
        List.of(
            new Band("high", 3120, 0.913, money(41_300), money(88_420)),
            new Band("medium", 1440, 0.684, money(66_800), money(97_115)),
            new Band("low", 760, 0.331, money(118_000), money(51_900))),
        List.of(
            new Reason(
                "last order … days ago, usually every …: of such … % order within 90 days",
                "last order 210 days ago, usually every 35: of such 12 % order within 90 days",
                2410,
                money(120_450)),
            new Reason(
                "no order in the last 90 days",
                "no order in the last 90 days",
                1300,
                money(44_100)),
            new Reason("ordered once", "ordered once", 610, money(9_800))));
  }

  private static List<Audience> audiences() {
    return List.of(
        new Audience(
            "Win back the slipping",
            2100,
            233,
            List.of(
                new Suppression("not in segment", 14400, 10500),
                new Suppression("no usable identifier", 3900, 200),
                new Suppression("no consent for the channel", 3700, 900),
                new Suppression("suppressed", 2800, 40),
                new Suppression("cool-off", 2760, 427),
                new Suppression("cap", 2333, 0),
                new Suppression("control group", 2333, 233))),
        new Audience(
            HOSTILE_NAME, 40, 0, List.of(new Suppression("not in segment", 14400, 14360))));
  }

  private static List<Campaign> campaigns() {
    return List.of(
        new Campaign(
            "autumn-winback",
            LocalDate.of(2025, 11, 3),
            30,
            2050,
            228,
            0.142,
            0.091,
            0.051,
            0.011,
            0.091,
            money(8_240),
            0.041,
            "More of the target ordered than of the control group."),
        new Campaign(
            "summer-sale",
            LocalDate.of(2025, 7, 1),
            30,
            900,
            100,
            0.101,
            0.11,
            -0.009,
            -0.073,
            0.055,
            money(-560),
            0.09,
            "The interval holds 0: nothing is shown either way."),
        new Campaign(
            "few",
            LocalDate.of(2025, 6, 1),
            30,
            12,
            0,
            0.25,
            null,
            null,
            null,
            null,
            null,
            null,
            "Too few customers to say anything."));
  }

  private static HealthFigures health() {
    return new HealthFigures(
        List.of(
            new IdentityCheck(
                "raw records = accepted + duplicates + superseded + rejected + erased",
                "48210",
                "47800 + 120 + 240 + 50 + 0",
                true),
            new IdentityCheck(
                "net and orders of customer_days = customer_months",
                "1443206.83 on 24421 orders",
                "1443206.83 on 24421 orders",
                true)),
        new Files(
            36,
            48210,
            Map.of(
                "accepted", 47800L,
                "duplicates", 120L,
                "superseded", 240L,
                "rejected", 50L,
                "erased", 0L),
            Instant.parse("2026-01-01T01:02:00Z")),
        List.of(new Rejected("unit_price is not a number", 31), new Rejected(HOSTILE_NAME, 19)));
  }

  private static BigDecimal money(double amount) {
    return BigDecimal.valueOf(Math.round(amount * 100), 2);
  }
}
