package io.perennial.churn;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.Settings.RiskBand;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Computes {@code churn_scores}: each customer's probability, its reasons and the value at risk.
 */
final class ChurnScores {

  private static final String RANKED = "ranked_features";

  private static final Field NET_PER_ORDER =
      Field.rate("net_per_order", "Expected net of a purchase day.").orNull();
  private static final Field P_ALIVE =
      Field.rate("p_alive", "Probability that the customer has not dropped out.").orNull();

  /** Names of the fields of a ranked feature. */
  private static final String CONTRIBUTION = "contribution";

  private static final String POSITION = "position";

  /** Keeps the division by a vanishing {@link #P_ALIVE} finite. */
  private static final double MIN_P_ALIVE = 1e-280;

  private ChurnScores() {}

  /**
   * @param rows eligible rows of {@link GroupedHistory} at as_of, with {@link BgNbdFeature}
   * @param features features of the model
   * @param bands risk bands, from the lowest probability up
   */
  static Dataset<Row> of(
      Dataset<Row> rows,
      ScoringModel model,
      List<Feature> features,
      ValueModels values,
      List<RiskBand> bands,
      int minorDigits) {
    Map<String, Column> contributions = model.model().contributions(features);
    List<Column> perFeature = new ArrayList<>();
    for (Feature feature : features) {
      perFeature.add(contributions.get(feature.name()).as(contribution(feature)));
    }
    Dataset<Row> explained =
        rows.select(Stream.concat(Stream.of(col("*")), perFeature.stream()).toArray(Column[]::new))
            .withColumn(RANKED, ranked(features))
            .withColumn(
                ChurnScoresTable.EXPECTED_ORDERS.name(),
                values.expectedOrders(model.definition().horizonDays()))
            .withColumn(P_ALIVE.name(), values.pAlive())
            .withColumn(NET_PER_ORDER.name(), values.expectedNetPerOrder(minorDigits));
    Column logOdds = lit(model.model().intercept());
    for (Feature feature : features) {
      logOdds = logOdds.plus(col(contribution(feature)));
    }
    Column explainedLogOdds = lit(0.0);
    Dataset<Row> scored = explained.withColumn(ChurnScoresTable.LOG_ODDS.name(), logOdds);
    List<Field> shares =
        List.of(
            ChurnScoresTable.CONTRIBUTION_1,
            ChurnScoresTable.CONTRIBUTION_2,
            ChurnScoresTable.CONTRIBUTION_3);
    List<Field> reasons =
        List.of(ChurnScoresTable.REASON_1, ChurnScoresTable.REASON_2, ChurnScoresTable.REASON_3);
    for (int i = 0; i < shares.size(); i++) {
      Column at = element_at(col(RANKED), lit(i + 1));
      scored =
          scored
              .withColumn(shares.get(i).name(), at.getField(CONTRIBUTION))
              .withColumn(reasons.get(i).name(), reason(at, features));
      explainedLogOdds = explainedLogOdds.plus(shares.get(i).col());
    }
    Column probability = ChurnScoresTable.CHURN_PROBABILITY.col();
    Column net = ChurnScoresTable.EXPECTED_ORDERS.col().multiply(NET_PER_ORDER.col());
    return scored
        .withColumn(
            ChurnScoresTable.CONTRIBUTION_OTHERS.name(),
            ChurnScoresTable.LOG_ODDS
                .col()
                .minus(model.model().intercept())
                .minus(explainedLogOdds))
        .withColumn(
            ChurnScoresTable.CHURN_PROBABILITY.name(),
            ChurnModel.probability(ChurnScoresTable.LOG_ODDS.col()))
        .withColumn(ChurnScoresTable.RISK_BAND.name(), band(probability, bands))
        .withColumn(ChurnScoresTable.EXPECTED_NET.name(), money(net, minorDigits))
        .withColumn(
            ChurnScoresTable.VALUE_AT_RISK.name(),
            money(
                probability.multiply(net).divide(greatest(P_ALIVE.col(), lit(MIN_P_ALIVE))),
                minorDigits))
        .withColumn(ChurnScoresTable.MODEL_ID.name(), lit(model.modelId()))
        .withColumn(Table.AS_OF.name(), History.ORIGIN.col())
        .select(ChurnScoresTable.TABLE.columns());
  }

  /** Features by the absolute contribution, greatest first; ties in feature order. */
  private static Column ranked(List<Feature> features) {
    List<Column> all = new ArrayList<>();
    for (int i = 0; i < features.size(); i++) {
      Column contribution = col(contribution(features.get(i)));
      all.add(
          struct(
              abs(contribution).as("size"), lit(-i).as(POSITION), contribution.as(CONTRIBUTION)));
    }
    return sort_array(array(all.toArray(Column[]::new)), false);
  }

  /** The text of a ranked feature with its signed contribution. */
  private static Column reason(Column ranked, List<Feature> features) {
    Column text = lit("");
    for (int i = features.size() - 1; i >= 0; i--) {
      text = when(ranked.getField(POSITION).equalTo(-i), features.get(i).reason()).otherwise(text);
    }
    Column contribution = ranked.getField(CONTRIBUTION);
    return concat(
        coalesce(text, lit("rhythm not known")),
        when(contribution.lt(0), " (").otherwise(" (+"),
        money(contribution, 2).cast("string"),
        lit(")"));
  }

  private static Column band(Column probability, List<RiskBand> bands) {
    Column result = lit(bands.get(0).name());
    for (RiskBand band : bands.subList(1, bands.size())) {
      result = when(probability.geq(band.from()), band.name()).otherwise(result);
    }
    return result;
  }

  private static Column money(Column amount, int minorDigits) {
    return amount.cast(DataTypes.createDecimalType(18, minorDigits));
  }

  private static String contribution(Feature feature) {
    return "contribution_of_" + feature.name();
  }
}
