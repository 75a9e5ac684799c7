package io.perennial.churn;

import io.perennial.table.Columns;
import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

public final class ChurnModelsTable {

  private static final DataType NUMBERS = DataTypes.createArrayType(DataTypes.DoubleType);
  private static final DataType TEXTS = DataTypes.createArrayType(DataTypes.StringType);

  private static final Table.Builder BUILDER =
      Table.named("churn_models")
          .oneRowPer("trained model")
          .doc(
              "Every churn model with all that a score needs: it can be computed again from this"
                  + " row and the table versions in runs. Old models stay.");
  private static final Columns NULLABLE = BUILDER.orNull();

  public static final Field MODEL_ID =
      BUILDER.text("model_id", "The model: equal data and settings give an equal one.");
  public static final Field TRAINED_AT_AS_OF =
      BUILDER.date("trained_at_as_of", "The as_of whose run trained it, on outcomes known then.");
  public static final Field HORIZON_DAYS =
      BUILDER.integer("horizon_days", "H: it predicts no valid order in so many days.");
  public static final Field COEFFICIENTS =
      BUILDER.of(
          "coefficients",
          NUMBERS,
          "Log-odds of churn per unit of each term, recalibration included:"
              + " log-odds = intercept + sum of coefficient x (term - mean).");
  public static final Field MEANS =
      BUILDER.of(
          "means", NUMBERS, "Mean of each term in training, every origin weighing the same.");
  public static final Field SCALES =
      BUILDER.of(
          "scales", NUMBERS, "Standard deviation of each term in training; 1 for a constant.");
  public static final Field VERDICT =
      BUILDER.text("verdict", "published, or refused by the gate: its scores are not published.");
  public static final Field VERDICT_REASON =
      BUILDER.text("verdict_reason", "The figures that the verdict rests on.");
  public static final Field LOOKBACK_DAYS =
      NULLABLE.integer(
          "lookback_days",
          "L: it is for customers with a valid order in so many days before; null for all.");
  public static final Field INTERCEPT =
      BUILDER.rate(
          "intercept",
          "Log-odds of a customer with the mean of every term, recalibration included.");
  public static final Field TERMS = BUILDER.of("terms", TEXTS, "Name of each term.");
  public static final Field FEATURES =
      BUILDER.of("features", TEXTS, "The feature that each term is a part of.");
  public static final Field LOWS =
      BUILDER.of("lows", NUMBERS, "Least value of each term in training; lower ones count as it.");
  public static final Field HIGHS =
      BUILDER.of(
          "highs", NUMBERS, "Greatest value of each term in training; higher ones count as it.");
  public static final Field RECALIBRATION_INTERCEPT =
      BUILDER.rate(
          "recalibration_intercept", "What recalibration added to the log-odds; 0 for none.");
  public static final Field RECALIBRATION_SLOPE =
      BUILDER.rate(
          "recalibration_slope", "What recalibration multiplied the log-odds by; 1 for none.");
  public static final Field REGULARISATION =
      BUILDER.rate(
          "regularisation",
          "Weight of the L2 penalty on standardised coefficients, beside what an average customer"
              + " tells of them.");
  public static final Field TRAINING_ORIGINS =
      BUILDER.of(
          "training_origins",
          DataTypes.createArrayType(DataTypes.DateType),
          "Origins that it learnt from.");
  public static final Field TRAINING_CUSTOMERS =
      BUILDER.count("training_customers", "Customers of these origins, added up.");
  public static final Field FEATURE_VERSION =
      BUILDER.text("feature_version", "Version of the features' definitions.");
  public static final Field BG_NBD =
      NULLABLE.of(
          "bg_nbd",
          NUMBERS,
          "r, alpha (weeks), a, b of the BG/NBD model fitted at as_of, and the mean log-odds of"
              + " no order that the feature pace is centred on; null where none could be"
              + " fitted.");
  public static final Field GAMMA_GAMMA =
      NULLABLE.of(
          "gamma_gamma",
          NUMBERS,
          "p, q, gamma (currency) of the Gamma-Gamma model fitted at as_of; null where none"
              + " could be fitted.");
  public static final Field RUN_ID = BUILDER.text("run_id", "The run that trained it.");

  public static final Table TABLE =
      BUILDER
          .key(MODEL_ID)
          .invariant("verdict_is_known", "verdict IN ('published', 'refused')")
          .build();

  private ChurnModelsTable() {}
}
