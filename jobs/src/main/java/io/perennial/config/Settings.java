package io.perennial.config;

import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The checked configuration of a run, as {@link SettingsLoader} reads it. {@code reference.conf}
 * documents every key.
 *
 * @param statePath directory of the private state
 * @param rendered every key with its value, and the content of the source, the segment scheme and
 *     the audiences
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
    Contacts contacts,
    AudienceSettings audiences,
    ExportSettings export,
    LoyaltySettings loyalty,
    ProductSettings products,
    ReportSettings report,
    String statePath,
    Map<String, String> rendered) {

  /**
   * The shop.
   *
   * @param defaultRegion ISO 3166 country code, or empty
   */
  public record Shop(ZoneId timeZone, Currency currency, String defaultRegion) {

    /** Decimal places of a money column: the minor digits of the currency. */
    public int minorDigits() {
      return Math.max(0, currency.getDefaultFractionDigits());
    }
  }

  /** The raw orders and the faults they may have. */
  public record Lake(
      String path,
      LocalDate earliest,
      LocalDate latest,
      double maxRejectShare,
      int maxGapDays,
      OnMissingFile onMissingFile,
      OnUnreadableFile onUnreadableFile,
      int rejectsRetentionDays) {}

  /** What happens when a file that was read is no longer there. */
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
   * The tables, their registration in a catalog, and how much history they keep.
   *
   * @param catalog schema of the session catalog
   * @param smallTableBytes size up to which a refresh reads a table, or the files that it needs,
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

  /**
   * Cohort matrix and retention summary.
   *
   * @param activeWindow whole months without a valid order after which a customer counts as lost
   * @param repeatDays days in which a second order makes a repeat customer
   * @param historyStart first month whose new customers are known to be new
   */
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

  /** Time between orders, up to an order number. */
  public record Repurchase(int maxOrderNumber) {}

  /** RFM scores and segments; without a window, all history is scored. */
  public record Rfm(SegmentScheme scheme, Optional<Integer> windowDays) {}

  /**
   * Churn probabilities.
   *
   * @param horizonDays H: days without a valid order that count as churn
   * @param lookbackDays L: customers who ordered in so many days before an origin are scored; empty
   *     for all customers
   * @param folds test windows of the backtest
   * @param trainingOrigins origins that a model is trained on
   * @param maxCalibrationError expected calibration error above which a model is refused
   * @param minCustomers customers that an origin needs
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

  /** Whether addresses are kept; consents always are. */
  public record Contacts(boolean keep) {}

  /** The keys at or below any of the prefixes with their values. */
  public Map<String, String> subset(String... prefixes) {
    Map<String, String> result = new TreeMap<>(rendered);
    result
        .keySet()
        .removeIf(
            key ->
                Arrays.stream(prefixes)
                    .noneMatch(prefix -> key.equals(prefix) || key.startsWith(prefix + ".")));
    return result;
  }
}
