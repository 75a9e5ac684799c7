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
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rules, recommendations and affinities at one as_of. The purchase histories are computed once and
 * stay cached until {@link #close}.
 */
public final class Products implements AutoCloseable {

  private final LocalDate asOf;
  private final HoldoutMonth month;
  private final int maxRecommendations;
  private final CachedDatasets cache = new CachedDatasets();
  private final ItemDictionary items;
  private final Dataset<Row> histories;
  private final MinedRules rules;
  private final RecommendationBacktest backtest;

  private Products(LocalDate asOf, Dataset<Row> lines, ProductSettings settings) {
    this.asOf = asOf;
    month = HoldoutMonth.before(asOf);
    maxRecommendations = settings.recommendations();
    items = ItemDictionary.of(lines, asOf, month, settings.maxItems());
    histories = cache.keep(PurchaseHistories.of(lines, asOf, month, items));
    if (items.ids().length == 0) {
      rules = MinedRules.EMPTY;
      backtest = RecommendationBacktest.EMPTY;
    } else {
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
  }

  /**
   * Reads the lines, mines the rules, and backtests them on the last complete month.
   *
   * @param lines rows of order_lines
   */
  public static Products at(LocalDate asOf, Dataset<Row> lines, ProductSettings settings) {
    return new Products(asOf, lines, settings);
  }

  /** Rows of {@code product_rules}. */
  public List<Row> rules() {
    return rules.rules().stream().map(this::row).toList();
  }

  private Row row(Rule rule) {
    return RowFactory.create(
        Date.valueOf(asOf),
        rule.kind(),
        items.ids()[rule.antecedent()],
        items.ids()[rule.consequent()],
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
    String[] ids = items.ids();
    int before = (int) asOf.toEpochDay();
    int max = maxRecommendations;
    Recommender recommender = recommender();
    return ofCustomers(
        RecommendationsTable.TABLE,
        rows -> {
          Recommender.Ranking ranking = recommender.ranking();
          return CollectionConverters.asJava(
              CollectionConverters.asScala(rows)
                  .flatMap(
                      row -> CollectionConverters.asScala(ranked(row, ranking, ids, before, max))));
        });
  }

  private static List<Row> ranked(
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
    return result;
  }

  /** Rows of {@code customer_affinities}. */
  public Dataset<Row> affinities() {
    String[] ids = items.ids();
    int before = (int) asOf.toEpochDay();
    Recommender recommender = recommender();
    return ofCustomers(
        CustomerAffinitiesTable.TABLE,
        rows -> {
          Recommender.Ranking ranking = recommender.ranking();
          return CollectionConverters.asJava(
              CollectionConverters.asScala(rows).map(row -> affinity(row, ranking, ids, before)));
        });
  }

  /** Rows of a snapshot, of which the function computes all columns but as_of, the first. */
  private Dataset<Row> ofCustomers(Table table, MapPartitionsFunction<Row, Row> rows) {
    StructType schema = new StructType();
    for (Field field : table.fields().subList(1, table.fields().size())) {
      schema = schema.add(field.name(), field.fixedType(), field.nullable());
    }
    return PurchaseHistories.ofCustomers(histories)
        .mapPartitions(rows, Encoders.row(schema))
        .withColumn(Table.AS_OF.name(), lit(asOf))
        .select(table.columns());
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
        ? Recommender.byRules(rules, items.categories())
        : Recommender.byPopularity(rules);
  }

  /** The outcome of mining and backtest, as text for the user. */
  public String verdict() {
    if (items.ids().length == 0) {
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

  @Override
  public void close() {
    cache.close();
  }
}
