package io.perennial.config;

import io.perennial.config.Settings.RiskBand;
import java.util.Optional;

/** The keys below {@code churn}. */
public final class ChurnKeys {

  public static final String GROUP = "churn";

  public static final Key<Integer> HORIZON =
      new Key<>(
          "churn.horizon",
          "90",
          Allowed.whole("days", 7, 730),
          "Time without a valid order that counts as churn; scores are its probability.");
  public static final Key<Optional<Integer>> LOOKBACK =
      new Key<>(
          "churn.lookback",
          "365",
          new Allowed<>("a whole number of days from 1 to 36500, or all", ChurnKeys::lookback),
          "Customers with a valid order in this time before an origin are scored and trained on.");
  public static final Key<Integer> FOLDS =
      new Key<>(
          "churn.folds",
          "3",
          Allowed.whole(1, 12),
          "Test windows of the backtest: the newest complete one, and others before it at steps of"
              + " the horizon.");
  public static final Key<Integer> TRAINING_ORIGINS =
      new Key<>(
          "churn.training-origins",
          "3",
          Allowed.whole(1, 12),
          "Origins, one horizon apart, that a model is trained on.");
  public static final Key<Double> MAX_CALIBRATION_ERROR =
      new Key<>(
          "churn.max-calibration-error",
          "0.1",
          Allowed.share("1"),
          "Expected calibration error on the newest test window above which the scores of a model"
              + " are not published. Chance alone makes it about 0.03 with a thousand customers, a"
              + " season that training has not seen more.");
  public static final Key<Integer> MIN_CUSTOMERS =
      new Key<>(
          "churn.min-customers",
          "200",
          Allowed.whole(50, 1_000_000),
          "Customers that an origin must have to be trained or tested on.");
  public static final Key<Integer> MAX_TRAINING_CUSTOMERS =
      new Key<>(
          "churn.max-training-customers",
          "300000",
          Allowed.whole(1_000, 100_000_000),
          "Customers that models are trained and tested on at most, sampled by a hash of"
              + " customer_id; all customers are scored.");
  public static final Key<Threshold> RISK_BANDS =
      new Key<>(
          "churn.risk-bands",
          "[\"low 0\", \"medium 0.5\", \"high 0.8\"]",
          Threshold.upTo("1", "a name and the least probability of it: \"high 0.8\""),
          "Bands of the probability, ascending; the first begins at 0.");
  public static final Key<String> MODEL =
      new Key<>(
          "churn.model",
          "",
          Allowed.text("a model_id of churn_models"),
          "The model to score with, instead of training one (`churn --model ID`).");

  private static final Allowed<Integer> LOOKBACK_DAYS = Allowed.whole(1, 36_500);

  private ChurnKeys() {}

  static Settings.Churn load(ConfigReader reader) {
    return new Settings.Churn(
        reader.value(HORIZON),
        reader.value(LOOKBACK),
        reader.value(FOLDS),
        reader.value(TRAINING_ORIGINS),
        reader.value(MAX_CALIBRATION_ERROR),
        reader.value(MIN_CUSTOMERS),
        reader.value(MAX_TRAINING_CUSTOMERS),
        Threshold.read(reader, RISK_BANDS, "band").stream()
            .map(band -> new RiskBand(band.name(), band.from().doubleValue()))
            .toList(),
        reader.optional(MODEL));
  }

  /** Empty for all customers. */
  private static Optional<Integer> lookback(String text) {
    return text.equalsIgnoreCase("all")
        ? Optional.empty()
        : Optional.of(LOOKBACK_DAYS.parse().apply(text));
  }
}
