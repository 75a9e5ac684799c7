package io.perennial.config;

import io.perennial.config.LoyaltySettings.Tier;
import java.math.BigDecimal;

/** The keys below {@code loyalty}. */
public final class LoyaltyKeys {

  /** All keys of the group, for a step that depends on all. */
  public static final String GROUP = "loyalty";

  private static final BigDecimal MOST_POINTS = BigDecimal.valueOf(1_000_000);

  public static final Key<BigDecimal> POINTS_PER_UNIT =
      new Key<>(
          "loyalty.points-per-unit",
          new Allowed<>(
                  "a number above 0, at most 1000000, with up to four decimals", BigDecimal::new)
              .where(
                  points ->
                      points.signum() > 0
                          && points.compareTo(MOST_POINTS) <= 0
                          && decimals(points) <= LoyaltySettings.POINT_DECIMALS));
  public static final Key<Threshold> TIERS =
      new Key<>(
          "loyalty.tiers",
          Threshold.upTo(
              "1000000000000",
              "a name and the least net of it, in the shop's currency: \"silver 300\""));
  public static final Key<Integer> TIER_WINDOW_MONTHS =
      new Key<>("loyalty.tier-window-months", Allowed.whole("months", 1, 120));

  private LoyaltyKeys() {}

  /**
   * @param minorDigits decimal places of the shop's currency, the most that a threshold may have
   */
  static LoyaltySettings load(ConfigReader reader, int minorDigits) {
    Key<Threshold> tiers = TIERS.where(tier -> decimals(tier.from()) <= minorDigits);
    return new LoyaltySettings(
        reader.value(POINTS_PER_UNIT),
        Threshold.read(reader, tiers, "tier").stream()
            .map(tier -> new Tier(tier.name(), tier.from()))
            .toList(),
        reader.value(TIER_WINDOW_MONTHS));
  }

  private static int decimals(BigDecimal number) {
    return number.stripTrailingZeros().scale();
  }
}
