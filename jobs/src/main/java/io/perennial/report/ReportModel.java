package io.perennial.report;

import io.perennial.cohorts.CohortMatrix;
import io.perennial.table.RunRecord.IdentityCheck;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the report shows, as plain values of one published run. Lists are in the order they are
 * shown; an empty list means that the run has nothing of it yet.
 *
 * @param months of retention_summary, dimension all, at as_of, oldest first
 * @param previousMonths the same at the as_of before, empty where there is none
 * @param cohorts of cohort_matrix, dimension all, by cohort and month index
 * @param averages of cohort_averages, dimension all, by month index
 * @param repurchase of repurchase_curve, by order number and day
 * @param audiences by name
 * @param campaigns newest first
 */
public record ReportModel(
    About about,
    List<RetentionMonth> months,
    List<RetentionMonth> previousMonths,
    List<CohortCell> cohorts,
    List<AverageCell> averages,
    List<CurvePoint> repurchase,
    Segments segments,
    Churn churn,
    List<Audience> audiences,
    List<Campaign> campaigns,
    Health health) {

  /**
   * The run, and the settings that words of the report need.
   *
   * @param previousAsOf the as_of that changes are shown against
   * @param activeWindow cohorts.active-window, in months
   * @param repeatDays cohorts.repeat-days
   * @param sameSettings whether the configuration is still the one of the run
   * @param tables the Delta version of every table
   */
  public record About(
      String runId,
      LocalDate asOf,
      Optional<LocalDate> previousAsOf,
      Instant started,
      Optional<Double> seconds,
      String version,
      Map<String, Long> tables,
      int activeWindow,
      int repeatDays,
      boolean sameSettings,
      ZoneId timeZone,
      Locale locale,
      Currency currency) {}

  /** A month of retention_summary; null where the table has null. */
  public record RetentionMonth(
      LocalDate month,
      boolean isComplete,
      long start,
      Long end,
      long acquired,
      Long lost,
      long reactivated,
      Double retention,
      Double churn,
      long orders,
      Double aov,
      BigDecimal netNew,
      BigDecimal netReturning,
      Double repeat) {

    BigDecimal net() {
      return netNew.add(netReturning);
    }
  }

  /** A cell of cohort_matrix. */
  public record CohortCell(
      LocalDate cohort,
      int index,
      String state,
      long size,
      long active,
      long rollingActive,
      BigDecimal net,
      Interval retention,
      Interval rolling,
      double ltv) {

    boolean isComplete() {
      return state.equals(CohortMatrix.COMPLETE);
    }
  }

  /** A share with its 95 % interval. */
  public record Interval(double rate, double low, double high) {}

  /** A cell of cohort_averages. */
  public record AverageCell(int index, long cohorts, long size, Interval retention, double ltv) {}

  /** A point of repurchase_curve. */
  public record CurvePoint(int orderNumber, int day, long atRisk, double probability) {}

  /**
   * RFM.
   *
   * @param now by net, greatest first
   * @param moves from one segment to another since {@code previousAsOf}, greatest first
   */
  public record Segments(List<Segment> now, Optional<LocalDate> previousAsOf, List<Move> moves) {}

  /**
   * A segment.
   *
   * @param meanRecencyDays mean days since the last order
   * @param before what it was at the snapshot before, where there is one
   * @param advice what the scheme says to do with it; may be empty
   */
  public record Segment(
      String name,
      long customers,
      BigDecimal net,
      double meanRecencyDays,
      Optional<Before> before,
      String advice) {}

  /** A segment at the snapshot before. */
  public record Before(long customers, BigDecimal net) {}

  /** Customers who went from a segment to another one. */
  public record Move(String from, String to, long customers) {}

  /**
   * Churn.
   *
   * @param horizonDays of the model that scored, where there are scores
   * @param refused why the newest model may not score, where that is so
   * @param backtest by test window, newest first, then by log loss
   * @param calibration of the model on the newest window, by bin
   * @param bands by mean probability, highest first
   * @param reasons by customers, most first
   */
  public record Churn(
      Optional<Integer> horizonDays,
      Optional<String> refused,
      List<Backtest> backtest,
      List<Bin> calibration,
      List<Band> bands,
      List<Reason> reasons) {}

  /** A kind of model on a test window. */
  public record Backtest(
      String kind,
      LocalDate origin,
      long customers,
      double churnRate,
      Double auc,
      double logLoss,
      double brier,
      double calibrationError,
      List<Double> decileLift) {

    static final String MODEL = "logistic";

    boolean isModel() {
      return kind.equals(MODEL);
    }
  }

  /** A bin of churn_calibration. */
  public record Bin(double predicted, double observed, long customers) {}

  /** A band of risk; money is null where value could not be fitted. */
  public record Band(
      String name,
      long customers,
      double meanProbability,
      BigDecimal expectedNet,
      BigDecimal valueAtRisk) {}

  /**
   * What raises the risk of some customers most.
   *
   * @param pattern the reason without its numbers
   * @param example it, of the customer with most at risk
   */
  public record Reason(String pattern, String example, long customers, BigDecimal valueAtRisk) {}

  /** An audience with the steps that made it. */
  public record Audience(String name, long target, long control, List<Suppression> steps) {}

  /** A step of the waterfall: so many customers come in, so many leave. */
  public record Suppression(String step, long customersIn, long customersOut) {

    long left() {
      return customersIn - customersOut;
    }
  }

  /**
   * A row of campaign_lift; null where a figure cannot be known.
   *
   * @param verdict what can be said of it, in words
   */
  public record Campaign(
      String experiment,
      LocalDate sentAsOf,
      int windowDays,
      long target,
      long control,
      Double targetRate,
      Double controlRate,
      Double lift,
      Double low,
      Double high,
      BigDecimal incrementalNet,
      Double minimumDetectable,
      String verdict) {

    boolean hasInterval() {
      return lift != null && low != null && high != null;
    }
  }

  /** What the lake was like. */
  public record Health(List<IdentityCheck> reconciliation, Files files, List<Rejected> rejects) {}

  /**
   * ingested_files, added up.
   *
   * @param newest when the newest of them was modified
   */
  public record Files(
      long files,
      long records,
      long accepted,
      long duplicates,
      long superseded,
      long rejected,
      long erased,
      Optional<Instant> newest) {}

  /** Rejected records of one reason; a record with two counts in both. */
  public record Rejected(String reason, long records) {}
}
