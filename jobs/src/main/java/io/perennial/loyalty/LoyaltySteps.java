package io.perennial.loyalty;

import io.perennial.config.LoyaltyKeys;
import io.perennial.config.ShopKeys;
import io.perennial.months.CustomerDaysTable;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepResult;
import java.util.List;

/** The step that counts points and tiers. */
public final class LoyaltySteps {

  public static final Step LOYALTY =
      Step.named(
              "loyalty",
              List.of(CustomerDaysTable.TABLE),
              List.of(LoyaltyTable.TABLE),
              List.of(LoyaltyKeys.GROUP, ShopKeys.CURRENCY.path()),
              LoyaltySteps::loyalty)
          .asOf();

  private LoyaltySteps() {}

  private static StepResult loyalty(StepContext context) {
    context.write(
        LoyaltyTable.TABLE,
        Loyalty.of(
            context.read(CustomerDaysTable.TABLE),
            context.asOf(),
            context.settings().loyalty(),
            context.minorDigits()));
    return StepResult.done();
  }
}
