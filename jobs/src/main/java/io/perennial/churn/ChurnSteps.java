package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ChurnKeys;
import io.perennial.config.Settings;
import io.perennial.config.ShopKeys;
import io.perennial.customers.CustomersTable;
import io.perennial.months.CustomerDaysTable;
import io.perennial.step.Step;
import io.perennial.step.StepContext;
import io.perennial.step.StepResult;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The step that trains, tests, gates and scores churn. */
public final class ChurnSteps {

  public static final Step CHURN =
      Step.named(
              "churn_scores",
              List.of(CustomerDaysTable.TABLE, CustomersTable.TABLE),
              List.of(
                  ChurnScoresTable.TABLE,
                  ChurnModelsTable.TABLE,
                  ChurnBacktestTable.TABLE,
                  ChurnCalibrationTable.TABLE),
              List.of(ChurnKeys.GROUP, ShopKeys.CURRENCY.path()),
              ChurnSteps::churn)
          .asOf();

  private ChurnSteps() {}

  private static StepResult churn(StepContext context) {
    Settings.Churn settings = context.settings().churn();
    Optional<ScoringModel> named = settings.model().map(id -> namedModel(context, id));
    long customers =
        context
            .read(CustomersTable.TABLE)
            .where(to_date(CustomersTable.FIRST_ORDER_AT.col()).lt(lit(context.asOf())))
            .count();
    if (named.isEmpty()
        && customers < settings.minCustomers()
        && lastGoodModel(context).isEmpty()) {
      return withoutNewModel(
          context,
          "no model: %,d customers have a valid order (churn.min-customers = %d)"
              .formatted(customers, settings.minCustomers()),
          TrainingResult.withoutModel(""),
          model -> context.store().noRows(ChurnScoresTable.TABLE));
    }
    try (Churn churn =
        Churn.at(
            context.asOf(),
            context.read(CustomerDaysTable.TABLE),
            customers,
            settings,
            context.minorDigits())) {
      if (named.isPresent()) {
        context.write(ChurnScoresTable.TABLE, churn.scores(named.get()));
        context.store().prepare(ChurnModelsTable.TABLE);
        context.store().prepare(ChurnBacktestTable.TABLE);
        context.store().prepare(ChurnCalibrationTable.TABLE);
        return StepResult.done("scored with model " + named.get().modelId() + ", as told");
      }
      TrainingResult trained = churn.train(context.runId());
      Optional<StoredModel> good = trained.model().filter(model -> model.verdict().isPassed());
      if (good.isPresent()) {
        record(context, trained);
        context.write(ChurnScoresTable.TABLE, churn.scores(good.get().scoring()));
        return StepResult.done(
            "model " + good.get().modelId() + "; " + good.get().verdict().reason());
      }
      String why =
          trained
              .model()
              .map(model -> "model " + model.modelId() + " refused: " + model.verdict().reason())
              .orElse(trained.reason());
      return withoutNewModel(context, why, trained, churn::scores);
    }
  }

  /** Writes the backtest, and scores with the last published model if there is one. */
  private static StepResult withoutNewModel(
      StepContext context,
      String why,
      TrainingResult trained,
      Function<ScoringModel, Dataset<Row>> scores) {
    record(context, trained);
    Optional<ScoringModel> last = lastGoodModel(context);
    context.write(
        ChurnScoresTable.TABLE,
        last.map(scores).orElseGet(() -> context.store().noRows(ChurnScoresTable.TABLE)));
    String message =
        why
            + last.map(good -> "; scored with the last good model, " + good.modelId())
                .orElse("; there are no scores of " + context.asOf());
    return StepResult.refused(
        message, List.of("Cannot publish churn scores of a new model: " + message + "."));
  }

  private static void record(StepContext context, TrainingResult trained) {
    context.write(ChurnBacktestTable.TABLE, trained.backtest());
    context.write(ChurnCalibrationTable.TABLE, trained.calibration());
    trained
        .model()
        .ifPresentOrElse(
            model -> write(context, model), () -> context.store().prepare(ChurnModelsTable.TABLE));
  }

  private static ScoringModel namedModel(StepContext context, String id) {
    List<Row> rows =
        context
            .read(ChurnModelsTable.TABLE)
            .where(ChurnModelsTable.MODEL_ID.col().equalTo(id))
            .collectAsList();
    if (rows.isEmpty()) {
      throw new IllegalStateException(
          "Cannot score with model '"
              + id
              + "' (churn.model): churn_models has no such model_id. It has "
              + modelIds(context)
              + ".");
    }
    return ScoringModel.of(rows.get(0));
  }

  private static String modelIds(StepContext context) {
    List<String> ids =
        context
            .read(ChurnModelsTable.TABLE)
            .orderBy(ChurnModelsTable.TRAINED_AT_AS_OF.col().desc())
            .select(ChurnModelsTable.MODEL_ID.col())
            .limit(5)
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    return ids.isEmpty() ? "none yet" : String.join(", ", ids);
  }

  /** The newest published model of the same kind, trained by as_of. */
  private static Optional<ScoringModel> lastGoodModel(StepContext context) {
    Settings.Churn settings = context.settings().churn();
    return context
        .read(ChurnModelsTable.TABLE)
        .where(ChurnModelsTable.VERDICT.col().equalTo(Verdict.PUBLISHED))
        .where(ChurnModelsTable.TRAINED_AT_AS_OF.col().leq(lit(context.asOf())))
        .where(ChurnModelsTable.HORIZON_DAYS.col().equalTo(settings.horizonDays()))
        .where(
            ChurnModelsTable.LOOKBACK_DAYS
                .col()
                .eqNullSafe(lit(settings.lookbackDays().orElse(null)).cast("int")))
        .where(ChurnModelsTable.FEATURE_VERSION.col().equalTo(StoredModel.FEATURE_VERSION))
        .orderBy(
            ChurnModelsTable.TRAINED_AT_AS_OF.col().desc(), ChurnModelsTable.RUN_ID.col().desc())
        .limit(1)
        .collectAsList()
        .stream()
        .map(ScoringModel::of)
        .findFirst();
  }

  private static void write(StepContext context, StoredModel model) {
    context
        .store()
        .replaceWhere(
            ChurnModelsTable.TABLE,
            ChurnModelsTable.MODEL_ID + " = '" + model.modelId() + "'",
            context.store().rows(ChurnModelsTable.TABLE, List.of(model.toRow())));
  }
}
