package io.perennial.churn;

import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataTypes;

public final class ChurnBacktestTable {

  private static final Table.Builder BUILDER =
      Table.snapshot("churn_backtest")
          .oneRowPer("as_of, kind of model and test window")
          .doc("How good predictions were on windows that training had not seen.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field MODEL_KIND =
      BUILDER.text(
          "model_kind",
          "logistic (the model), or what it has to beat on the same customers: recency_only"
              + " (logistic regression on days since the last order), bg_nbd (Fader, Hardie, Lee"
              + " 2005), base_rate (the training origins' churn rate for everybody).");
  public static final Field ORIGIN =
      BUILDER.date("origin", "First day of the test window; what was trained on ended before it.");
  public static final Field CUSTOMERS =
      BUILDER.count("customers", "Customers that were predicted (churn.max-training-customers).");
  public static final Field CHURN_RATE =
      BUILDER.rate("churn_rate", "Share of them without a valid order in the window.");
  public static final Field AUC =
      NULLABLE.rate(
          "auc",
          "Probability that who churned was given a higher one than who did not; 0.5 is"
              + " chance.");
  public static final Field PR_AUC =
      NULLABLE.rate("pr_auc", "Area under the precision-recall curve.");
  public static final Field LOG_LOSS =
      BUILDER.rate("log_loss", "Mean negative log-likelihood, in nats; less is better.");
  public static final Field BRIER = BUILDER.rate("brier", "Mean squared error; less is better.");
  public static final Field ECE =
      BUILDER.rate(
          "ece",
          "Expected calibration error: mean distance of predicted and observed over ten bins.");
  public static final Field CALIBRATION_SLOPE =
      NULLABLE.rate(
          "calibration_slope",
          "Slope of the outcome's log-odds on the predicted ones; 1 is ideal, null for a"
              + " constant.");
  public static final Field CALIBRATION_INTERCEPT =
      NULLABLE.rate("calibration_intercept", "Intercept of that line; 0 is ideal.");
  public static final Field DECILE_LIFT =
      NULLABLE.of(
          "decile_lift",
          DataTypes.createArrayType(DataTypes.DoubleType),
          "Churn rate of each tenth over that of all, from the highest predictions down.");

  public static final Table TABLE =
      BUILDER
          .key(Table.AS_OF, MODEL_KIND, ORIGIN)
          .invariant("window_is_over", "origin < as_of")
          .build();

  private ChurnBacktestTable() {}
}
