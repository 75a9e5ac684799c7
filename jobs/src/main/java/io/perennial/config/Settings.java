package io.perennial.config;

import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The checked configuration of a run. Every key is documented, with its default and unit, in {@code
 * reference.conf}; {@link SettingsLoader} is the only class that reads them.
 */
public record Settings(
    Shop shop,
    Lake lake,
    SourceSettings source,
    Warehouse warehouse,
    Cohorts cohorts,
    Repurchase repurchase,
    Rfm rfm,
    Churn churn,
    ContactSettings contacts,
    AudienceSettings audiences,
    ExportSettings export,
    LoyaltySettings loyalty,
    ProductSettings products,
    ReportSettings report,
    String statePath,
    Map<String, String> rendered) {

  /** The shop whose orders these are. */
  public record Shop(ZoneId timeZone, Currency currency, String defaultRegion) {

    /** Decimal places of a money column: the minor digits of the currency. */
    public int minorDigits() {
      return Math.max(0, currency.getDefaultFractionDigits());
    }
  }

  /** Where raw orders lie and how bad they may be. */
  public record Lake(
      String path,
      LocalDate earliest,
      LocalDate latest,
      double maxRejectShare,
      int maxGapDays,
      OnMissingFile onMissingFile,
      OnUnreadableFile onUnreadableFile,
      int rejectsRetentionDays) {}

  /** What a file means that was read once and is no longer there. */
  public enum OnMissingFile {
    STOP,
    KEEP,
    RETRACT
  }

  /** What happens to a file that cannot be read. */
  public enum OnUnreadableFile {
    STOP,
    SKIP
  }

  /**
   * Where tables go, whether they are registered, and how much history stays.
   *
   * @param smallTableBytes size up to which a refresh takes a table, or the files that it reads,
   *     whole
   */
  public record Warehouse(
      String path,
      Optional<String> catalog,
      int snapshotDays,
      int snapshotMonthEnds,
      Duration keepVersions,
      Duration waitForOtherRun,
      long smallTableBytes) {}

  /** Cohort matrix and retention summary. */
  public record Cohorts(
      List<Dimension> dimensions,
      int activeWindow,
      int repeatDays,
      Optional<YearMonth> historyStart) {}

  /** Attributes of a customer's first valid order that cohorts may be cut by. */
  public enum Dimension {
    COUNTRY,
    CHANNEL,
    CATEGORY,
    DISCOUNTED;

    /** The value of the column {@code dimension}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Time between orders. */
  public record Repurchase(int maxOrderNumber) {}

  /** RFM scores and segments. */
  public record Rfm(SegmentScheme scheme, Optional<Integer> windowDays) {}

  /**
   * Churn probabilities.
   *
   * @param horizonDays H: churned is who places no valid order in so many days
   * @param lookbackDays L: whoever ordered in so many days before is scored; empty for everybody
   * @param folds test windows of the backtest
   * @param trainingOrigins origins that a model is trained on
   * @param maxCalibrationError expected calibration error above which a model is refused
   * @param minCustomers customers that an origin must have
   * @param maxTrainingCustomers customers that models are trained and tested on at most
   * @param riskBands bands by the least probability, ascending; the first begins at 0
   * @param model the model to score with, instead of a new one
   */
  public record Churn(
      int horizonDays,
      Optional<Integer> lookbackDays,
      int folds,
      int trainingOrigins,
      double maxCalibrationError,
      int minCustomers,
      int maxTrainingCustomers,
      List<RiskBand> riskBands,
      Optional<String> model) {}

  /** A name for probabilities from {@code from} up to the next band. */
  public record RiskBand(String name, double from) {}

  /** The keys below any of these prefixes with their values: what a step's result depends on. */
  public Map<String, String> subset(String... prefixes) {
    Map<String, String> result = new TreeMap<>();
    rendered.forEach(
        (key, value) -> {
          for (String prefix : prefixes) {
            if (key.equals(prefix) || key.startsWith(prefix + ".")) {
              result.put(key, value);
            }
          }
        });
    return result;
  }
}
