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

/** Makes {@code churn_scores}. */
final class ChurnScores {

  private static final String RANKED = "ranked";
  private static final String NET_OF_AN_ORDER = "net_of_an_order";
  private static final String ALIVE = "alive";

  /** Below it a customer is gone, and its orders are nothing, not nothing by nothing. */
  private static final double NEVER = 1e-280;

  private ChurnScores() {}

  /**
   * @param rows eligible rows of {@link GroupedHistory} at as_of, with {@link BgNbdFeature}
   * @param features of the model
   */
  static Dataset<Row> of(
      Dataset<Row> rows,
      StoredModel.Scorer scorer,
      List<Feature> features,
      ValueModels values,
      List<RiskBand> bands,
      int minorDigits) {
    Map<String, Column> contributions = scorer.model().contributions(features);
    List<Column> named = new ArrayList<>();
    for (Feature feature : features) {
      named.add(contributions.get(feature.name()).as(contribution(feature)));
    }
    Dataset<Row> explained =
        rows.select(Stream.concat(Stream.of(col("*")), named.stream()).toArray(Column[]::new))
            .withColumn(RANKED, ranked(features))
            .withColumn(
                ChurnScoresTable.EXPECTED_ORDERS.name(),
                values.expectedOrders(scorer.horizonDays()))
            .withColumn(ALIVE, values.alive())
            .withColumn(NET_OF_AN_ORDER, values.expectedNetOfAnOrder(minorDigits));
    Column logOdds = lit(scorer.model().intercept());
    for (Feature feature : features) {
      logOdds = logOdds.plus(col(contribution(feature)));
    }
    Column top = lit(0.0);
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
              .withColumn(shares.get(i).name(), at.getField("contribution"))
              .withColumn(reasons.get(i).name(), reason(at, features));
      top = top.plus(shares.get(i).col());
    }
    Column probability = ChurnScoresTable.CHURN_PROBABILITY.col();
    Column net = ChurnScoresTable.EXPECTED_ORDERS.col().multiply(col(NET_OF_AN_ORDER));
    return scored
        .withColumn(
            ChurnScoresTable.CONTRIBUTION_OTHERS.name(),
            ChurnScoresTable.LOG_ODDS.col().minus(scorer.model().intercept()).minus(top))
        .withColumn(
            ChurnScoresTable.CHURN_PROBABILITY.name(),
            ChurnModel.probability(ChurnScoresTable.LOG_ODDS.col()))
        .withColumn(ChurnScoresTable.RISK_BAND.name(), band(probability, bands))
        .withColumn(ChurnScoresTable.EXPECTED_NET.name(), money(net, minorDigits))
        .withColumn(
            ChurnScoresTable.VALUE_AT_RISK.name(),
            money(probability.multiply(net).divide(greatest(col(ALIVE), lit(NEVER))), minorDigits))
        .withColumn(ChurnScoresTable.MODEL_ID.name(), lit(scorer.modelId()))
        .withColumn(Table.AS_OF.name(), col(History.ORIGIN))
        .select(ChurnScoresTable.TABLE.fields().stream().map(Field::col).toArray(Column[]::new));
  }

  /** Features by the size of what they add, greatest first; ties as the features are listed. */
  private static Column ranked(List<Feature> features) {
    List<Column> all = new ArrayList<>();
    for (int i = 0; i < features.size(); i++) {
      Column contribution = col(contribution(features.get(i)));
      all.add(
          struct(
              abs(contribution).as("size"), lit(-i).as("place"), contribution.as("contribution")));
    }
    return sort_array(array(all.toArray(Column[]::new)), false);
  }

  /** The words of the feature in a place of the ranking, and what it adds with its sign. */
  private static Column reason(Column ranked, List<Feature> features) {
    Column words = lit("");
    for (int i = features.size() - 1; i >= 0; i--) {
      words = when(ranked.getField("place").equalTo(-i), features.get(i).words()).otherwise(words);
    }
    Column added = ranked.getField("contribution");
    return concat(
        coalesce(words, lit("rhythm not known")),
        when(added.lt(0), " (").otherwise(" (+"),
        money(added, 2).cast("string"),
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
    return "adds_" + feature.name();
  }
}
