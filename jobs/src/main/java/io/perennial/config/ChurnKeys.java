package io.perennial.config;

import io.perennial.config.Settings.RiskBand;
import java.util.Optional;

/** The keys below {@code churn}. */
public final class ChurnKeys {

  /** All keys of the group, for a step that depends on all. */
  public static final String GROUP = "churn";

  public static final Key<Integer> HORIZON =
      new Key<>("churn.horizon", Allowed.whole("days", 7, 730));
  public static final Key<Optional<Integer>> LOOKBACK =
      new Key<>(
          "churn.lookback",
          new Allowed<>("a whole number of days from 1 to 36500, or all", ChurnKeys::lookback));
  public static final Key<Integer> FOLDS = new Key<>("churn.folds", Allowed.whole(1, 12));
  public static final Key<Integer> TRAINING_ORIGINS =
      new Key<>("churn.training-origins", Allowed.whole(1, 12));
  public static final Key<Double> MAX_CALIBRATION_ERROR =
      new Key<>("churn.max-calibration-error", Allowed.share("1"));
  public static final Key<Integer> MIN_CUSTOMERS =
      new Key<>("churn.min-customers", Allowed.whole(50, 1_000_000));
  public static final Key<Integer> MAX_TRAINING_CUSTOMERS =
      new Key<>("churn.max-training-customers", Allowed.whole(1_000, 100_000_000));
  public static final Key<Threshold> RISK_BANDS =
      new Key<>(
          "churn.risk-bands",
          Threshold.upTo("1", "a name and the least probability of it: \"high 0.8\""));
  public static final Key<String> MODEL =
      new Key<>("churn.model", Allowed.text("a model_id of churn_models"));

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
