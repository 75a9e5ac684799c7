package io.perennial;

import io.perennial.loyalty.Loyalty;
import io.perennial.loyalty.LoyaltyTable;
import io.perennial.months.CustomerDaysTable;
import java.util.List;

/** The step that counts points and tiers. */
final class LoyaltySteps {

  static final Step LOYALTY =
      Step.named(
              "loyalty",
              List.of(CustomerDaysTable.TABLE),
              List.of(LoyaltyTable.TABLE),
              List.of("loyalty", "shop.currency"),
              LoyaltySteps::loyalty)
          .asOf();

  private LoyaltySteps() {}

  private static String loyalty(RunContext context) {
    context.write(
        LoyaltyTable.TABLE,
        Loyalty.of(
            context.store().read(CustomerDaysTable.TABLE),
            context.asOf(),
            context.settings().loyalty(),
            context.minorDigits()));
    return "";
  }
}
