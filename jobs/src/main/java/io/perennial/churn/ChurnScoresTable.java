package io.perennial.churn;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;

public final class ChurnScoresTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("churn_scores")
          .oneRowPer("as_of and customer with a valid order in churn.lookback days before it")
          .doc("How likely each customer is not to order again soon, why, and what is at stake.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field CUSTOMER_ID = BUILDER.add(CustomersTable.CUSTOMER_ID);
  public static final Field CHURN_PROBABILITY =
      BUILDER.rate(
          "churn_probability", "Probability of no valid order in churn.horizon days from as_of.");
  public static final Field RISK_BAND =
      BUILDER.text("risk_band", "Band of the probability (churn.risk-bands).");
  public static final Field EXPECTED_ORDERS =
      NULLABLE.rate(
          "expected_orders",
          "Expected days with an order in the horizon (BG/NBD); null where it could not be"
              + " fitted.");
  public static final Field EXPECTED_NET =
      NULLABLE.money(
          "expected_net",
          "Expected net in the horizon: expected_orders x expected net of an order day"
              + " (Gamma-Gamma); null where either could not be fitted.");
  public static final Field VALUE_AT_RISK =
      NULLABLE.money(
          "value_at_risk",
          "churn_probability x net that the customer would be expected to bring in the horizon"
              + " if it is still a customer (BG/NBD given alive, x Gamma-Gamma).");
  public static final Field REASON_1 =
      BUILDER.text(
          "reason_1",
          "What moves this score most, with its log-odds: + raises the risk, - lowers it.");
  public static final Field REASON_2 = BUILDER.text("reason_2", "What moves it second most.");
  public static final Field REASON_3 = BUILDER.text("reason_3", "What moves it third most.");
  public static final Field MODEL_ID =
      BUILDER.text("model_id", "The model that scored (churn_models).");
  public static final Field LOG_ODDS =
      BUILDER.rate(
          "log_odds",
          "Log-odds of churn_probability: the model's intercept + the four contributions.");
  public static final Field CONTRIBUTION_1 =
      BUILDER.rate("contribution_1", "Log-odds that reason_1 adds to the model's intercept.");
  public static final Field CONTRIBUTION_2 =
      BUILDER.rate("contribution_2", "Log-odds that reason_2 adds.");
  public static final Field CONTRIBUTION_3 =
      BUILDER.rate("contribution_3", "Log-odds that reason_3 adds.");
  public static final Field CONTRIBUTION_OTHERS =
      BUILDER.rate("contribution_others", "Log-odds that all other features add together.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, CUSTOMER_ID)
          .invariant("is_probability", "churn_probability >= 0 AND churn_probability <= 1")
          .build();

  private ChurnScoresTable() {}
}
