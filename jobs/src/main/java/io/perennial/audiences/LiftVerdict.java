package io.perennial.audiences;

import io.perennial.audiences.LiftEstimate.Interval;
import java.util.Locale;

/** The verdict on a comparison as a sentence that claims no more than the interval supports. */
final class LiftVerdict {

  private LiftVerdict() {}

  static String of(LiftEstimate estimate, int windowDays) {
    if (!estimate.hasBothArms()) {
      return estimate.control().customers() == 0
          ? "Nothing can be said: nobody was held out."
          : "Nothing can be said: everybody was held out.";
    }
    if (!estimate.isLargeEnough()) {
      return String.format(
          Locale.ROOT,
          "Nothing can be said yet: %,d of %,d targets and %,d of %,d held out bought within %d"
              + " days; it takes at least %d who did and %d who did not in both groups.",
          estimate.target().buyers(),
          estimate.target().customers(),
          estimate.control().buyers(),
          estimate.control().customers(),
          windowDays,
          LiftEstimate.MIN_BUYERS_AND_NON_BUYERS,
          LiftEstimate.MIN_BUYERS_AND_NON_BUYERS);
    }
    Interval rates = estimate.rates();
    if (rates.coversZero()) {
      return String.format(
          Locale.ROOT,
          "No effect is shown within %d days: %s in the share who bought, which may be chance"
              + " (95 %% interval %s to %s). Groups of this size find %s.",
          windowDays,
          points(rates.value()),
          points(rates.low()),
          points(rates.high()),
          estimate
              .minimumDetectableEffect()
              .map(
                  effect ->
                      String.format(
                          Locale.ROOT,
                          "a difference of %.2f points four times in five",
                          100 * effect))
              .orElse("little"));
    }
    return String.format(
        Locale.ROOT,
        "%s: %s in the share who bought within %d days (95 %% interval %s to %s).%s",
        rates.value() > 0 ? "It worked" : "It did harm",
        points(rates.value()),
        windowDays,
        points(rates.low()),
        points(rates.high()),
        estimate.incrementalNet().coversZero() ? " Of net this cannot be said." : "");
  }

  private static String points(double share) {
    return String.format(Locale.ROOT, "%+.2f points", 100 * share);
  }
}
