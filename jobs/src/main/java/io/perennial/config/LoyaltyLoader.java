package io.perennial.config;

import static io.perennial.config.SettingsLoader.whole;

import io.perennial.config.LoyaltySettings.Tier;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;

/** Reads the keys below {@code loyalty}. */
final class LoyaltyLoader {

  private static final String POINTS = "loyalty.points-per-unit";
  private static final String TIERS = "loyalty.tiers";
  private static final BigDecimal MOST_POINTS = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal MOST_MONEY = BigDecimal.valueOf(1_000_000_000_000L);

  private LoyaltyLoader() {}

  /**
   * @param minorDigits decimal places of the shop's currency, beyond which no threshold goes
   */
  static LoyaltySettings load(ConfigReader reader, int minorDigits) {
    return new LoyaltySettings(
        reader.required(
            POINTS,
            "a number above 0, at most 1000000, with up to four decimals",
            points(),
            BigDecimal.TEN),
        tiers(reader, minorDigits),
        reader.required(
            "loyalty.tier-window-months",
            "a whole number of months from 1 to 120",
            whole(1, 120),
            12));
  }

  private static Function<String, BigDecimal> points() {
    return text -> {
      BigDecimal points = new BigDecimal(text);
      if (points.signum() <= 0
          || points.compareTo(MOST_POINTS) > 0
          || points.stripTrailingZeros().scale() > LoyaltySettings.POINT_DECIMALS) {
        throw new IllegalArgumentException(text);
      }
      return points;
    };
  }

  private static List<Tier> tiers(ConfigReader reader, int minorDigits) {
    List<Tier> tiers =
        reader.list(
            TIERS,
            "a name and the least net of it, in the shop's currency: \"silver 300\"",
            text -> tier(text, minorDigits));
    for (int i = 0; i < tiers.size(); i++) {
      Tier tier = tiers.get(i);
      boolean isInOrder =
          i == 0 ? tier.from().signum() == 0 : tier.from().compareTo(tiers.get(i - 1).from()) > 0;
      if (!isInOrder) {
        reader.problem(
            TIERS,
            tier.name() + " " + tier.from().toPlainString(),
            i == 0 ? "the first tier must begin at 0" : "tiers must ascend",
            "");
      }
    }
    if (tiers.stream().map(Tier::name).distinct().count() < tiers.size()) {
      reader.problem(TIERS, null, "must name each tier once", "");
    }
    if (tiers.isEmpty()) {
      reader.problem(TIERS, null, "must have at least one tier", "");
    }
    return tiers;
  }

  private static Tier tier(String text, int minorDigits) {
    String[] parts = text.strip().split("\\s+");
    if (parts.length != 2) {
      throw new IllegalArgumentException(text);
    }
    BigDecimal from = new BigDecimal(parts[1]);
    if (from.signum() < 0
        || from.compareTo(MOST_MONEY) > 0
        || from.stripTrailingZeros().scale() > minorDigits) {
      throw new IllegalArgumentException(text);
    }
    return new Tier(parts[0], from);
  }
}
