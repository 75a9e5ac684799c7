package io.perennial.config;

import static io.perennial.config.SettingsLoader.share;
import static io.perennial.config.SettingsLoader.whole;

import io.perennial.config.Settings.RiskBand;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the keys below {@code churn}. */
final class ChurnLoader {

  private static final String ALL = "all";
  private static final int NO_LOOKBACK = -1;
  private static final String BANDS = "churn.risk-bands";

  private ChurnLoader() {}

  static Settings.Churn load(ConfigReader reader) {
    return new Settings.Churn(
        reader.required("churn.horizon", "a whole number of days from 7 to 730", whole(7, 730), 90),
        lookback(reader),
        reader.required("churn.folds", "a whole number from 1 to 12", whole(1, 12), 3),
        reader.required("churn.training-origins", "a whole number from 1 to 12", whole(1, 12), 3),
        reader.required("churn.max-calibration-error", "a share from 0 to 1", share(), 0.1),
        reader.required(
            "churn.min-customers", "a whole number from 50 to 1000000", whole(50, 1_000_000), 200),
        reader.required(
            "churn.max-training-customers",
            "a whole number from 1000 to 100000000",
            whole(1_000, 100_000_000),
            300_000),
        bands(reader),
        reader.value("churn.model", "a model_id of churn_models", Function.identity()));
  }

  private static Optional<Integer> lookback(ConfigReader reader) {
    int days =
        reader.required(
            "churn.lookback",
            "a whole number of days from 1 to 36500, or all",
            text -> text.equalsIgnoreCase(ALL) ? NO_LOOKBACK : whole(1, 36_500).apply(text),
            NO_LOOKBACK);
    return days == NO_LOOKBACK ? Optional.empty() : Optional.of(days);
  }

  private static List<RiskBand> bands(ConfigReader reader) {
    List<RiskBand> bands =
        reader.list(
            BANDS, "a name and the least probability of it: \"high 0.8\"", ChurnLoader::band);
    for (int i = 0; i < bands.size(); i++) {
      RiskBand band = bands.get(i);
      boolean isInOrder = i == 0 ? band.from() == 0 : band.from() > bands.get(i - 1).from();
      if (!isInOrder) {
        reader.problem(
            BANDS,
            band.name() + " " + band.from(),
            i == 0 ? "the first band must begin at 0" : "bands must ascend",
            "");
      }
    }
    if (bands.stream().map(RiskBand::name).distinct().count() < bands.size()) {
      reader.problem(BANDS, null, "must name each band once", "");
    }
    if (bands.isEmpty()) {
      reader.problem(BANDS, null, "must have at least one band", "");
    }
    return bands;
  }

  private static RiskBand band(String text) {
    String[] parts = text.strip().split("\\s+");
    if (parts.length != 2) {
      throw new IllegalArgumentException(text);
    }
    return new RiskBand(parts[0], share().apply(parts[1]));
  }
}
