package io.perennial.churn;

import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataTypes;

/** Declares {@code churn_backtest}. */
public final class ChurnBacktestTable {

  public static final Field MODEL_KIND =
      Field.text(
          "model_kind",
          "logistic (the model), or what it has to beat on the same customers: recency_only"
              + " (logistic regression on days since the last order), bg_nbd (Fader, Hardie, Lee"
              + " 2005), base_rate (the training origins' churn rate for everybody).");
  public static final Field ORIGIN =
      Field.date("origin", "First day of the test window; what was trained on ended before it.");
  public static final Field CUSTOMERS =
      Field.count("customers", "Customers that were predicted (churn.max-training-customers).");
  public static final Field CHURN_RATE =
      Field.rate("churn_rate", "Share of them without a valid order in the window.");
  public static final Field AUC =
      Field.rate(
              "auc",
              "Probability that who churned was given a higher one than who did not; 0.5 is"
                  + " chance.")
          .orNull();
  public static final Field PR_AUC =
      Field.rate("pr_auc", "Area under the precision-recall curve.").orNull();
  public static final Field LOG_LOSS =
      Field.rate("log_loss", "Mean negative log-likelihood, in nats; less is better.");
  public static final Field BRIER = Field.rate("brier", "Mean squared error; less is better.");
  public static final Field ECE =
      Field.rate(
          "ece",
          "Expected calibration error: mean distance of predicted and observed over ten bins.");
  public static final Field CALIBRATION_SLOPE =
      Field.rate(
              "calibration_slope",
              "Slope of the outcome's log-odds on the predicted ones; 1 is ideal, null for a"
                  + " constant.")
          .orNull();
  public static final Field CALIBRATION_INTERCEPT =
      Field.rate("calibration_intercept", "Intercept of that line; 0 is ideal.").orNull();
  public static final Field DECILE_LIFT =
      Field.of(
              "decile_lift",
              DataTypes.createArrayType(DataTypes.DoubleType),
              "Churn rate of each tenth over that of all, from the highest predictions down.")
          .orNull();

  public static final Table TABLE =
      Table.named("churn_backtest")
          .oneRowPer("as_of, kind of model and test window")
          .doc("How good predictions were on windows that training had not seen.")
          .fields(
              Table.AS_OF,
              MODEL_KIND,
              ORIGIN,
              CUSTOMERS,
              CHURN_RATE,
              AUC,
              PR_AUC,
              LOG_LOSS,
              BRIER,
              ECE,
              CALIBRATION_SLOPE,
              CALIBRATION_INTERCEPT,
              DECILE_LIFT)
          .key(Table.AS_OF, MODEL_KIND, ORIGIN)
          .partitionedBy(Table.AS_OF)
          .invariant("window_is_over", "origin < as_of")
          .build();

  private ChurnBacktestTable() {}
}
