package io.perennial.config;

import java.math.BigDecimal;
import java.util.List;

/**
 * The loyalty programme.
 *
 * @param pointsPerUnit points that one unit of the shop's currency earns, above 0, with four
 *     decimals at most
 * @param tiers tiers by the least net in the window, ascending; the first begins at 0
 * @param tierWindowMonths months before as_of whose net decides the tier
 */
public record LoyaltySettings(BigDecimal pointsPerUnit, List<Tier> tiers, int tierWindowMonths) {

  /** Decimal places that points per unit may have. */
  public static final int POINT_DECIMALS = 4;

  /**
   * A tier of customers whose net in the window reaches {@code from}.
   *
   * @param from in the shop's currency
   */
  public record Tier(String name, BigDecimal from) {}
}
