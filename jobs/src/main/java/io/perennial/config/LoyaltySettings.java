package io.perennial.config;

import java.math.BigDecimal;
import java.util.List;

/**
 * The loyalty programme.
 *
 * @param pointsPerUnit points per unit of the shop's currency, above 0, up to four decimals
 * @param tiers tiers by the least net in the window, ascending; the first begins at 0
 * @param tierWindowMonths months before as_of whose net decides the tier
 */
public record LoyaltySettings(BigDecimal pointsPerUnit, List<Tier> tiers, int tierWindowMonths) {

  /** Maximum decimal places of points per unit. */
  public static final int POINT_DECIMALS = 4;

  /**
   * A tier of customers.
   *
   * @param from least net in the window, in the shop's currency
   */
  public record Tier(String name, BigDecimal from) {}
}
