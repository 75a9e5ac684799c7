package io.perennial.churn;

import io.perennial.customers.CustomersTable;
import io.perennial.table.Field;
import io.perennial.table.Table;

/** Declares {@code churn_scores}. */
public final class ChurnScoresTable {

  public static final Field CUSTOMER_ID = CustomersTable.CUSTOMER_ID;
  public static final Field CHURN_PROBABILITY =
      Field.rate(
          "churn_probability", "Probability of no valid order in churn.horizon days from as_of.");
  public static final Field RISK_BAND =
      Field.text("risk_band", "Band of the probability (churn.risk-bands).");
  public static final Field EXPECTED_ORDERS =
      Field.rate(
              "expected_orders",
              "Expected days with an order in the horizon (BG/NBD); null where it could not be"
                  + " fitted.")
          .orNull();
  public static final Field EXPECTED_NET =
      Field.money(
              "expected_net",
              "Expected net in the horizon: expected_orders x expected net of an order day"
                  + " (Gamma-Gamma); null where either could not be fitted.")
          .orNull();
  public static final Field VALUE_AT_RISK =
      Field.money(
              "value_at_risk",
              "churn_probability x net that the customer would be expected to bring in the horizon"
                  + " if it is still a customer (BG/NBD given alive, x Gamma-Gamma).")
          .orNull();
  public static final Field REASON_1 =
      Field.text(
          "reason_1",
          "What moves this score most, with its log-odds: + raises the risk, - lowers it.");
  public static final Field REASON_2 = Field.text("reason_2", "What moves it second most.");
  public static final Field REASON_3 = Field.text("reason_3", "What moves it third most.");
  public static final Field MODEL_ID =
      ChurnModelsTable.MODEL_ID.as("model_id", "The model that scored (churn_models).");
  public static final Field LOG_ODDS =
      Field.rate(
          "log_odds",
          "Log-odds of churn_probability: the model's intercept + the four contributions.");
  public static final Field CONTRIBUTION_1 =
      Field.rate("contribution_1", "Log-odds that reason_1 adds to the model's intercept.");
  public static final Field CONTRIBUTION_2 =
      Field.rate("contribution_2", "Log-odds that reason_2 adds.");
  public static final Field CONTRIBUTION_3 =
      Field.rate("contribution_3", "Log-odds that reason_3 adds.");
  public static final Field CONTRIBUTION_OTHERS =
      Field.rate("contribution_others", "Log-odds that all other features add together.");

  public static final Table TABLE =
      Table.named("churn_scores")
          .oneRowPer("as_of and customer with a valid order in churn.lookback days before it")
          .doc("How likely each customer is not to order again soon, why, and what is at stake.")
          .fields(
              Table.AS_OF,
              CUSTOMER_ID,
              CHURN_PROBABILITY,
              RISK_BAND,
              EXPECTED_ORDERS,
              EXPECTED_NET,
              VALUE_AT_RISK,
              REASON_1,
              REASON_2,
              REASON_3,
              MODEL_ID,
              LOG_ODDS,
              CONTRIBUTION_1,
              CONTRIBUTION_2,
              CONTRIBUTION_3,
              CONTRIBUTION_OTHERS)
          .key(Table.AS_OF, CUSTOMER_ID)
          .partitionedBy(Table.AS_OF)
          .invariant("is_probability", "churn_probability >= 0 AND churn_probability <= 1")
          .build();

  private ChurnScoresTable() {}
}
