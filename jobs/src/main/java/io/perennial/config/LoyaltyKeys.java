package io.perennial.config;

import io.perennial.config.LoyaltySettings.Tier;
import java.math.BigDecimal;

/** The keys below {@code loyalty}. */
public final class LoyaltyKeys {

  public static final String GROUP = "loyalty";

  private static final BigDecimal MOST_POINTS = BigDecimal.valueOf(1_000_000);

  public static final Key<BigDecimal> POINTS_PER_UNIT =
      new Key<>(
          "loyalty.points-per-unit",
          "10",
          new Allowed<>(
                  "a number above 0, at most 1000000, with up to four decimals", BigDecimal::new)
              .where(
                  points ->
                      points.signum() > 0
                          && points.compareTo(MOST_POINTS) <= 0
                          && decimals(points) <= LoyaltySettings.POINT_DECIMALS),
          "Points that one unit of the shop's currency earns; refunds take back as many. Points are"
              + " rounded down once, on the total of a customer.");
  public static final Key<Threshold> TIERS =
      new Key<>(
          "loyalty.tiers",
          "[\"bronze 0\", \"silver 300\", \"gold 1000\"]",
          Threshold.upTo(
              "1000000000000",
              "a name and the least net of it, in the shop's currency: \"silver 300\""),
          "Tiers by the net in the window, ascending; the first begins at 0.");
  public static final Key<Integer> TIER_WINDOW_MONTHS =
      new Key<>(
          "loyalty.tier-window-months",
          "12",
          Allowed.whole("months", 1, 120),
          "Time before as_of whose net decides the tier.");

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
