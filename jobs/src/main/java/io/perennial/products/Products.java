package io.perennial.products;

import static org.apache.spark.sql.functions.*;

import io.perennial.config.ProductSettings;
import io.perennial.products.Recommender.Recommendation;
import io.perennial.spark.CachedDatasets;
import io.perennial.table.Field;
import io.perennial.table.Table;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rules, recommendations and affinities at one as_of. The purchase histories are computed once and
 * stay cached until {@link #close}.
 */
public final class Products implements AutoCloseable {

  private final LocalDate asOf;
  private final HoldoutMonth month;
  private final int maxRecommendations;
  private final Inputs inputs;
  private final MinedRules rules;
  private final RecommendationBacktest backtest;

  /**
   * The cached purchase histories.
   *
   * @param cache holds {@code histories}
   * @param histories rows of {@link PurchaseHistories}
   */
  private record Inputs(CachedDatasets cache, ItemDictionary items, Dataset<Row> histories) {}

  private Products(
      LocalDate asOf,
      HoldoutMonth month,
      int maxRecommendations,
      Inputs inputs,
      MinedRules rules,
      RecommendationBacktest backtest) {
    this.asOf = asOf;
    this.month = month;
    this.maxRecommendations = maxRecommendations;
    this.inputs = inputs;
    this.rules = rules;
    this.backtest = backtest;
  }

  /**
   * Reads the lines, mines the rules, and backtests them on the last complete month.
   *
   * @param lines rows of order_lines
   */
  public static Products at(LocalDate asOf, Dataset<Row> lines, ProductSettings settings) {
    HoldoutMonth month = HoldoutMonth.before(asOf);
    ItemDictionary items = ItemDictionary.of(lines, asOf, month, settings.maxItems());
    CachedDatasets cache = new CachedDatasets();
    Dataset<Row> histories = cache.keep(PurchaseHistories.of(lines, asOf, month, items));
    MinedRules rules = MinedRules.EMPTY;
    RecommendationBacktest backtest = RecommendationBacktest.EMPTY;
    if (items.ids().length > 0) {
      List<MinedRules> mined =
          RuleMining.of(
              histories,
              items.ids().length,
              List.of(
                  new Cutoff(items.topAtAsOf(), (int) asOf.toEpochDay()),
                  new Cutoff(items.topBeforeMonth(), month.from())),
              settings);
      rules = mined.get(0);
      backtest = RecommendationBacktest.of(histories, mined.get(1), items.categories(), month);
    }
    return new Products(
        asOf,
        month,
        settings.recommendations(),
        new Inputs(cache, items, histories),
        rules,
        backtest);
  }

  /** Rows of {@code product_rules}. */
  public List<Row> rules() {
    return rules.rules().stream().map(this::row).toList();
  }

  private Row row(Rule rule) {
    return RowFactory.create(
        Date.valueOf(asOf),
        rule.kind(),
        ids()[rule.antecedent()],
        ids()[rule.consequent()],
        rule.occurrences(),
        rule.support(),
        rule.confidence(),
        rule.lift(),
        rule.strength());
  }

  /** Rows of {@code recommendation_backtest}. */
  public List<Row> backtest() {
    return List.of(
        row(RecommendationBacktestTable.RULES, backtest.rules(), backtest.usesRules()),
        row(RecommendationBacktestTable.POPULARITY, backtest.popularity(), !backtest.usesRules()));
  }

  private Row row(String method, RecommendationBacktest.Hits hits, boolean isUsed) {
    long customers = backtest.customers();
    return RowFactory.create(
        Date.valueOf(asOf),
        method,
        customers == 0 ? null : (double) hits.five() / customers,
        customers == 0 ? null : (double) hits.ten() / customers,
        customers,
        Date.valueOf(month.firstDay()),
        isUsed);
  }

  /** Rows of {@code recommendations}. */
  public Dataset<Row> recommendations() {
    Column[] columns = RecommendationsTable.TABLE.columns();
    StructType schema =
        schema(
            RecommendationsTable.CUSTOMER_ID,
            RecommendationsTable.RANK,
            RecommendationsTable.PRODUCT_ID,
            RecommendationsTable.SCORE,
            RecommendationsTable.BECAUSE);
    String[] ids = ids();
    int before = (int) asOf.toEpochDay();
    int max = maxRecommendations;
    Recommender recommender = recommender();
    MapPartitionsFunction<Row, Row> rank =
        rows -> {
          Recommender.Ranking ranking = recommender.ranking();
          return new FlatMapRows<>(rows, row -> ranked(row, ranking, ids, before, max));
        };
    return PurchaseHistories.ofCustomers(inputs.histories())
        .mapPartitions(rank, Encoders.row(schema))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .select(columns);
  }

  private static Iterator<Row> ranked(
      Row row, Recommender.Ranking ranking, String[] ids, int before, int max) {
    List<Row> result = new ArrayList<>(max);
    for (Recommendation one :
        ranking.top(PurchaseHistories.history(row).boughtBefore(before), max)) {
      result.add(
          RowFactory.create(
              row.getString(PurchaseHistories.CUSTOMER),
              result.size() + 1,
              ids[one.item()],
              one.score(),
              names(one.because(), ids)));
    }
    return result.iterator();
  }

  /** Rows of {@code customer_affinities}. */
  public Dataset<Row> affinities() {
    StructType schema =
        schema(
            CustomerAffinitiesTable.CUSTOMER_ID,
            CustomerAffinitiesTable.FAVORITE_CATEGORY,
            CustomerAffinitiesTable.FAVORITE_PRODUCT_ID,
            CustomerAffinitiesTable.NEXT_PRODUCT_ID,
            CustomerAffinitiesTable.NEXT_PRODUCT_BECAUSE);
    String[] ids = ids();
    int before = (int) asOf.toEpochDay();
    Recommender recommender = recommender();
    MapPartitionsFunction<Row, Row> affinity =
        rows -> {
          Recommender.Ranking ranking = recommender.ranking();
          return new FlatMapRows<>(
              rows, row -> List.of(affinity(row, ranking, ids, before)).iterator());
        };
    return PurchaseHistories.ofCustomers(inputs.histories())
        .mapPartitions(affinity, Encoders.row(schema))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .select(CustomerAffinitiesTable.TABLE.columns());
  }

  private static Row affinity(Row row, Recommender.Ranking ranking, String[] ids, int before) {
    List<Recommendation> best = ranking.top(PurchaseHistories.history(row).boughtBefore(before), 1);
    boolean isKnown = !best.isEmpty();
    return RowFactory.create(
        row.getString(PurchaseHistories.CUSTOMER),
        row.getString(PurchaseHistories.CATEGORY),
        row.getString(PurchaseHistories.PRODUCT),
        isKnown ? ids[best.get(0).item()] : null,
        isKnown ? names(best.get(0).because(), ids) : null);
  }

  private static String[] names(int[] codes, String[] ids) {
    return Arrays.stream(codes).mapToObj(code -> ids[code]).toArray(String[]::new);
  }

  private Recommender recommender() {
    return backtest.usesRules()
        ? Recommender.byRules(rules, inputs.items().categories())
        : Recommender.byPopularity(rules);
  }

  private String[] ids() {
    return inputs.items().ids();
  }

  /** The outcome of mining and backtest, as text for the user. */
  public String verdict() {
    if (ids().length == 0) {
      return "no product_id before " + asOf;
    }
    String mined = "%,d rules; ".formatted(rules.rules().size());
    if (backtest.customers() == 0) {
      return mined + "nobody bought anything new in " + monthName() + " to test them on";
    }
    return mined
        + "of %,d customers in %s rules hit %s, popularity %s (at 5 and 10); recommended by %s"
            .formatted(
                backtest.customers(),
                monthName(),
                shares(backtest.rules()),
                shares(backtest.popularity()),
                backtest.usesRules()
                    ? RecommendationBacktestTable.RULES
                    : RecommendationBacktestTable.POPULARITY);
  }

  private String monthName() {
    return month.firstDay().toString().substring(0, 7);
  }

  private String shares(RecommendationBacktest.Hits hits) {
    double customers = backtest.customers();
    return String.format(
        Locale.ROOT,
        "%.1f and %.1f %%",
        100 * hits.five() / customers,
        100 * hits.ten() / customers);
  }

  private static StructType schema(Field... fields) {
    return new StructType(
        Arrays.stream(fields)
            .map(
                field ->
                    DataTypes.createStructField(field.name(), field.fixedType(), field.nullable()))
            .toArray(StructField[]::new));
  }

  @Override
  public void close() {
    inputs.cache().close();
  }
}
