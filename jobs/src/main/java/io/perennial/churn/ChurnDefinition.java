package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * What churn means: an eligible customer places no valid order in the horizon after an origin.
 *
 * @param horizonDays H, days of the outcome window
 * @param lookbackDays L: a customer is eligible with a valid order in so many days before the
 *     origin; {@link #UNLIMITED} for every customer with an order
 */
public record ChurnDefinition(int horizonDays, int lookbackDays) {

  /** A lookback over all history. */
  static final int UNLIMITED = Integer.MAX_VALUE;

  static ChurnDefinition of(Settings.Churn settings) {
    return new ChurnDefinition(settings.horizonDays(), settings.lookbackDays().orElse(UNLIMITED));
  }

  /** The definition that a row of churn_models was trained for. */
  static ChurnDefinition of(Row model) {
    int lookback = model.fieldIndex(ChurnModelsTable.LOOKBACK_DAYS.name());
    return new ChurnDefinition(
        model.getAs(ChurnModelsTable.HORIZON_DAYS.name()),
        model.isNullAt(lookback) ? UNLIMITED : model.getInt(lookback));
  }

  /** Whether a customer with this last order day is eligible at the origin. */
  Column isEligible(Column origin, Column lastDay) {
    return isLimited() ? datediff(origin, lastDay).leq(lookbackDays) : lit(true);
  }

  /** The lookback as churn_models stores it: null for all history. */
  Integer storedLookback() {
    return isLimited() ? lookbackDays : null;
  }

  /** The lookback as churn.lookback writes it. */
  String lookback() {
    return isLimited() ? String.valueOf(lookbackDays) : "all";
  }

  private boolean isLimited() {
    return lookbackDays != UNLIMITED;
  }
}
