package io.perennial.churn;

import io.perennial.table.Field;
import io.perennial.table.Table;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Declares {@code churn_models}. */
public final class ChurnModelsTable {

  private static final DataType NUMBERS = DataTypes.createArrayType(DataTypes.DoubleType);
  private static final DataType TEXTS = DataTypes.createArrayType(DataTypes.StringType);

  public static final Field MODEL_ID =
      Field.text("model_id", "The model: equal data and settings give an equal one.");
  public static final Field TRAINED_AT_AS_OF =
      Field.date("trained_at_as_of", "The as_of whose run trained it, on outcomes known then.");
  public static final Field HORIZON_DAYS =
      Field.integer("horizon_days", "H: it predicts no valid order in so many days.");
  public static final Field COEFFICIENTS =
      Field.of(
          "coefficients",
          NUMBERS,
          "Log-odds of churn per unit of each term, recalibration included:"
              + " log-odds = intercept + sum of coefficient x (term - mean).");
  public static final Field MEANS =
      Field.of("means", NUMBERS, "Mean of each term in training, every origin weighing the same.");
  public static final Field SCALES =
      Field.of("scales", NUMBERS, "Standard deviation of each term in training; 1 for a constant.");
  public static final Field VERDICT =
      Field.text("verdict", "published, or refused by the gate: its scores are not published.");
  public static final Field VERDICT_REASON =
      Field.text("verdict_reason", "The figures that the verdict rests on.");
  public static final Field LOOKBACK_DAYS =
      Field.integer(
              "lookback_days",
              "L: it is for customers with a valid order in so many days before; null for all.")
          .orNull();
  public static final Field INTERCEPT =
      Field.rate(
          "intercept",
          "Log-odds of a customer with the mean of every term, recalibration included.");
  public static final Field TERMS = Field.of("terms", TEXTS, "Name of each term.");
  public static final Field FEATURES =
      Field.of("features", TEXTS, "The feature that each term is a part of.");
  public static final Field LOWS =
      Field.of("lows", NUMBERS, "Least value of each term in training; lower ones count as it.");
  public static final Field HIGHS =
      Field.of(
          "highs", NUMBERS, "Greatest value of each term in training; higher ones count as it.");
  public static final Field RECALIBRATION_INTERCEPT =
      Field.rate(
          "recalibration_intercept", "What recalibration added to the log-odds; 0 for none.");
  public static final Field RECALIBRATION_SLOPE =
      Field.rate(
          "recalibration_slope", "What recalibration multiplied the log-odds by; 1 for none.");
  public static final Field REGULARISATION =
      Field.rate(
          "regularisation",
          "Weight of the L2 penalty on standardised coefficients, beside what an average customer"
              + " tells of them.");
  public static final Field TRAINING_ORIGINS =
      Field.of(
          "training_origins",
          DataTypes.createArrayType(DataTypes.DateType),
          "Origins that it learnt from.");
  public static final Field TRAINING_CUSTOMERS =
      Field.count("training_customers", "Customers of these origins, added up.");
  public static final Field FEATURE_VERSION =
      Field.text("feature_version", "Version of the features' definitions.");
  public static final Field BG_NBD =
      Field.of(
              "bg_nbd",
              NUMBERS,
              "r, alpha (weeks), a, b of the BG/NBD model fitted at as_of, and the mean log-odds of"
                  + " no order that the feature pace is centred on; null where none could be"
                  + " fitted.")
          .orNull();
  public static final Field GAMMA_GAMMA =
      Field.of(
              "gamma_gamma",
              NUMBERS,
              "p, q, gamma (currency) of the Gamma-Gamma model fitted at as_of; null where none"
                  + " could be fitted.")
          .orNull();
  public static final Field RUN_ID = Field.text("run_id", "The run that trained it.");

  public static final Table TABLE =
      Table.named("churn_models")
          .oneRowPer("trained model")
          .doc(
              "Every churn model with all that a score needs: it can be computed again from this"
                  + " row and the table versions in runs. Old models stay.")
          .fields(
              MODEL_ID,
              TRAINED_AT_AS_OF,
              HORIZON_DAYS,
              COEFFICIENTS,
              MEANS,
              SCALES,
              VERDICT,
              VERDICT_REASON,
              LOOKBACK_DAYS,
              INTERCEPT,
              TERMS,
              FEATURES,
              LOWS,
              HIGHS,
              RECALIBRATION_INTERCEPT,
              RECALIBRATION_SLOPE,
              REGULARISATION,
              TRAINING_ORIGINS,
              TRAINING_CUSTOMERS,
              FEATURE_VERSION,
              BG_NBD,
              GAMMA_GAMMA,
              RUN_ID)
          .key(MODEL_ID)
          .invariant("verdict_is_known", "verdict IN ('published', 'refused')")
          .build();

  private ChurnModelsTable() {}
}
